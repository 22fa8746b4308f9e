// The content of a response as a whole: bytes, text, JSON.

#include "py/objstr.h"

#include "object/compat.h"
#include "response/response.h"

// Bytes asked for at a time where the length is not known.
#define CHUNK_SIZE (512)

// All of known length: one allocation of that size (and a terminating NUL), or none.
static mp_obj_t read_known(mrq_response_t *self, uint64_t remaining) {
    if (remaining == 0) {
        mrq_response_read(self, NULL, 0, false);
        return mp_const_empty_bytes;
    }
    uint8_t *data = remaining < SIZE_MAX ? m_new_maybe(uint8_t, (size_t)remaining + 1) : NULL;
    if (data == NULL) {
        mrq_response_close(self);
        m_malloc_fail(remaining < SIZE_MAX ? (size_t)remaining : SIZE_MAX);
    }
    for (size_t len = 0; len < remaining;) {
        // Until full; what is missing at the end raises.
        len += mrq_response_read(self, data + len, remaining - len, true);
    }
    data[remaining] = '\0';
    return mrq_own(&mp_type_bytes, data, remaining);
}

static mp_obj_t read_unknown(mrq_response_t *self) {
    size_t len = 0;
    size_t alloc = CHUNK_SIZE + 1;
    uint8_t *data = m_new(uint8_t, alloc);
    for (;;) {
        size_t got = mrq_response_read(self, data + len, alloc - 1 - len, true);
        len += got;
        if (got == 0) {
            break;
        }
        if (len == alloc - 1) {
            // A quarter more each time, so that large bodies are not copied too often.
            size_t more = MAX(CHUNK_SIZE, len / 4);
            data = m_renew(uint8_t, data, alloc, alloc + more);
            alloc += more;
        }
    }
    mrq_buf_t buf = { data, len, alloc };
    return mrq_buf_to_bytes(&buf);
}

mp_obj_t mrq_response_read_rest(mrq_response_t *self) {
    mrq_response_check_open(self);
    uint64_t remaining = mrq_rs_remaining(&self->incoming);
    return remaining == MRQ_UNKNOWN ? read_unknown(self) : read_known(self, remaining);
}

// By a readinto() of a subclass.
static mp_obj_t read_rest_by_readinto(mrq_response_t *self) {
    vstr_t vstr;
    vstr_init(&vstr, CHUNK_SIZE);
    mp_obj_t buf = mp_obj_new_bytearray_by_ref(CHUNK_SIZE, m_new(byte, CHUNK_SIZE));
    mrq_bytes_t piece;
    while ((piece = mrq_call_readinto(self, buf, 0)).len > 0) {
        vstr_add_strn(&vstr, (const char *)piece.data, piece.len);
    }
    return mp_obj_new_bytes_from_vstr(&vstr);
}

static void load_cache(void *arg) {
    mrq_response_t *self = arg;
    if (mrq_is_overridden(self, MP_QSTR_read, &mrq_response_read_obj)) {
        self->cached = mrq_call_method(self->outer, MP_QSTR_read, mp_const_none);
    } else if (mrq_is_overridden(self, MP_QSTR_readinto, &mrq_response_readinto_obj)) {
        self->cached = read_rest_by_readinto(self);
    } else {
        self->cached = mrq_response_read_rest(self);
    }
}

mp_obj_t mrq_response_content(mrq_response_t *self) {
    if (self->cached == mp_const_none) {
        mrq_response_guard(self, load_cache, self);
    }
    return self->cached;
}

static mp_obj_t load_content(mrq_response_t *self) {
    return self->outer != MP_OBJ_NULL ? mp_load_attr(self->outer, MP_QSTR_content) : mrq_response_content(self);
}

mp_obj_t mrq_response_text(mrq_response_t *self) {
    mp_obj_t content = load_content(self);
    mrq_bytes_t bytes = mrq_get_bytes_raise(content);
    bool latin1 = self->charset != MP_OBJ_NULL && mrq_encoding(mrq_get_bytes_raise(self->charset)) == MRQ_ENCODING_LATIN1;
    if (!latin1 && mp_obj_is_type(content, &mp_type_bytes) && unicode_encoding_check(MP_ENCODING_UTF8, bytes.data, bytes.len)) {
        // A str that shares its data with the bytes.
        return mrq_own(&mp_type_str, bytes.data, bytes.len);
    }
    mrq_buf_t buf = { 0 };
    mrq_check(mrq_rs_to_utf8(bytes, latin1, &buf));
    return mrq_buf_to_str(&buf);
}

typedef struct _json_args_t {
    mrq_response_t *response;
    mp_obj_t value;
} json_args_t;

static void parse_json(void *arg) {
    json_args_t *args = arg;
    mrq_response_t *self = args->response;
    mp_obj_t json = mrq_import(MP_QSTR_json);
    if (self->cached != mp_const_none || (self->flags & MRQ_FLAG_CLOSED)
        || mrq_is_overridden(self, MP_QSTR_read, &mrq_response_read_obj)
        || mrq_is_overridden(self, MP_QSTR_readinto, &mrq_response_readinto_obj)) {
        args->value = mp_call_function_1(mp_load_attr(json, MP_QSTR_loads), load_content(self));
    } else {
        args->value = mp_call_function_1(mp_load_attr(json, MP_QSTR_load), MP_OBJ_FROM_PTR(self));
    }
}

// Parsed from the stream: the content is not there a second time, nor afterwards.
static mp_obj_t response_json(mp_obj_t self_in) {
    json_args_t args = { MP_OBJ_TO_PTR(self_in), MP_OBJ_NULL };
    mrq_response_guard(args.response, parse_json, &args);
    return args.value;
}
MP_DEFINE_CONST_FUN_OBJ_1(mrq_response_json_obj, response_json);
