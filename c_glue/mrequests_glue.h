// The boundary between the Rust module and MicroPython's C: the only header that bindgen reads.
//
// `mrq_rs_*` are Rust entry points, called from C. They never raise and no exception passes
// through them: they return MRQ_OK or an MRQ_ERROR_* code, with the details in *err. (Ctrl-C on
// the unix port is raised by a signal handler, wherever it finds the program: mrq_rs_exchange()
// and mrq_rs_read() are called under mrq_protect(), and no Rust frame has anything to drop.)
// All other functions are C, called from Rust. Those named `mrq_try_*` run MicroPython code
// that can raise: they catch the exception and hand it back as MRQ_ERROR_RAISED.
//
// Python objects do not cross this boundary: Rust sees bytes, numbers and opaque pointers.
#ifndef MRQ_GLUE_H
#define MRQ_GLUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Borrowed bytes. `data` may be NULL where `len` is 0.
typedef struct _mrq_bytes_t {
    const uint8_t *data;
    size_t len;
} mrq_bytes_t;

// A growable buffer on the garbage-collected heap, owned by whoever holds the struct.
// All zero: empty, nothing allocated.
typedef struct _mrq_buf_t {
    uint8_t *data;
    size_t len;
    size_t alloc;
} mrq_buf_t;

// What an operation came to.
enum {
    MRQ_OK,
    // An exception was raised: err->raised.
    MRQ_ERROR_RAISED,
    // A stream operation failed: err->number is the errno. PEER_CLOSED: because the peer had closed.
    MRQ_ERROR_OS,
    MRQ_ERROR_PEER_CLOSED,
    // A response is in use by an outer call, or was left in the middle of one.
    MRQ_ERROR_BUSY,
    MRQ_ERROR_CLOSED,

    // The caller's mistakes.
    MRQ_ERROR_INVALID_METHOD,
    MRQ_ERROR_INVALID_URL,
    MRQ_ERROR_UNSUPPORTED_SCHEME,
    MRQ_ERROR_INVALID_HOST,
    MRQ_ERROR_INVALID_PORT,
    MRQ_ERROR_INVALID_FIELD_NAME,
    MRQ_ERROR_INVALID_FIELD_VALUE,
    MRQ_ERROR_BODY_MISMATCH,

    // What a peer does against the protocol.
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

    // The peer closed the connection: before the head was complete, or before the body was
    // (err->done bytes of err->total arrived; err->total is MRQ_UNKNOWN for a chunked body).
    MRQ_ERROR_NO_RESPONSE,
    MRQ_ERROR_INCOMPLETE_BODY,
    // A redirect asks for the body again, which cannot be sent twice.
    MRQ_ERROR_NOT_REPLAYABLE,

    // TLS; all but TRY_AGAIN say why in err->text. TRY_AGAIN: err->number is the errno, nothing was lost.
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
    // Of MRQ_ERROR_TLS_*; lasts for ever.
    mrq_bytes_t text;
    int32_t number;
} mrq_error_t;

// How the body of a request is given.
enum {
    MRQ_BODY_NONE,
    // mrq_request_t.body.
    MRQ_BODY_BYTES,
    // mrq_try_next_piece() until it gives none; mrq_request_t.body_length bytes, or MRQ_UNKNOWN.
    MRQ_BODY_PIECES,
};

// A request, as its caller gave it.
typedef struct _mrq_request_t {
    mrq_bytes_t method;
    mrq_bytes_t url;
    // Written by mrq_rs_put_field() and mrq_rs_omit_field().
    mrq_buf_t fields;
    // The Content-Type that this body has by default, or empty.
    mrq_bytes_t content_type;
    mrq_bytes_t body;
    uint64_t body_length;
    uint32_t max_redirects;
    uint8_t body_kind;
    bool allow_redirects;
} mrq_request_t;

// A request in progress: a C struct full of Python objects, opaque to Rust.
typedef struct _mrq_call_t mrq_call_t;

// The part of a response that belongs to Rust: read-ahead, parser and decoder state. It stands
// for the whole object on both sides. Rust checks at compile time that its own type fits.
#define MRQ_INCOMING_SIZE (656)
typedef struct _mrq_incoming_t {
    uint64_t words[MRQ_INCOMING_SIZE / 8];
} mrq_incoming_t;

// A read of content, made step by step: what is to be received is received in C, between the steps.
typedef struct _mrq_read_t {
    // Where content goes, up to `size` bytes, and how much has come already.
    uint8_t *data;
    size_t size;
    size_t done;
    // Where the next bytes are to be received, up to `room` of them; the read is over where that is 0.
    uint8_t *into;
    size_t room;
    // What receiving came to: so many bytes, 0 at the end of the connection, or an error.
    size_t received;
    uint8_t code;
    // Goes on until there is no room left or the body ends.
    bool fill;
    // The connection is to be closed.
    bool ended;
} mrq_read_t;

// What a response keeps of its head.
enum {
    MRQ_KEEP_REASON,
    MRQ_KEEP_CONTENT_ENCODING,
    MRQ_KEEP_CHARSET,
    // A field line, without its line end: for the headers list or an overridden add_header().
    MRQ_KEEP_FIELD,
};

// The parts of a URL, as parse_url() gives them. `scheme` and `host` are empty where missing.
typedef struct _mrq_url_t {
    mrq_bytes_t scheme;
    mrq_bytes_t host;
    mrq_bytes_t path;
    // 0 where none is given.
    uint16_t port;
    // A '/' belongs in front of `path`.
    bool slash;
} mrq_url_t;

// Where to connect to, and how.
typedef struct _mrq_origin_t {
    mrq_bytes_t host;
    uint16_t port;
    bool tls;
    // The request takes several writes.
    bool large;
} mrq_origin_t;

// ---- C, called from Rust ---------------------------------------------------------------

// Memory of the garbage-collected heap, or NULL: never raises. May collect, and so run finalisers.
uint8_t *mrq_realloc(uint8_t *data, size_t old_size, size_t new_size);

// Ends a Rust panic: raises RuntimeError over the Rust frames, which is why nothing may panic.
_Noreturn void mrq_panic(void);

// Connects to an origin, TLS handshake included, and makes the response object of that
// connection. `url` is what is requested.
uint8_t mrq_try_open(mrq_call_t *call, const mrq_origin_t *origin, mrq_bytes_t url, mrq_incoming_t **response, mrq_error_t *err);

// Reads up to `size` bytes from a response's connection; *len is 0 at its end.
uint8_t mrq_try_read(mrq_incoming_t *response, uint8_t *data, size_t size, size_t *len, mrq_error_t *err);

// Writes all of `bytes` to a response's connection.
uint8_t mrq_try_write(mrq_incoming_t *response, mrq_bytes_t bytes, mrq_error_t *err);

// Closes a response's connection, not the response: what was read ahead can still be read.
// Never raises; may be repeated.
void mrq_close(mrq_incoming_t *response);

// The next bytes of the request's body, valid until the next call; empty at its end.
uint8_t mrq_try_next_piece(mrq_call_t *call, mrq_bytes_t *piece, mrq_error_t *err);

// Goes back to the start of the request's body.
uint8_t mrq_try_rewind(mrq_call_t *call, mrq_error_t *err);

// Whether every field line is to be kept.
bool mrq_wants_fields(mrq_incoming_t *response);

// Keeps a piece of the head (MRQ_KEEP_*) in the response.
uint8_t mrq_try_keep(mrq_incoming_t *response, uint8_t what, mrq_bytes_t value, mrq_error_t *err);

void mrq_set_status(mrq_incoming_t *response, uint16_t status);

// Notes a redirect in the call's history.
uint8_t mrq_try_note_redirect(mrq_call_t *call, uint16_t status, mrq_bytes_t url, mrq_error_t *err);

// ---- Rust, called from C ---------------------------------------------------------------

// Appends a checked field line to `fields`; mrq_rs_omit_field() a note that a default is not sent.
uint8_t mrq_rs_put_field(mrq_buf_t *fields, mrq_bytes_t name, mrq_bytes_t value);
uint8_t mrq_rs_omit_field(mrq_buf_t *fields, mrq_bytes_t name);

// Writes "Basic " and the encoded credentials (RFC 7617).
uint8_t mrq_rs_basic(mrq_bytes_t user, mrq_bytes_t password, mrq_buf_t *out);

// Performs a request, redirects included, up to the end of the response's head.
// On an error no connection is left open.
uint8_t mrq_rs_exchange(mrq_call_t *call, const mrq_request_t *request, mrq_error_t *err);

// Makes a response's state ready for a head.
void mrq_rs_incoming_init(mrq_incoming_t *incoming);

// Makes it ready for a head that mrq_rs_exchange() reads: until then it is in use, and nothing can be read.
void mrq_rs_begin_head(mrq_incoming_t *incoming);

// Notes what a field line says of the body, for a response whose head Rust did not read.
void mrq_rs_note_field(mrq_incoming_t *incoming, mrq_bytes_t line);

// One step of a read. Where it leaves `room`, that is received, and this called again.
uint8_t mrq_rs_read(mrq_incoming_t *incoming, mrq_read_t *read, mrq_error_t *err);

// Content bytes still to come, or MRQ_UNKNOWN; what Content-Length says, or MRQ_UNKNOWN.
uint64_t mrq_rs_remaining(mrq_incoming_t *incoming);
uint64_t mrq_rs_content_length(const mrq_incoming_t *incoming);
bool mrq_rs_is_chunked(const mrq_incoming_t *incoming);
// Whether content is there without reading from the connection, or the end was reached.
bool mrq_rs_is_ready(const mrq_incoming_t *incoming);
// Whether its head is being read, or content; also after a read that was interrupted.
bool mrq_rs_is_busy(mrq_incoming_t *incoming);
// Makes every later read fail: the response was closed by its user, or a read was interrupted.
void mrq_rs_discard(mrq_incoming_t *incoming);

// Splits a URL as parse_url() does.
uint8_t mrq_rs_split_url(mrq_bytes_t url, mrq_url_t *parts);
// Checks that a URL is absolute and of a supported scheme; gives its effective port.
uint8_t mrq_rs_check_url(mrq_bytes_t url, uint16_t *port);
// Writes a URL without its fragment, with `query` added to its own.
uint8_t mrq_rs_add_query(mrq_bytes_t url, mrq_bytes_t query, mrq_buf_t *out);
// Writes a URL without its fragment and its credentials.
uint8_t mrq_rs_public_url(mrq_bytes_t url, mrq_buf_t *out);
// Applies the redirect rules: `target` is the resolved URL where *follow comes out true.
uint8_t mrq_rs_redirect(uint16_t status, mrq_bytes_t method, mrq_bytes_t url, mrq_bytes_t location, mrq_buf_t *target, bool *follow, bool *becomes_get);
// Writes a method with its letters in upper case.
uint8_t mrq_rs_method(mrq_bytes_t method, mrq_buf_t *out);

// The value of a field line if it has this name (without regard to case).
bool mrq_rs_field_value(mrq_bytes_t line, mrq_bytes_t name, mrq_bytes_t *value);
// Name and value of a field line.
bool mrq_rs_split_field(mrq_bytes_t line, mrq_bytes_t *name, mrq_bytes_t *value);

// Percent-encoding. `safe`: further characters that stay as they are; `plus`: space is '+'.
uint8_t mrq_rs_quote(mrq_bytes_t text, mrq_bytes_t safe, bool plus, mrq_buf_t *out);
uint8_t mrq_rs_unquote(mrq_bytes_t text, bool plus, mrq_buf_t *out);
// Appends one name=value pair to a form.
uint8_t mrq_rs_put_pair(mrq_buf_t *form, mrq_bytes_t name, mrq_bytes_t value, mrq_bytes_t safe);
// The next pair of a query from *offset on; false at its end. value->data is NULL without a '='.
bool mrq_rs_next_pair(mrq_bytes_t query, uint8_t separator, size_t *offset, mrq_bytes_t *name, mrq_bytes_t *value);

// Writes text as UTF-8: from ISO-8859-1, or from UTF-8 with U+FFFD for what is none.
uint8_t mrq_rs_to_utf8(mrq_bytes_t text, bool latin1, mrq_buf_t *out);
// Writes UTF-8 as ISO-8859-1, or ASCII (`limit` 0xff or 0x7f); MRQ_ERROR_INVALID_FIELD_VALUE where it has other characters.
uint8_t mrq_rs_from_utf8(mrq_bytes_t text, uint8_t limit, mrq_buf_t *out);

// ---- TLS -------------------------------------------------------------------------------
#if MREQUESTS_TLS

// A TLS connection: a Python object with its buffers, opaque to Rust.
typedef struct _mrq_tls_t mrq_tls_t;

// What a connection is opened with.
typedef struct _mrq_tls_config_t {
    // The host, a name or an address; empty where none is known.
    mrq_bytes_t server_name;
    // Trust anchors, besides those in the firmware, and pins; what mrq_rs_tls_add_*() wrote.
    mrq_bytes_t anchors;
    mrq_bytes_t pins;
    // The client's certificate and key, as mrq_rs_tls_identity() wrote them, or empty.
    mrq_bytes_t identity;
    // MRQ_TLS_SEED_SIZE random bytes.
    mrq_bytes_t seed;
    // Seconds since 1970, 0 where there is no clock.
    uint64_t now;
    // The largest record to receive, in bytes of content.
    uint16_t record_size;
    // Whether the server has to prove who it is.
    bool verify;
} mrq_tls_config_t;

#define MRQ_TLS_SEED_SIZE (48)
#define MRQ_TLS_ALIGN_SIZE (16)

// C, called from Rust: the stream below TLS. 0 bytes are its end. MRQ_ERROR_TRY_AGAIN where it
// does not block, or its timeout has elapsed.
uint8_t mrq_try_tls_receive(mrq_tls_t *tls, uint8_t *data, size_t size, size_t *len, mrq_error_t *err);
uint8_t mrq_try_tls_send(mrq_tls_t *tls, mrq_bytes_t bytes, size_t *len, mrq_error_t *err);
// Waits after MRQ_ERROR_TRY_AGAIN, for a stream that does not block; fails when that takes too long.
uint8_t mrq_try_tls_wait(mrq_tls_t *tls, bool writing, mrq_error_t *err);
// Rust's part of a connection: mrq_rs_tls_state_size() bytes, aligned to MRQ_TLS_ALIGN_SIZE.
void *mrq_tls_state(mrq_tls_t *tls);

// Rust, called from C. The buffers belong to the connection from mrq_rs_tls_init() on.
size_t mrq_rs_tls_state_size(void);
// What a record needs of the read buffer besides its content.
size_t mrq_rs_tls_read_overhead(void);
// The least write buffer for a connection that is to be opened so.
size_t mrq_rs_tls_least_write_size(const mrq_tls_config_t *config);
void mrq_rs_tls_init(mrq_tls_t *tls, uint8_t suite, mrq_buf_t read_buffer, mrq_buf_t write_buffer);
// Handshake; the server has proved who it is when this returns MRQ_OK.
uint8_t mrq_rs_tls_open(mrq_tls_t *tls, const mrq_tls_config_t *config, mrq_error_t *err);
// *len is 0 where the peer has said that it has no more to send.
uint8_t mrq_rs_tls_read(mrq_tls_t *tls, uint8_t *data, size_t size, size_t *len, mrq_error_t *err);
uint8_t mrq_rs_tls_write(mrq_tls_t *tls, mrq_bytes_t bytes, size_t *len, mrq_error_t *err);
// Tells the peer that there is no more, where that still makes sense.
void mrq_rs_tls_close(mrq_tls_t *tls);
// Whether content is there that has been received and decrypted.
bool mrq_rs_tls_has_pending(mrq_tls_t *tls);

// The name of a cipher suite that is built in, by its number from 0 on; empty behind the last.
mrq_bytes_t mrq_rs_tls_suite_name(uint8_t suite);
// The number of the suite of that name, if it is built in.
bool mrq_rs_tls_find_suite(mrq_bytes_t name, uint8_t *suite);

// Appends the certificates in PEM or DER to trust anchors.
uint8_t mrq_rs_tls_add_anchors(mrq_bytes_t certificates, mrq_buf_t *anchors, mrq_error_t *err);
// Whether the firmware has trust anchors of its own.
bool mrq_rs_tls_has_bundle(void);
// Writes the anchor of that number, of those without conditions (name constraints, say), as a
// certificate for another TLS implementation; nothing behind the last. No anchors: the firmware's own.
uint8_t mrq_rs_tls_anchor(mrq_bytes_t anchors, size_t number, mrq_buf_t *certificate, mrq_error_t *err);
// Appends the digest that a pin stands for.
uint8_t mrq_rs_tls_add_pin(mrq_bytes_t pin, mrq_buf_t *pins, mrq_error_t *err);
// Reads a client's certificate chain and key.
uint8_t mrq_rs_tls_identity(mrq_bytes_t certificates, mrq_bytes_t key, mrq_buf_t *identity, mrq_error_t *err);

#endif // MREQUESTS_TLS

#endif // MRQ_GLUE_H
