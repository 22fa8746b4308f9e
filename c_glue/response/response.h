// Response: the head and the content of one response.
#ifndef MRQ_RESPONSE_RESPONSE_H
#define MRQ_RESPONSE_RESPONSE_H

#include "connection/connection.h"

// Default size of Response.read(), exported as MAX_READ_SIZE.
#define MRQ_MAX_READ_SIZE (4096)

enum {
    // request() reads the head and interprets its fields.
    MRQ_FLAG_DRIVEN = 1,
    MRQ_FLAG_WANTS_FIELDS = 2,
    MRQ_FLAG_ADD_HEADER_OVERRIDDEN = 4,
};

// The state of a response.
enum {
    // Content can be read.
    MRQ_STATE_IDLE,
    // Content can be read, of which `kept` comes first.
    MRQ_STATE_KEPT,
    // In use: request() reads the head, or content is being read.
    MRQ_STATE_HEAD,
    MRQ_STATE_READING,
    // Each read fails by the same error.
    MRQ_STATE_FAILED,
};

// Content that was read and not delivered, because the rest was not there yet.
typedef struct _mrq_kept_t {
    mrq_buf_t content;
    // The bytes that were delivered meanwhile.
    size_t taken;
} mrq_kept_t;

typedef struct _mrq_response_t {
    mp_obj_base_t base;
    // The instance of a Python subclass that this is the native part of, or MP_OBJ_NULL.
    mp_obj_t outer;
    mrq_connection_t *connection;
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
    mrq_kept_t *kept;
    // The error of MRQ_STATE_FAILED: a code of Rust, or MRQ_OK and an errno.
    int failure_errno;
    uint8_t failure_code;
    uint8_t flags;
    uint8_t state;
    mrq_incoming_t incoming;
} mrq_response_t;

// type.c

extern const mp_obj_type_t mrq_type_response;
mrq_response_t *mrq_response_new(mrq_connection_t *connection, bool save_headers);
// The native part of a response or of an instance of a subclass, or NULL.
mrq_response_t *mrq_response_of(mp_obj_t obj);

// response.c

// The response as its user sees it: the instance of a subclass, if there is one.
mp_obj_t mrq_response_self(mrq_response_t *self);
// Whether a subclass overrides the native method `fun`.
bool mrq_is_overridden(mrq_response_t *self, qstr name, const void *fun);
// Calls readinto(buf, size), overridden or not; returns the part of the buffer that it filled.
mrq_bytes_t mrq_call_readinto(mrq_response_t *self, mp_obj_t buf, mp_int_t size);
// Raises unless content can be read.
void mrq_response_check(mrq_response_t *self);
// Closes the connection and makes every later read fail by a code of Rust, or by MRQ_OK and an errno.
void mrq_response_fail(mrq_response_t *self, uint8_t code, int errcode);
// The same with EBADF: close() was called, or a read was interrupted.
void mrq_response_abort(mrq_response_t *self);
// Closes the connection if an exception passes before nlr_pop_jump_callback().
typedef struct _mrq_response_guard_t {
    nlr_jump_callback_node_t node;
    mrq_response_t *response;
} mrq_response_guard_t;
void mrq_response_guard(mrq_response_guard_t *self, mrq_response_t *response);

// read.c

// What a read returns if there is nothing yet.
#define MRQ_NOT_YET (MP_STREAM_ERROR)
// Reads up to `size` bytes of content, as MRQ_READ_* says. Returns their number, 0 at the end, or MRQ_NOT_YET.
mp_uint_t mrq_response_read(mrq_response_t *self, void *data, size_t size, uint8_t extent);
// The same behind content that the caller has and would lose: an error counts as the end, and the next read raises it.
mp_uint_t mrq_response_read_on(mrq_response_t *self, void *data, size_t size, uint8_t extent);
// Appends all content that is left. Returns false if the rest is not there yet.
bool mrq_response_read_rest(mrq_response_t *self, mrq_buf_t *content);
// Puts content back, for the next read. The buffer is emptied.
void mrq_response_keep(mrq_response_t *self, mrq_buf_t *content);
MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_read_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(mrq_response_readinto_obj);

// head.c

// Prepares a response for the head that request() reads, and ends that.
void mrq_response_begin_head(mrq_response_t *self);
void mrq_response_end_head(mrq_response_t *self);
void mrq_response_set_status(mrq_response_t *self, uint16_t status, mrq_bytes_t reason);
// Takes in a field line, without its end, and the value that `field` (MRQ_FIELD_*) names.
void mrq_response_add_field(mrq_response_t *self, mrq_bytes_t line, uint8_t field, mrq_bytes_t value);
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
