// The head of a response: stores parts of it, and calls the hooks of subclasses.

#include <string.h>

#include "py/objstr.h"

#include "response/response.h"

void mrq_response_begin_head(mrq_response_t *self) {
    self->flags |= MRQ_FLAG_DRIVEN;
    mp_obj_t headers = self->headers;
    if (self->outer != MP_OBJ_NULL) {
        if (mrq_is_overridden(self, MP_QSTR_add_header, &mrq_response_add_header_obj)) {
            self->flags |= MRQ_FLAG_ADD_HEADER_OVERRIDDEN | MRQ_FLAG_WANTS_FIELDS;
        }
        headers = mp_load_attr(self->outer, MP_QSTR_headers);
    }
    if (headers != mp_const_none) {
        self->flags |= MRQ_FLAG_WANTS_FIELDS;
    }
    // Discards anything that __init__() of a subclass has read.
    mrq_rs_begin_head(&self->incoming, self->flags & MRQ_FLAG_WANTS_FIELDS);
    self->state = MRQ_STATE_HEAD;
}

void mrq_response_end_head(mrq_response_t *self) {
    if (self->state != MRQ_STATE_HEAD) {
        return; // closed by add_header()
    }
    self->state = MRQ_STATE_IDLE;
    if (mrq_rs_remaining(&self->incoming) == 0) {
        mrq_connection_close(self->connection);
    }
}

void mrq_response_set_status(mrq_response_t *self, uint16_t status, mrq_bytes_t reason) {
    static const mp_obj_str_t ok_obj = { { &mp_type_bytes }, 0, 2, (const byte *)"OK" };
    self->status_code = MP_OBJ_NEW_SMALL_INT(status);
    // The most common reason needs no allocation.
    self->reason = reason.len == 2 && memcmp(reason.data, "OK", 2) == 0 ? MP_OBJ_FROM_PTR(&ok_obj) : mrq_new_bytes(reason);
}

// Appends a line to `headers`, which a subclass may have replaced.
static void append_header(mrq_response_t *self, mrq_bytes_t line) {
    mp_obj_t headers = self->outer != MP_OBJ_NULL ? mp_load_attr(self->outer, MP_QSTR_headers) : self->headers;
    if (headers == mp_const_none) {
        return;
    }
    mp_obj_t line_obj = mrq_new_bytes(mrq_rs_without_line_end(line));
    if (!mrq_headers_append(headers, line_obj)) {
        mrq_call_method(headers, MP_QSTR_append, line_obj);
    }
}

static void call_add_header(mrq_response_t *self, mrq_bytes_t line) {
    vstr_t vstr;
    vstr_init(&vstr, line.len + 2);
    vstr_add_strn(&vstr, (const char *)line.data, line.len);
    vstr_add_strn(&vstr, "\r\n", 2);
    mrq_call_method(self->outer, MP_QSTR_add_header, mp_obj_new_bytes_from_vstr(&vstr));
}

static void keep_value(mrq_response_t *self, uint8_t field, mrq_bytes_t value) {
    if (field == MRQ_FIELD_CONTENT_ENCODING) {
        self->encoding = mrq_new_str(value);
    } else if (field == MRQ_FIELD_CHARSET) {
        self->charset = mrq_rs_encoding(value) == MRQ_ENCODING_UTF8 ? MP_OBJ_NULL : mrq_new_str(value);
    }
}

void mrq_response_add_field(mrq_response_t *self, mrq_bytes_t line, uint8_t field, mrq_bytes_t value) {
    keep_value(self, field, value);
    if (self->flags & MRQ_FLAG_ADD_HEADER_OVERRIDDEN) {
        call_add_header(self, line);
    } else if (self->flags & MRQ_FLAG_WANTS_FIELDS) {
        append_header(self, line);
    }
}

// Interprets a field line, unless request() has done so.
static mp_obj_t response_parse_header(mp_obj_t self_in, mp_obj_t line_in) {
    mrq_response_t *self = MP_OBJ_TO_PTR(self_in);
    mrq_bytes_t line = mrq_get_bytes_raise(line_in);
    if (!(self->flags & MRQ_FLAG_DRIVEN)) {
        mrq_bytes_t value;
        uint8_t field = mrq_rs_note_field(&self->incoming, line, &value);
        keep_value(self, field, value);
    }
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_2(mrq_response_parse_header_obj, response_parse_header);

static mp_obj_t response_add_header(mp_obj_t self_in, mp_obj_t line_in) {
    response_parse_header(self_in, line_in);
    append_header(MP_OBJ_TO_PTR(self_in), mrq_get_bytes_raise(line_in));
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_2(mrq_response_add_header_obj, response_add_header);
