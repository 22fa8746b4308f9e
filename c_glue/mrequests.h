// What the C files of mrequests share. See mrequests_glue.h for the boundary to Rust.
#ifndef MRQ_MREQUESTS_H
#define MRQ_MREQUESTS_H

#include "py/obj.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "mrequests_glue.h"

// Default size of Response.read(), exported as MAX_READ_SIZE.
#define MRQ_MAX_READ_SIZE (4096)

// A timeout in milliseconds that never elapses.
#define MRQ_FOREVER (UINT32_MAX)

// How long to wait for a connection.
typedef struct _mrq_wait_t {
    // As the caller gave them: None or a number of seconds.
    mp_obj_t connect_timeout;
    mp_obj_t read_timeout;
    uint32_t connect_ms;
    uint32_t read_ms;
    // The end of the whole call by mp_hal_ticks_ms(), if has_deadline.
    uint32_t deadline;
    bool has_deadline;
} mrq_wait_t;

// A call of request(), on the stack of that function.
struct _mrq_call_t {
    // What is requested, str or bytes: the caller's, with params, or of the last redirect.
    mp_obj_t url;
    mp_obj_t response_class;
    // None: the default.
    mp_obj_t ssl_context;
    // The port's TLS, where the built-in one could not agree with the server; else MP_OBJ_NULL.
    mp_obj_t fallback;
    // The socket of the current connection, or the transport around it.
    mp_obj_t sock;
    // The response of the current connection, and its native part, which a subclass can exchange.
    mp_obj_t response;
    struct _mrq_response_t *native;
    // List of (status, url), or MP_OBJ_NULL.
    mp_obj_t history;
    // The body where it comes in pieces, and the piece it gave last.
    mp_obj_t body;
    mp_obj_t piece;
    // Of pieces that are str; None or a name.
    mp_obj_t encoding;
    // Where the stream began, if it can go back there.
    mp_off_t body_start;
    uint8_t body_source;
    bool body_can_rewind;
    bool may_fall_back;
    bool save_headers;
    mrq_wait_t wait;
};

enum {
    // The head is, or was, read by mrq_rs_exchange(), which looks at the fields itself.
    MRQ_FLAG_DRIVEN = 1,
    MRQ_FLAG_CLOSED = 2,
    MRQ_FLAG_WANTS_FIELDS = 4,
    MRQ_FLAG_ADD_HEADER_OVERRIDDEN = 8,
    // The connection blocks, so "try again" means now.
    MRQ_FLAG_BLOCKING = 16,
};

typedef struct _mrq_response_t {
    mp_obj_base_t base;
    // The instance of a Python subclass that this is the native part of, or MP_OBJ_NULL.
    mp_obj_t outer;
    // What content is read from, and what is closed with it; MP_OBJ_NULL once closed.
    mp_obj_t stream;
    mp_obj_t sock;
    mp_obj_t status_code;
    mp_obj_t reason;
    mp_obj_t headers;
    mp_obj_t encoding;
    // MP_OBJ_NULL: utf-8.
    mp_obj_t charset;
    // As it was requested, credentials included.
    mp_obj_t url;
    mp_obj_t history;
    mp_obj_t cached;
    uint8_t flags;
    mrq_incoming_t incoming;
} mrq_response_t;

// The response that Rust's part belongs to.
static inline mrq_response_t *mrq_response_with(mrq_incoming_t *incoming) {
    return (mrq_response_t *)((uint8_t *)incoming - offsetof(mrq_response_t, incoming));
}

extern const mp_obj_type_t mrq_type_response;
extern const mp_obj_type_t mrq_type_request_context;
extern const mp_obj_module_t mrq_module;
void mrq_module_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest);
extern const mp_obj_module_t mrq_module_urlencode;
extern const mp_obj_module_t mrq_module_urlunquote;
extern const mp_obj_module_t mrq_module_urlparseqs;

MP_DECLARE_CONST_FUN_OBJ_KW(mrq_request_obj);
MP_DECLARE_CONST_FUN_OBJ_1(mrq_parse_url_obj);
mp_obj_t mrq_request(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args);

// objects.c
// A module that was imported before, or else the port's own: no look at the file system.
mp_obj_t mrq_import(qstr name);
// Calls a method with one argument.
mp_obj_t mrq_call_method(mp_obj_t obj, qstr name, mp_obj_t arg);
// What to give the protocol of a stream: of an instance of a subclass its native part, but not of io.IOBase. MP_OBJ_NULL
// for what is no stream.
mp_obj_t mrq_stream_of(mp_obj_t obj);
// The protocol of a stream that has these operations, and in *stream what to give it. Else raises OSError.
const mp_stream_p_t *mrq_get_stream(mp_obj_t *stream, int flags);
// Whether an exception is of a class.
bool mrq_is_instance(void *exc, const mp_obj_type_t *type);
// Loads an attribute: a method of `locals`, or whatever `other` has of that name.
void mrq_load_attr_or_of(const mp_obj_dict_t *locals, mp_obj_t other, qstr attr, mp_obj_t *dest);

// error.c
_Noreturn void mrq_raise(uint8_t code, const mrq_error_t *err);
_Noreturn void mrq_raise_os_error(int number, const char *text);
_Noreturn void mrq_raise_os_error_str(int number, mp_obj_t text);
// Raises unless `code` is MRQ_OK.
void mrq_check_error(uint8_t code, const mrq_error_t *err);
// The same for Rust entry points without details.
void mrq_check(uint8_t code);

// text.c
mrq_bytes_t mrq_bytes_of(const char *text);
// Borrows the bytes of a str or of any object with the buffer protocol.
bool mrq_get_bytes(mp_obj_t obj, mrq_bytes_t *bytes);
mrq_bytes_t mrq_get_bytes_raise(mp_obj_t obj);
// A str or bytes as it is; the bytes of any other text as they are now: Python code may change those of a bytearray, say.
mp_obj_t mrq_own_text(mp_obj_t obj);
// A str (of UTF-8) or bytes of data that has a NUL behind it, not copied.
mp_obj_t mrq_own(const mp_obj_type_t *type, const uint8_t *data, size_t len);
// The same of a buffer, which is emptied.
mp_obj_t mrq_buf_to_str(mrq_buf_t *buf);
mp_obj_t mrq_buf_to_bytes(mrq_buf_t *buf);
mp_obj_t mrq_new_bytes(mrq_bytes_t bytes);
mp_obj_t mrq_new_str(mrq_bytes_t bytes);
// A URL as a str, without its credentials and fragment.
mp_obj_t mrq_public_url(mrq_bytes_t url);
// Whether a host is an IPv6 address.
bool mrq_is_ipv6(mrq_bytes_t host);
// Encodes a str; `encoding` is None (utf-8) or a name of what mrequests can write.
mrq_bytes_t mrq_encode(mp_obj_t str, mp_obj_t encoding);
// The encoding of that name: the last character that it writes in one byte.
enum {
    MRQ_ENCODING_UTF8 = 0,
    MRQ_ENCODING_UNKNOWN = 1,
    MRQ_ENCODING_ASCII = 0x7f,
    MRQ_ENCODING_LATIN1 = 0xff,
};
uint8_t mrq_encoding(mrq_bytes_t name);

// pairs.c
// Whether an object is a list or tuple, or derives from one.
bool mrq_is_list_or_tuple(mp_obj_t obj);
// The two items of such an object.
void mrq_get_pair(mp_obj_t obj, mp_obj_t pair[2]);
// Whether an object is one of those, or has items(): then it is for mrq_put_form().
bool mrq_is_pairs(mp_obj_t obj);
// The (key, value) pairs of a dict, or of an iterable of pairs.
typedef struct _mrq_pairs_t {
    mp_obj_t iterable;
    mp_map_t *map;
    size_t next;
} mrq_pairs_t;
void mrq_pairs_init(mrq_pairs_t *self, mp_obj_t obj);
bool mrq_pairs_next(mrq_pairs_t *self, mp_obj_t *key, mp_obj_t *value);
enum {
    // A sequence among the values gives a pair for each of its members.
    MRQ_FORM_DOSEQ = 1,
    MRQ_FORM_SKIP_NONE = 2,
};
void mrq_put_form(mrq_buf_t *form, mp_obj_t pairs, unsigned flags, mrq_bytes_t safe, mp_obj_t encoding);

// body.c
// Sorts out `data` and `json`: fills in the body of `request`, and of `call` where it comes in pieces.
void mrq_set_body(mrq_call_t *call, mrq_request_t *request, mp_obj_t data, mp_obj_t json, mp_obj_t encoding);

// The next bytes of a body that comes in pieces; empty at its end.
mrq_bytes_t mrq_body_next_piece(mrq_call_t *call);
// Goes back to its start; false where it cannot.
bool mrq_body_rewind(mrq_call_t *call);

// try.c: runs fun(arg) and returns the exception object that it raised, or NULL.
void *mrq_protect(void (*fun)(void *), void *arg);
// Runs fun(arg); whether it returned. What is no error, such as KeyboardInterrupt, the script gets a moment later.
bool mrq_ignore_errors(void (*fun)(void *), void *arg);
// Writes all to a stream; the errno of what failed, or 0. What the stream raises passes.
int mrq_write_all(mp_obj_t stream, mrq_bytes_t bytes);
// Reads once from a response's connection; *len is 0 at its end. What its stream raises passes.
uint8_t mrq_receive(mrq_response_t *self, uint8_t *data, size_t size, size_t *len, mrq_error_t *err);

// wait.c
void mrq_wait_init(mrq_wait_t *self, mp_obj_t timeout, mp_obj_t deadline);
// Sets the timeout of a socket's next operation; false past the deadline.
bool mrq_wait_apply(const mrq_wait_t *self, mp_obj_t sock, bool connecting);

// transport.c
// A stream over a socket that keeps to a deadline and can be closed more than once.
mp_obj_t mrq_transport_new(mp_obj_t sock, const mrq_wait_t *wait);
// From now on the read timeout counts; false past the deadline.
bool mrq_transport_connected(mp_obj_t transport);

// connect.c
void mrq_open(mrq_call_t *call, const mrq_origin_t *origin);
void mrq_close_stream_raise(mp_obj_t stream);
// The same; errors are dropped.
void mrq_close_stream(mp_obj_t stream);

// https.c
// Sorts out `verify` and `cert`: sets call->ssl_context where they ask for one.
void mrq_https_choose(mrq_call_t *call, mp_obj_t verify, mp_obj_t cert);
// The stream of TLS over a transport. `host` is the str of `host_name`.
mp_obj_t mrq_https_wrap(mrq_call_t *call, mrq_bytes_t host_name, mp_obj_t host, mp_obj_t transport);

#if MREQUESTS_TLS
MP_DECLARE_CONST_FUN_OBJ_1(mrq_set_ca_obj);

// tls_context.c
typedef struct _mrq_tls_context_t {
    mp_obj_base_t base;
    // Blocks of the heap that nobody writes to any more.
    mrq_bytes_t anchors;
    mrq_bytes_t pins;
    mrq_bytes_t identity;
    // What the identity was made of, or MP_OBJ_NULL.
    mp_obj_t certfile;
    mp_obj_t keyfile;
    uint16_t record_size;
    uint16_t write_size;
    uint8_t suite;
    bool verify;
} mrq_tls_context_t;
extern const mp_obj_type_t mrq_type_tls_context;
mrq_tls_context_t *mrq_tls_context_new(void);
void mrq_tls_context_add_anchors(mrq_tls_context_t *self, mrq_bytes_t certificates);
void mrq_tls_context_add_pin(mrq_tls_context_t *self, mrq_bytes_t pin);
void mrq_tls_context_set_identity(mrq_tls_context_t *self, mp_obj_t certfile, mp_obj_t keyfile);

// tls_socket.c
extern const mp_obj_type_t mrq_type_tls_socket;
// Handshake over the stream `sock`; `host` is a str or None. *stream is a TLSSocket where this returns MRQ_OK.
uint8_t mrq_tls_connect(mrq_tls_context_t *context, mp_obj_t sock, mp_obj_t host, mp_obj_t *stream, mrq_error_t *err);

// tls_port.c
// Raises OSError where a handshake would not fit on the stack.
void mrq_tls_check_stack(bool with_identity);
void mrq_tls_seed(uint8_t *seed, size_t size);
// Seconds since 1970, 0 where there is no clock.
uint64_t mrq_tls_now(void);

// files.c
mp_obj_t mrq_read_file(mp_obj_t name);
// Bytes and PEM are data, any other str is the name of a file.
mp_obj_t mrq_data_or_file(mp_obj_t obj);
#endif

// response.c
mrq_response_t *mrq_response_new(mp_obj_t sock, mp_obj_t stream, bool save_headers);
// The native part of a response or of an instance of a subclass, or NULL.
mrq_response_t *mrq_response_of(mp_obj_t obj);
// Closes the connection, not the response: what was read ahead can still be read. Never raises;
// may be repeated.
void mrq_response_close(mrq_response_t *self);
// Closes the connection and makes every later read fail.
void mrq_response_abort(mrq_response_t *self);
// Raises where the response was closed by its user.
void mrq_response_check_open(mrq_response_t *self);
// Runs fun(arg); on an exception the connection is closed and the exception goes on.
void mrq_response_guard(mrq_response_t *self, void (*fun)(void *), void *arg);
size_t mrq_response_read(mrq_response_t *self, void *data, size_t size, bool fill);
// Whether there is one more byte. With `may_end` an error that the next read meets too is the end, for now.
bool mrq_response_read_byte(mrq_response_t *self, char *byte, bool may_end);
MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_read_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_readinto_obj);

// head.c
// Makes the response in call->response ready for the head that mrq_rs_exchange() reads.
void mrq_response_prepare(mrq_call_t *call);
void mrq_response_keep(mrq_response_t *self, uint8_t what, mrq_bytes_t value);
MP_DECLARE_CONST_FUN_OBJ_2(mrq_response_add_header_obj);
MP_DECLARE_CONST_FUN_OBJ_2(mrq_response_parse_header_obj);

// content.c: what is made of read() and readinto().
mp_obj_t mrq_response_content(mrq_response_t *self);
mp_obj_t mrq_response_text(mrq_response_t *self);
mp_obj_t mrq_response_read_rest(mrq_response_t *self);
MP_DECLARE_CONST_FUN_OBJ_1(mrq_response_json_obj);

// iterate.c
MP_DECLARE_CONST_FUN_OBJ_VAR_BETWEEN(mrq_response_readline_obj);
MP_DECLARE_CONST_FUN_OBJ_1(mrq_response_readlines_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_iter_content_obj);
MP_DECLARE_CONST_FUN_OBJ_1(mrq_response_iter_lines_obj);
mp_obj_t mrq_response_iternext(mp_obj_t self);
// Calls read(size) of a response as its user sees it.
mp_obj_t mrq_call_read(mp_obj_t source, mp_int_t size);

// save.c
MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_save_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_saveinto_obj);

// Calls readinto(buf, size), overridden or not; gives the part of the buffer that it filled.
mrq_bytes_t mrq_call_readinto(mrq_response_t *self, mp_obj_t buf, mp_int_t size);
// The response as its user sees it: the instance of a subclass where it is part of one.
mp_obj_t mrq_response_self(mrq_response_t *self);
// Whether a subclass has a method of its own in place of the native `fun`.
bool mrq_is_overridden(mrq_response_t *self, qstr name, const void *fun);

// headers.c
mp_obj_t mrq_headers_new(void);
bool mrq_headers_append(mp_obj_t headers, mp_obj_t line);

#endif // MRQ_MREQUESTS_H
