// Response: the head and the content of one response.
#ifndef MRQ_RESPONSE_RESPONSE_H
#define MRQ_RESPONSE_RESPONSE_H

#include "object/object.h"

// Default size of Response.read(), exported as MAX_READ_SIZE.
#define MRQ_MAX_READ_SIZE (4096)

enum {
    // mrq_rs_exchange() reads the head and interprets its fields.
    MRQ_FLAG_DRIVEN = 1,
    MRQ_FLAG_CLOSED = 2,
    MRQ_FLAG_WANTS_FIELDS = 4,
    MRQ_FLAG_ADD_HEADER_OVERRIDDEN = 8,
    // The connection blocks: EAGAIN means retry at once.
    MRQ_FLAG_BLOCKING = 16,
};

typedef struct _mrq_response_t {
    mp_obj_base_t base;
    // The instance of a Python subclass that this is the native part of, or MP_OBJ_NULL.
    mp_obj_t outer;
    // The source of content, and the socket or transport below it; MP_OBJ_NULL once closed.
    mp_obj_t stream;
    mp_obj_t sock;
    mp_obj_t status_code;
    mp_obj_t reason;
    mp_obj_t headers;
    mp_obj_t encoding;
    // MP_OBJ_NULL: utf-8.
    mp_obj_t charset;
    // As requested, credentials included.
    mp_obj_t url;
    mp_obj_t history;
    mp_obj_t cached;
    uint8_t flags;
    mrq_incoming_t incoming;
} mrq_response_t;

// The response that contains Rust's part.
static inline mrq_response_t *mrq_response_with(mrq_incoming_t *incoming) {
    return (mrq_response_t *)((uint8_t *)incoming - offsetof(mrq_response_t, incoming));
}

// type.c

extern const mp_obj_type_t mrq_type_response;
mrq_response_t *mrq_response_new(mp_obj_t sock, mp_obj_t stream, bool save_headers);
// The native part of a response or of an instance of a subclass, or NULL.
mrq_response_t *mrq_response_of(mp_obj_t obj);

// response.c

// The response as its user sees it: the instance of a subclass, if there is one.
mp_obj_t mrq_response_self(mrq_response_t *self);
// Whether a subclass overrides the native method `fun`.
bool mrq_is_overridden(mrq_response_t *self, qstr name, const void *fun);
// Calls readinto(buf, size), overridden or not; returns the part of the buffer that it filled.
mrq_bytes_t mrq_call_readinto(mrq_response_t *self, mp_obj_t buf, mp_int_t size);
// Raises if the user has closed the response.
void mrq_response_check_open(mrq_response_t *self);
// Closes the connection; the read-ahead stays readable. Never raises; may be repeated.
void mrq_response_close(mrq_response_t *self);
// Closes the connection and makes every later read fail.
void mrq_response_abort(mrq_response_t *self);
// Closes the connection if an exception passes before nlr_pop_jump_callback().
typedef struct _mrq_response_guard_t {
    nlr_jump_callback_node_t node;
    mrq_response_t *response;
} mrq_response_guard_t;
void mrq_response_guard(mrq_response_guard_t *self, mrq_response_t *response);

// read.c

// Reads once from the connection; *len is 0 at its end. Exceptions of the stream pass through.
uint8_t mrq_receive(mrq_response_t *self, uint8_t *data, size_t size, size_t *len, mrq_error_t *err);
// Reads up to `size` bytes of content, until `size` is reached if `fill`. Returns the count; 0 at the end.
size_t mrq_response_read(mrq_response_t *self, void *data, size_t size, bool fill);
// Reads one more byte; returns whether there was one. With `may_end` an error counts as the end:
// the next read raises it.
bool mrq_response_read_byte(mrq_response_t *self, char *byte, bool may_end);
// All content that is left, as bytes.
mp_obj_t mrq_response_read_rest(mrq_response_t *self);
MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_read_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_readinto_obj);

// head.c

// Prepares a response for the head that mrq_rs_exchange() reads.
void mrq_response_begin_head(mrq_response_t *self);
// Keeps a part of the head (MRQ_KEEP_*).
void mrq_response_keep(mrq_response_t *self, uint8_t what, mrq_bytes_t value);
MP_DECLARE_CONST_FUN_OBJ_2(mrq_response_add_header_obj);
MP_DECLARE_CONST_FUN_OBJ_2(mrq_response_parse_header_obj);

// headers.c

mp_obj_t mrq_headers_new(void);
// Appends a line if `headers` is a list or Headers; returns false otherwise.
bool mrq_headers_append(mp_obj_t headers, mp_obj_t line);

// content.c

mp_obj_t mrq_response_content(mrq_response_t *self);
mp_obj_t mrq_response_text(mrq_response_t *self);
MP_DECLARE_CONST_FUN_OBJ_1(mrq_response_json_obj);

// iterate.c

MP_DECLARE_CONST_FUN_OBJ_VAR_BETWEEN(mrq_response_readline_obj);
MP_DECLARE_CONST_FUN_OBJ_1(mrq_response_readlines_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_iter_content_obj);
MP_DECLARE_CONST_FUN_OBJ_1(mrq_response_iter_lines_obj);
mp_obj_t mrq_response_iternext(mp_obj_t self);

// save.c

MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_save_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_saveinto_obj);

#endif // MRQ_RESPONSE_RESPONSE_H
