// The boundary between C and Rust: the only header that bindgen reads.
//
// C calls Rust through `mrq_rs_*`; these functions never raise and never run Python code. Rust calls C for memory alone:
// a call of request(), and a read of content, are steps that Rust decides and C performs. (The stream below TLS is the
// exception: see `mrq_try_tls_*`.)
//
// A function that can fail returns MRQ_OK or a code, which mrq_rs_explain() turns into an error. Python objects do not
// cross this boundary: Rust sees bytes, numbers and opaque pointers. rust/mrequests/tests/boundary/client.c shows a
// client without MicroPython.
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

// The kind of an error, by which C chooses the class of the exception and its errno. MRQ_OK: no error.
enum {
    MRQ_OK,
    // MemoryError.
    MRQ_ERROR_MEMORY,
    // ValueError: a wrong argument, or a violation of the protocol by the peer.
    MRQ_ERROR_VALUE,
    // UnicodeError.
    MRQ_ERROR_UNICODE,
    // OSError with ECONNRESET: the peer closed the connection too early.
    MRQ_ERROR_RESET,
    // ECONNABORTED: the body is incomplete, or the peer ended the connection by an alert.
    MRQ_ERROR_ABORTED,
    // EACCES: the server is not trusted.
    MRQ_ERROR_REFUSED,
    // EOPNOTSUPP: another TLS implementation may have what the server requires.
    MRQ_ERROR_NOT_OFFERED,
    // EIO: a violation of TLS.
    MRQ_ERROR_IO,
    // ENOBUFS: the buffers are too small.
    MRQ_ERROR_TOO_LARGE,
    // The stream below TLS failed, or would block: C knows the errno or the exception.
    MRQ_ERROR_STREAM,
    MRQ_ERROR_AGAIN,
};

typedef struct _mrq_error_t {
    // UTF-8: static, or on the garbage-collected heap.
    mrq_bytes_t text;
    uint8_t kind;
} mrq_error_t;

#define MRQ_UNKNOWN UINT64_MAX

// The source of a request's body.
enum {
    MRQ_BODY_NONE,
    // mrq_request_t.body.
    MRQ_BODY_BYTES,
    // The pieces that C gives at MRQ_STEP_PIECE; mrq_request_t.body_length bytes, or MRQ_UNKNOWN.
    MRQ_BODY_PIECES,
};

// A request, as given by its caller. Nothing that it points to changes during the call.
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

// Rust's part of a call: what is sent, and the state between two steps. It has buffers on the garbage-collected heap, so
// keep it where the collector sees it. Rust checks at compile time that its own type fits, as for the next one.
typedef struct _mrq_exchange_t {
    size_t words[10];
    uint64_t numbers[4];
} mrq_exchange_t;

// Rust's part of a response: parser and decoder state, and read-ahead.
typedef struct _mrq_incoming_t {
    size_t words[10];
    uint64_t numbers[6];
    uint8_t read_ahead[512];
} mrq_incoming_t;

// The origin to connect to.
typedef struct _mrq_origin_t {
    mrq_bytes_t host;
    uint16_t port;
    bool tls;
    // The host is an IPv4 or IPv6 address.
    bool is_address;
    // The request takes several writes.
    bool large;
} mrq_origin_t;

// The next action of C in a call, or in a read of content.
enum {
    // Before the first step.
    MRQ_STEP_BEGIN,
    // Connect to `origin`, for the request to `bytes`, a URL.
    MRQ_STEP_OPEN,
    // Send `bytes`, or a part of them; `done` is the number sent, `peer_closed` the failure.
    MRQ_STEP_SEND,
    // Set `piece` to the next bytes of the request's body, which are valid until the next MRQ_STEP_PIECE; none at its end.
    MRQ_STEP_PIECE,
    // Go back to the start of the request's body.
    MRQ_STEP_REWIND,
    // The head of a response begins: make the response, and pass its `incoming` from now on.
    MRQ_STEP_HEAD,
    // Receive up to `room` bytes into `into`; `done` is their number, 0 at the end of the connection.
    MRQ_STEP_RECEIVE,
    // Keep `status` and the reason phrase `bytes`.
    MRQ_STEP_STATUS,
    // Keep a field: its line `bytes`, without line end, and the `value` that `field` names.
    MRQ_STEP_FIELD,
    // Close the connection: `status` redirects the request to `bytes`, a URL, to another one.
    MRQ_STEP_REDIRECTED,
    // The head of the final response, or the read, is complete.
    MRQ_STEP_DONE,
};

// The fields whose values a response keeps.
enum {
    MRQ_FIELD_OTHER,
    MRQ_FIELD_CONTENT_ENCODING,
    // The charset of the Content-Type.
    MRQ_FIELD_CHARSET,
};

// A step of a call. All zero before the first.
typedef struct _mrq_step_t {
    // From Rust. Valid until the next step.
    mrq_bytes_t bytes;
    mrq_bytes_t value;
    mrq_origin_t origin;
    uint8_t *into;
    size_t room;
    uint16_t status;
    uint8_t kind;
    uint8_t field;
    // From C.
    bool peer_closed;
    size_t done;
    mrq_bytes_t piece;
} mrq_step_t;

// The extent of a read.
enum {
    // What is there, at least one byte.
    MRQ_READ_SOME,
    // Up to the size of the destination.
    MRQ_READ_FILL,
    // Up to the size of the destination or the first LF.
    MRQ_READ_LINE,
};

// A read of content. C sets `data`, `size` and `extent`, all else is zero before the first step.
typedef struct _mrq_read_t {
    // The destination of `size` bytes, of which `done` are content.
    uint8_t *data;
    size_t size;
    size_t done;
    // From Rust, at MRQ_STEP_RECEIVE: receive up to `room` bytes into `into`.
    uint8_t *into;
    size_t room;
    // From C: the number of bytes, 0 at the end of the connection.
    size_t received;
    uint8_t extent;
    // MRQ_STEP_BEGIN, MRQ_STEP_RECEIVE or MRQ_STEP_DONE.
    uint8_t kind;
    // Rust's: the received bytes are in the destination.
    bool direct;
    // From Rust, at MRQ_STEP_DONE: the body was received to its end.
    bool ended;
} mrq_read_t;

// The parts of a URL in the text that mrq_rs_split_url() writes, as parse_url() returns them.
typedef struct _mrq_url_t {
    // The scheme is at the start of the text. 0 if missing.
    size_t scheme_len;
    // Empty if missing.
    mrq_bytes_t host;
    // The path goes to the end of the text.
    size_t path_start;
    // 0 if missing.
    uint16_t port;
} mrq_url_t;

// ---- C, called from Rust ---------------------------------------------------------------

// Allocates, resizes or frees memory of the garbage-collected heap. Returns NULL on failure, never
// raises. May collect, and so run finalisers.
uint8_t *mrq_realloc(uint8_t *data, size_t old_size, size_t new_size);

// Ends a Rust panic: raises RuntimeError across the Rust frames. No panic is reachable by peers or callers.
_Noreturn void mrq_panic(void);

// ---- Rust, called from C ---------------------------------------------------------------

// Checks a field line and appends it to `fields`. mrq_rs_omit_field() suppresses a default field.
uint8_t mrq_rs_put_field(mrq_buf_t *fields, mrq_bytes_t name, mrq_bytes_t value);
uint8_t mrq_rs_omit_field(mrq_buf_t *fields, mrq_bytes_t name);

// Appends the line of an Authorization field with credentials (RFC 7617).
uint8_t mrq_rs_put_basic(mrq_buf_t *fields, mrq_bytes_t user, mrq_bytes_t password);

// Writes the error of a code other than MRQ_OK. `incoming`: the response whose read failed, or NULL.
void mrq_rs_explain(uint8_t code, const mrq_incoming_t *incoming, mrq_error_t *err);

// Prepares Rust's part of a call.
void mrq_rs_call_init(mrq_exchange_t *exchange);
// One step of a call, up to the end of the final response's head: takes in the result of the last step and writes the
// next one. After a step that could not be performed yet, perform it later: nothing is lost. After an error, or a step
// that cannot be performed, close the connection. `incoming`: the response of the current connection, or NULL before
// MRQ_STEP_HEAD.
uint8_t mrq_rs_call_step(mrq_exchange_t *exchange, const mrq_request_t *request, mrq_incoming_t *incoming, mrq_step_t *step);

// Prepares a response's state: its content follows the fields that mrq_rs_note_field() takes in.
void mrq_rs_incoming_init(mrq_incoming_t *incoming);
// Discards that, for a head that mrq_rs_call_step() reads. `keep_all`: MRQ_STEP_FIELD for every field.
void mrq_rs_begin_head(mrq_incoming_t *incoming, bool keep_all);
// Takes in a field line, with or without its line end, if mrq_rs_call_step() does not read the head. Returns
// MRQ_FIELD_* and its value.
uint8_t mrq_rs_note_field(mrq_incoming_t *incoming, mrq_bytes_t line, mrq_bytes_t *value);

// One step of a read. After MRQ_STEP_RECEIVE the caller receives and calls again, or gives the read up with `done` bytes
// of content, and nothing is lost.
uint8_t mrq_rs_read(mrq_incoming_t *incoming, mrq_read_t *read);
// Copies content that needs no step: at most `size` bytes, and never the last of the body. Returns their number.
size_t mrq_rs_take(mrq_incoming_t *incoming, uint8_t *data, size_t size);
// The next line of content, its LF included, if it is there and is not the last of the body; else empty. Valid until the
// next read.
mrq_bytes_t mrq_rs_take_line(mrq_incoming_t *incoming);
// The bytes of a line without its line end, CR LF or LF.
mrq_bytes_t mrq_rs_without_line_end(mrq_bytes_t line);
// Content bytes left, or MRQ_UNKNOWN; the Content-Length, or MRQ_UNKNOWN.
uint64_t mrq_rs_remaining(mrq_incoming_t *incoming);
uint64_t mrq_rs_content_length(const mrq_incoming_t *incoming);
bool mrq_rs_is_chunked(const mrq_incoming_t *incoming);
// Whether a read needs nothing from the connection: content is there, or the end was reached.
bool mrq_rs_is_ready(const mrq_incoming_t *incoming);

// Writes a URL without its credentials, and its parts; `host` is valid as long as `url`. `absolute`: refuses a URL that
// cannot be requested, and gives the scheme's port if none is given.
uint8_t mrq_rs_split_url(mrq_bytes_t url, bool absolute, mrq_buf_t *out, mrq_url_t *parts);
// Writes a URL without its fragment, with `query` appended to its query.
uint8_t mrq_rs_add_query(mrq_bytes_t url, mrq_bytes_t query, mrq_buf_t *out);
// Writes a URL without its fragment and its credentials.
uint8_t mrq_rs_public_url(mrq_bytes_t url, mrq_buf_t *out);
// Applies the redirect rules: writes the resolved URL, or nothing if the redirect is not followed.
uint8_t mrq_rs_redirect(uint16_t status, mrq_bytes_t method, mrq_bytes_t url, mrq_bytes_t location, mrq_buf_t *target, bool *becomes_get);
// Writes a method with its letters in upper case.
uint8_t mrq_rs_method(mrq_bytes_t method, mrq_buf_t *out);

// The value of a field line, if it has this name (in any case).
bool mrq_rs_field_value(mrq_bytes_t line, mrq_bytes_t name, mrq_bytes_t *value);
// Name and value of a field line.
bool mrq_rs_split_field(mrq_bytes_t line, mrq_bytes_t *name, mrq_bytes_t *value);
// The text that joins the values of the lines of this name; empty if they cannot be joined.
mrq_bytes_t mrq_rs_separator(mrq_bytes_t name);

// Percent-encoding. `safe`: further characters that are not encoded; `plus`: a space is '+'.
uint8_t mrq_rs_quote(mrq_bytes_t text, mrq_bytes_t safe, bool plus, mrq_buf_t *out);
uint8_t mrq_rs_unquote(mrq_bytes_t text, bool plus, mrq_buf_t *out);
// Appends one name=value pair to a form.
uint8_t mrq_rs_put_pair(mrq_buf_t *form, mrq_bytes_t name, mrq_bytes_t value, mrq_bytes_t safe);
// The next pair of a query from *offset on; false at its end. value->data is NULL if '=' is missing.
bool mrq_rs_next_pair(mrq_bytes_t query, uint8_t separator, size_t *offset, mrq_bytes_t *name, mrq_bytes_t *value);

// An encoding, as the last character that it writes in one byte.
enum {
    MRQ_ENCODING_UTF8 = 0,
    MRQ_ENCODING_UNKNOWN = 1,
    MRQ_ENCODING_ASCII = 0x7f,
    MRQ_ENCODING_LATIN1 = 0xff,
};
// The encoding of that name, in any case, with or without '-' and '_'.
uint8_t mrq_rs_encoding(mrq_bytes_t name);
// Writes text as UTF-8: from ISO-8859-1, or from UTF-8 with U+FFFD for invalid bytes.
uint8_t mrq_rs_to_utf8(mrq_bytes_t text, bool latin1, mrq_buf_t *out);
// Writes UTF-8 as ISO-8859-1 or ASCII (`limit` 0xff or 0x7f). Fails for any other character.
uint8_t mrq_rs_from_utf8(mrq_bytes_t text, uint8_t limit, mrq_buf_t *out);

// ---- TLS -------------------------------------------------------------------------------
#if MREQUESTS_TLS

// A TLS connection: a Python object with its buffers, opaque to Rust.
typedef struct _mrq_tls_t mrq_tls_t;

// The configuration of a connection.
typedef struct _mrq_tls_config_t {
    // The host, a name or an address; empty if unknown.
    mrq_bytes_t server_name;
    // Trust anchors (besides those in the firmware) and pins, as written by mrq_rs_tls_read_anchors() and
    // mrq_rs_tls_add_pin().
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

// C, called from Rust: the stream below TLS. These catch what it raises, keep errno or exception in `tls`, and return
// MRQ_OK, MRQ_ERROR_STREAM, or MRQ_ERROR_AGAIN if the stream would block or its timeout has elapsed. 0 bytes are its end.
uint8_t mrq_try_tls_receive(mrq_tls_t *tls, uint8_t *data, size_t size, size_t *len);
uint8_t mrq_try_tls_send(mrq_tls_t *tls, mrq_bytes_t bytes, size_t *len);
// Waits after MRQ_ERROR_AGAIN from a non-blocking stream; fails if that takes too long.
uint8_t mrq_try_tls_wait(mrq_tls_t *tls, bool writing);
// Rust's part of a connection: mrq_rs_tls_state_size() bytes, aligned to MRQ_TLS_ALIGN_SIZE.
void *mrq_tls_state(mrq_tls_t *tls);

// Rust, called from C. The buffers belong to the connection from mrq_rs_tls_init() on.
size_t mrq_rs_tls_state_size(void);
// Bytes of the read buffer that a record needs besides its content.
size_t mrq_rs_tls_read_overhead(void);
// The least size of the write buffer for a configuration.
size_t mrq_rs_tls_least_write_size(const mrq_tls_config_t *config);
void mrq_rs_tls_init(mrq_tls_t *tls, uint8_t suite, mrq_buf_t read_buffer, mrq_buf_t write_buffer);
// Performs the handshake. On MRQ_OK the server is verified, if the configuration asks for that. This function and those
// below that take `err` return MRQ_OK, or write it and return its kind.
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

// Whether text has the prefix of a pin; whether it contains PEM, and so is not the name of a file.
bool mrq_rs_tls_is_pin(mrq_bytes_t text);
bool mrq_rs_tls_is_pem(mrq_bytes_t text);
// Reads certificates as trust anchors.
typedef struct _mrq_anchor_reader_t {
    // Memory for the anchors; NULL: they are only measured.
    uint8_t *anchors;
    size_t alloc;
    // Bytes of anchors so far.
    size_t len;
    // Rust's: whether the input is DER, known from its first piece on.
    bool has_begun;
    bool is_der;
} mrq_anchor_reader_t;

// Reads the complete certificates (PEM or DER) in a piece of input, of which the bytes behind *done belong in front of the
// next piece. Fails at the end of an input without certificates.
uint8_t mrq_rs_tls_read_anchors(mrq_anchor_reader_t *reader, mrq_bytes_t piece, bool at_end, size_t *done, mrq_error_t *err);
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
