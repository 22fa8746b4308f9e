// The boundary between Rust and C: the only header that bindgen reads.
//
// `mrq_rs_*` are Rust entry points, called from C. They never raise, and no exception passes
// through them: they return MRQ_OK or an MRQ_ERROR_* code, with details in *err. (On the unix port
// a signal handler raises Ctrl-C anywhere: callers of mrq_rs_exchange() and mrq_rs_read() clean up
// by nlr_push_jump_callback(), and no Rust frame of theirs has a destructor. Frames of TLS have:
// see docs/architecture.md.)
// All other functions are C, called from Rust. `mrq_try_*` run MicroPython code that can raise:
// they catch the exception and return MRQ_ERROR_RAISED.
//
// Python objects do not cross this boundary: Rust sees bytes, numbers and opaque pointers.
#ifndef MRQ_GLUE_H
#define MRQ_GLUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Borrowed bytes. `data` may be NULL if `len` is 0.
typedef struct _mrq_bytes_t {
    const uint8_t *data;
    size_t len;
} mrq_bytes_t;

// A growable buffer on the garbage-collected heap, owned by the holder of the struct.
// All zero: empty and not allocated.
typedef struct _mrq_buf_t {
    uint8_t *data;
    size_t len;
    size_t alloc;
} mrq_buf_t;

// The outcome of an operation.
enum {
    MRQ_OK,
    // An exception was raised: err->raised.
    MRQ_ERROR_RAISED,
    // A stream operation failed: err->number is the errno. PEER_CLOSED: the peer had closed the connection.
    MRQ_ERROR_OS,
    MRQ_ERROR_PEER_CLOSED,
    // The response is in use by an outer call, or was abandoned in the middle of a read.
    MRQ_ERROR_BUSY,
    MRQ_ERROR_CLOSED,

    // Wrong arguments.
    MRQ_ERROR_INVALID_METHOD,
    MRQ_ERROR_INVALID_URL,
    MRQ_ERROR_UNSUPPORTED_SCHEME,
    MRQ_ERROR_INVALID_HOST,
    MRQ_ERROR_INVALID_PORT,
    MRQ_ERROR_INVALID_FIELD_NAME,
    MRQ_ERROR_INVALID_FIELD_VALUE,
    MRQ_ERROR_BODY_MISMATCH,

    // Violations of the protocol by the peer.
    MRQ_ERROR_INVALID_STATUS_LINE,
    MRQ_ERROR_INVALID_FIELD,
    MRQ_ERROR_LINE_TOO_LONG,
    MRQ_ERROR_HEAD_TOO_LARGE,
    MRQ_ERROR_TOO_MANY_FIELDS,
    MRQ_ERROR_INVALID_CONTENT_LENGTH,
    MRQ_ERROR_UNSUPPORTED_TRANSFER_ENCODING,
    MRQ_ERROR_INVALID_CHUNK,
    MRQ_ERROR_TRAILERS_TOO_LARGE,
    MRQ_ERROR_TOO_MANY_REDIRECTS,

    MRQ_ERROR_NO_MEMORY,

    // The peer closed the connection before the head, or the body, was complete. err->done bytes of
    // err->total arrived; err->total is MRQ_UNKNOWN for a chunked body.
    MRQ_ERROR_NO_RESPONSE,
    MRQ_ERROR_INCOMPLETE_BODY,
    // A redirect requires the body again, which cannot be sent twice.
    MRQ_ERROR_NOT_REPLAYABLE,

    // TLS: the reason is in err->text. TRY_AGAIN: the errno is in err->number, and nothing was lost.
    MRQ_ERROR_TRY_AGAIN,
    MRQ_ERROR_TLS_CONFIGURATION,
    MRQ_ERROR_TLS_REFUSED,
    MRQ_ERROR_TLS_NOT_OFFERED,
    MRQ_ERROR_TLS_ABORTED,
    MRQ_ERROR_TLS_PROTOCOL,
    MRQ_ERROR_TLS_TRUNCATED,
    MRQ_ERROR_TLS_TOO_LARGE,
};

#define MRQ_UNKNOWN UINT64_MAX

typedef struct _mrq_error_t {
    uint64_t done;
    uint64_t total;
    // The exception object of MRQ_ERROR_RAISED. Keep this struct where the collector sees it.
    void *raised;
    // Static text of MRQ_ERROR_TLS_*, in UTF-8.
    mrq_bytes_t text;
    int32_t number;
} mrq_error_t;

// The source of a request's body.
enum {
    MRQ_BODY_NONE,
    // mrq_request_t.body.
    MRQ_BODY_BYTES,
    // mrq_try_next_piece() until it returns none; mrq_request_t.body_length bytes, or MRQ_UNKNOWN.
    MRQ_BODY_PIECES,
};

// A request, as given by its caller.
typedef struct _mrq_request_t {
    mrq_bytes_t method;
    mrq_bytes_t url;
    // Written by mrq_rs_put_field() and mrq_rs_omit_field().
    mrq_buf_t fields;
    // The default Content-Type of the body, or empty.
    mrq_bytes_t content_type;
    mrq_bytes_t body;
    uint64_t body_length;
    uint32_t max_redirects;
    uint8_t body_kind;
    bool allow_redirects;
} mrq_request_t;

// A call in progress: a C struct of Python objects, opaque to Rust.
typedef struct _mrq_call_t mrq_call_t;

// Rust's part of a response: read-ahead, parser and decoder state. A pointer to it identifies the
// response on both sides. Rust checks at compile time that its own type fits.
#define MRQ_INCOMING_SIZE (656)
typedef struct _mrq_incoming_t {
    uint64_t words[MRQ_INCOMING_SIZE / 8];
} mrq_incoming_t;

// A read of content in steps. C receives from the connection between the steps.
typedef struct _mrq_read_t {
    // The destination of up to `size` bytes of content, of which `done` are there.
    uint8_t *data;
    size_t size;
    size_t done;
    // The destination of up to `room` bytes to receive. 0: the read is complete.
    uint8_t *into;
    size_t room;
    // The result of receiving: the number of bytes, 0 at the end of the connection, or an error code.
    size_t received;
    uint8_t code;
    // Continues until `size` is reached or the body ends.
    bool fill;
    // The connection has to be closed.
    bool ended;
} mrq_read_t;

// The parts of a head that a response keeps.
enum {
    MRQ_KEEP_REASON,
    MRQ_KEEP_CONTENT_ENCODING,
    MRQ_KEEP_CHARSET,
    // A field line without its line end, for the headers list or an overridden add_header().
    MRQ_KEEP_FIELD,
};

// The parts of a URL, as parse_url() returns them. `scheme` and `host` are empty if missing.
typedef struct _mrq_url_t {
    mrq_bytes_t scheme;
    mrq_bytes_t host;
    mrq_bytes_t path;
    // 0 if missing.
    uint16_t port;
    // A '/' belongs in front of `path`.
    bool slash;
} mrq_url_t;

// The origin to connect to.
typedef struct _mrq_origin_t {
    mrq_bytes_t host;
    uint16_t port;
    bool tls;
    // The request takes several writes.
    bool large;
} mrq_origin_t;

// ---- C, called from Rust ---------------------------------------------------------------

// Allocates, resizes or frees memory of the garbage-collected heap. Returns NULL on failure, never
// raises. May collect, and so run finalisers.
uint8_t *mrq_realloc(uint8_t *data, size_t old_size, size_t new_size);

// Ends a Rust panic: raises RuntimeError across the Rust frames. No panic is reachable by peers or callers.
_Noreturn void mrq_panic(void);

// Connects to an origin, TLS handshake included, and makes the response object of that
// connection. `url` is the requested URL.
uint8_t mrq_try_open(mrq_call_t *call, const mrq_origin_t *origin, mrq_bytes_t url, mrq_incoming_t **response, mrq_error_t *err);

// Receives up to `size` bytes from a response's connection; *len is 0 at its end.
uint8_t mrq_try_read(mrq_incoming_t *response, uint8_t *data, size_t size, size_t *len, mrq_error_t *err);

// Sends all of `bytes` on a response's connection.
uint8_t mrq_try_write(mrq_incoming_t *response, mrq_bytes_t bytes, mrq_error_t *err);

// Closes a response's connection; the read-ahead stays readable. Never raises; may be repeated.
void mrq_close(mrq_incoming_t *response);

// The next bytes of the request's body, valid until the next call; empty at its end.
uint8_t mrq_try_next_piece(mrq_call_t *call, mrq_bytes_t *piece, mrq_error_t *err);

// Goes back to the start of the request's body.
uint8_t mrq_try_rewind(mrq_call_t *call, mrq_error_t *err);

// Whether the response keeps every field line.
bool mrq_wants_fields(mrq_incoming_t *response);

// Stores a part of the head (MRQ_KEEP_*) in the response.
uint8_t mrq_try_keep(mrq_incoming_t *response, uint8_t what, mrq_bytes_t value, mrq_error_t *err);

void mrq_set_status(mrq_incoming_t *response, uint16_t status);

// Appends a redirect to the call's history.
uint8_t mrq_try_note_redirect(mrq_call_t *call, uint16_t status, mrq_bytes_t url, mrq_error_t *err);

// ---- Rust, called from C ---------------------------------------------------------------

// Checks a field line and appends it to `fields`. mrq_rs_omit_field() suppresses a default field.
uint8_t mrq_rs_put_field(mrq_buf_t *fields, mrq_bytes_t name, mrq_bytes_t value);
uint8_t mrq_rs_omit_field(mrq_buf_t *fields, mrq_bytes_t name);

// Writes "Basic " and the encoded credentials (RFC 7617).
uint8_t mrq_rs_basic(mrq_bytes_t user, mrq_bytes_t password, mrq_buf_t *out);

// Performs a request, redirects included, up to the end of the response's head.
// After an error no connection is open.
uint8_t mrq_rs_exchange(mrq_call_t *call, const mrq_request_t *request, mrq_error_t *err);

// Prepares a response's state for a head.
void mrq_rs_incoming_init(mrq_incoming_t *incoming);

// Prepares it for a head that mrq_rs_exchange() reads. Until the head is complete it counts as in use.
void mrq_rs_begin_head(mrq_incoming_t *incoming);

// Interprets a field line for body framing, if mrq_rs_exchange() does not read the head.
void mrq_rs_note_field(mrq_incoming_t *incoming, mrq_bytes_t line);

// One step of a read. While it leaves `room`, the caller receives and calls again.
uint8_t mrq_rs_read(mrq_incoming_t *incoming, mrq_read_t *read, mrq_error_t *err);

// Content bytes left, or MRQ_UNKNOWN; the Content-Length, or MRQ_UNKNOWN.
uint64_t mrq_rs_remaining(mrq_incoming_t *incoming);
uint64_t mrq_rs_content_length(const mrq_incoming_t *incoming);
bool mrq_rs_is_chunked(const mrq_incoming_t *incoming);
// Whether a read needs nothing from the connection: content is there, or the end was reached.
bool mrq_rs_is_ready(const mrq_incoming_t *incoming);
// Whether the head or content is being read, or a read was interrupted.
bool mrq_rs_is_busy(mrq_incoming_t *incoming);
// Makes every later read fail: the user closed the response, or a read was interrupted.
void mrq_rs_discard(mrq_incoming_t *incoming);

// Splits a URL as parse_url() does.
uint8_t mrq_rs_split_url(mrq_bytes_t url, mrq_url_t *parts);
// Checks that a URL is absolute and has a supported scheme; returns its effective port.
uint8_t mrq_rs_check_url(mrq_bytes_t url, uint16_t *port);
// Writes a URL without its fragment, with `query` appended to its query.
uint8_t mrq_rs_add_query(mrq_bytes_t url, mrq_bytes_t query, mrq_buf_t *out);
// Writes a URL without its fragment and its credentials.
uint8_t mrq_rs_public_url(mrq_bytes_t url, mrq_buf_t *out);
// Applies the redirect rules: `target` is the resolved URL if *follow becomes true.
uint8_t mrq_rs_redirect(uint16_t status, mrq_bytes_t method, mrq_bytes_t url, mrq_bytes_t location, mrq_buf_t *target, bool *follow, bool *becomes_get);
// Writes a method with its letters in upper case.
uint8_t mrq_rs_method(mrq_bytes_t method, mrq_buf_t *out);

// The value of a field line, if it has this name (in any case).
bool mrq_rs_field_value(mrq_bytes_t line, mrq_bytes_t name, mrq_bytes_t *value);
// Name and value of a field line.
bool mrq_rs_split_field(mrq_bytes_t line, mrq_bytes_t *name, mrq_bytes_t *value);

// Percent-encoding. `safe`: further characters that are not encoded; `plus`: a space is '+'.
uint8_t mrq_rs_quote(mrq_bytes_t text, mrq_bytes_t safe, bool plus, mrq_buf_t *out);
uint8_t mrq_rs_unquote(mrq_bytes_t text, bool plus, mrq_buf_t *out);
// Appends one name=value pair to a form.
uint8_t mrq_rs_put_pair(mrq_buf_t *form, mrq_bytes_t name, mrq_bytes_t value, mrq_bytes_t safe);
// The next pair of a query from *offset on; false at its end. value->data is NULL if '=' is missing.
bool mrq_rs_next_pair(mrq_bytes_t query, uint8_t separator, size_t *offset, mrq_bytes_t *name, mrq_bytes_t *value);

// Writes text as UTF-8: from ISO-8859-1, or from UTF-8 with U+FFFD for invalid bytes.
uint8_t mrq_rs_to_utf8(mrq_bytes_t text, bool latin1, mrq_buf_t *out);
// Writes UTF-8 as ISO-8859-1 or ASCII (`limit` 0xff or 0x7f); MRQ_ERROR_INVALID_FIELD_VALUE for any other character.
uint8_t mrq_rs_from_utf8(mrq_bytes_t text, uint8_t limit, mrq_buf_t *out);

// ---- TLS -------------------------------------------------------------------------------
#if MREQUESTS_TLS

// A TLS connection: a Python object with its buffers, opaque to Rust.
typedef struct _mrq_tls_t mrq_tls_t;

// The configuration of a connection.
typedef struct _mrq_tls_config_t {
    // The host, a name or an address; empty if unknown.
    mrq_bytes_t server_name;
    // Trust anchors (besides those in the firmware) and pins, as written by mrq_rs_tls_add_*().
    mrq_bytes_t anchors;
    mrq_bytes_t pins;
    // The client's certificate and key, as written by mrq_rs_tls_identity(), or empty.
    mrq_bytes_t identity;
    // MRQ_TLS_SEED_SIZE random bytes.
    mrq_bytes_t seed;
    // Seconds since 1970; 0 without a clock.
    uint64_t now;
    // The largest record to receive, in bytes of content.
    uint16_t record_size;
    // Whether the server's certificate is verified.
    bool verify;
} mrq_tls_config_t;

#define MRQ_TLS_SEED_SIZE (48)
#define MRQ_TLS_ALIGN_SIZE (16)

// C, called from Rust: the stream below TLS. 0 bytes are its end. MRQ_ERROR_TRY_AGAIN if it would
// block, or its timeout has elapsed.
uint8_t mrq_try_tls_receive(mrq_tls_t *tls, uint8_t *data, size_t size, size_t *len, mrq_error_t *err);
uint8_t mrq_try_tls_send(mrq_tls_t *tls, mrq_bytes_t bytes, size_t *len, mrq_error_t *err);
// Waits after MRQ_ERROR_TRY_AGAIN from a non-blocking stream; fails if that takes too long.
uint8_t mrq_try_tls_wait(mrq_tls_t *tls, bool writing, mrq_error_t *err);
// Rust's part of a connection: mrq_rs_tls_state_size() bytes, aligned to MRQ_TLS_ALIGN_SIZE.
void *mrq_tls_state(mrq_tls_t *tls);

// Rust, called from C. The buffers belong to the connection from mrq_rs_tls_init() on.
size_t mrq_rs_tls_state_size(void);
// Bytes of the read buffer that a record needs besides its content.
size_t mrq_rs_tls_read_overhead(void);
// The least size of the write buffer for a configuration.
size_t mrq_rs_tls_least_write_size(const mrq_tls_config_t *config);
void mrq_rs_tls_init(mrq_tls_t *tls, uint8_t suite, mrq_buf_t read_buffer, mrq_buf_t write_buffer);
// Performs the handshake. On MRQ_OK the server is verified, if the configuration asks for that.
uint8_t mrq_rs_tls_open(mrq_tls_t *tls, const mrq_tls_config_t *config, mrq_error_t *err);
// *len is 0 after the peer's close_notify.
uint8_t mrq_rs_tls_read(mrq_tls_t *tls, uint8_t *data, size_t size, size_t *len, mrq_error_t *err);
uint8_t mrq_rs_tls_write(mrq_tls_t *tls, mrq_bytes_t bytes, size_t *len, mrq_error_t *err);
// Sends close_notify, if the connection is still usable.
void mrq_rs_tls_close(mrq_tls_t *tls);
// Whether decrypted content is waiting.
bool mrq_rs_tls_has_pending(mrq_tls_t *tls);

// The name of a built-in cipher suite, numbered from 0; empty behind the last.
mrq_bytes_t mrq_rs_tls_suite_name(uint8_t suite);
// The number of the suite of that name, if it is built in.
bool mrq_rs_tls_find_suite(mrq_bytes_t name, uint8_t *suite);

// Appends certificates (PEM or DER) to trust anchors.
uint8_t mrq_rs_tls_add_anchors(mrq_bytes_t certificates, mrq_buf_t *anchors, mrq_error_t *err);
// Whether the firmware contains trust anchors.
bool mrq_rs_tls_has_bundle(void);
// Writes a trust anchor as a certificate for another TLS implementation. Numbers from 0 count the
// anchors without constraints; behind the last nothing is written. No anchors: the firmware's.
uint8_t mrq_rs_tls_anchor(mrq_bytes_t anchors, size_t number, mrq_buf_t *certificate, mrq_error_t *err);
// Appends the digest of a pin.
uint8_t mrq_rs_tls_add_pin(mrq_bytes_t pin, mrq_buf_t *pins, mrq_error_t *err);
// Reads a client's certificate chain and key.
uint8_t mrq_rs_tls_identity(mrq_bytes_t certificates, mrq_bytes_t key, mrq_buf_t *identity, mrq_error_t *err);

#endif // MREQUESTS_TLS

#endif // MRQ_GLUE_H
