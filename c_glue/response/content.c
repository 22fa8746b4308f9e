// The whole content of a response: bytes, text, JSON.

#include "py/mperrno.h"
#include "py/objstr.h"

#include "object/compat.h"
#include "response/response.h"

// Bytes per call of an overridden readinto().
#define CHUNK_SIZE (512)

// Reads by the read() of a subclass.
static mp_obj_t read_rest_by_read(mrq_response_t *self) {
    mp_obj_t content = mrq_call_method(self->outer, MP_QSTR_read, mp_const_none);
    // A connection that does not block gives what is there.
    bool is_part = self->state == MRQ_STATE_IDLE && self->connection->wait.ms == 0 && mrq_rs_remaining(&self->incoming) != 0;
    if (content == mp_const_none || is_part) {
        mp_raise_OSError(MP_EAGAIN);
    }
    return content;
}

// Reads by the readinto() of a subclass.
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

// The content, or None if the rest is not there yet.
static mp_obj_t read_content(mrq_response_t *self) {
    if (mrq_is_overridden(self, MP_QSTR_read, &mrq_response_read_obj)) {
        return read_rest_by_read(self);
    }
    if (mrq_is_overridden(self, MP_QSTR_readinto, &mrq_response_readinto_obj)) {
        return read_rest_by_readinto(self);
    }
    mrq_buf_t content = { 0 };
    if (mrq_response_read_rest(self, &content)) {
        return mrq_buf_to_bytes(&content);
    }
    mrq_response_keep(self, &content);
    return mp_const_none;
}

mp_obj_t mrq_response_content(mrq_response_t *self) {
    if (self->cached == mp_const_none) {
        mrq_response_check(self);
        mrq_response_guard_t guard;
        mrq_response_guard(&guard, self);
        mp_obj_t content = read_content(self);
        nlr_pop_jump_callback(false);
        if (content == mp_const_none) {
            mp_raise_OSError(MP_EAGAIN);
        }
        self->cached = content;
    }
    return self->cached;
}

static mp_obj_t load_content(mrq_response_t *self) {
    return self->outer != MP_OBJ_NULL ? mp_load_attr(self->outer, MP_QSTR_content) : mrq_response_content(self);
}

mp_obj_t mrq_response_text(mrq_response_t *self) {
    mp_obj_t content = load_content(self);
    mrq_bytes_t bytes = mrq_get_bytes_raise(content);
    bool latin1 = self->charset != MP_OBJ_NULL && mrq_rs_encoding(mrq_get_bytes_raise(self->charset)) == MRQ_ENCODING_LATIN1;
    if (!latin1 && mp_obj_is_type(content, &mp_type_bytes) && unicode_encoding_check(MP_ENCODING_UTF8, bytes.data, bytes.len)) {
        // The str shares its data with the bytes.
        return mrq_own(&mp_type_str, bytes.data, bytes.len);
    }
    mrq_buf_t buf = { 0 };
    mrq_check(mrq_rs_to_utf8(bytes, latin1, &buf));
    return mrq_buf_to_str(&buf);
}

// Whether the content can be parsed from the stream, which saves a copy. What was parsed is lost where the rest is not
// there yet, so a connection that does not block is read to its end first.
static bool is_streamable(mrq_response_t *self) {
    return self->cached == mp_const_none && self->state == MRQ_STATE_IDLE && self->connection->wait.ms != 0
           && !mrq_is_overridden(self, MP_QSTR_read, &mrq_response_read_obj)
           && !mrq_is_overridden(self, MP_QSTR_readinto, &mrq_response_readinto_obj);
}

static mp_obj_t response_json(mp_obj_t self_in) {
    mrq_response_t *self = MP_OBJ_TO_PTR(self_in);
    mp_obj_t json = mrq_import(MP_QSTR_json);
    if (!is_streamable(self)) {
        return mp_call_function_1(mp_load_attr(json, MP_QSTR_loads), load_content(self));
    }
    mrq_response_guard_t guard;
    mrq_response_guard(&guard, self);
    mp_obj_t value = mp_call_function_1(mp_load_attr(json, MP_QSTR_load), self_in);
    nlr_pop_jump_callback(false);
    return value;
}
MP_DEFINE_CONST_FUN_OBJ_1(mrq_response_json_obj, response_json);
