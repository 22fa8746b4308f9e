// Text and bytes, between Python objects and what Rust sees of them.

#include <string.h>

#include "py/objstr.h"

#include "mrequests.h"

mrq_bytes_t mrq_bytes_of(const char *text) {
    return (mrq_bytes_t) { (const uint8_t *)text, strlen(text) };
}

bool mrq_get_bytes(mp_obj_t obj, mrq_bytes_t *bytes) {
    mp_buffer_info_t bufinfo;
    if (!mp_get_buffer(obj, &bufinfo, MP_BUFFER_READ)) {
        return false;
    }
    bytes->data = bufinfo.buf;
    bytes->len = bufinfo.len;
    return true;
}

mrq_bytes_t mrq_get_bytes_raise(mp_obj_t obj) {
    mp_buffer_info_t bufinfo;
    mp_get_buffer_raise(obj, &bufinfo, MP_BUFFER_READ);
    return (mrq_bytes_t) { bufinfo.buf, bufinfo.len };
}

mp_obj_t mrq_own(const mp_obj_type_t *type, const uint8_t *data, size_t len) {
    mp_obj_str_t *str = MP_OBJ_TO_PTR(mp_obj_new_str_copy(type, NULL, len));
    // Computed when it is asked for. Content can be large, and is rarely looked up.
    str->hash = 0;
    str->data = data;
    return MP_OBJ_FROM_PTR(str);
}

// Ends the buffer with a NUL, as the data of every str and bytes ends, and empties it.
static mp_obj_t buf_to_obj(const mp_obj_type_t *type, mrq_buf_t *buf) {
    if (buf->len == 0) {
        return type == &mp_type_str ? MP_OBJ_NEW_QSTR(MP_QSTR_) : mp_const_empty_bytes;
    }
    size_t len = buf->len;
    uint8_t *data = m_renew(uint8_t, buf->data, buf->alloc, len + 1);
    data[len] = '\0';
    *buf = (mrq_buf_t) { NULL, 0, 0 };
    return mrq_own(type, data, len);
}

mp_obj_t mrq_buf_to_str(mrq_buf_t *buf) {
    return buf_to_obj(&mp_type_str, buf);
}

mp_obj_t mrq_buf_to_bytes(mrq_buf_t *buf) {
    return buf_to_obj(&mp_type_bytes, buf);
}

mp_obj_t mrq_new_bytes(mrq_bytes_t bytes) {
    return mp_obj_new_bytes(bytes.data, bytes.len);
}

// What a peer sends may be no UTF-8, which a str has to be.
mp_obj_t mrq_new_str(mrq_bytes_t bytes) {
    mrq_buf_t buf = { 0 };
    mrq_check(mrq_rs_to_utf8(bytes, false, &buf));
    return mrq_buf_to_str(&buf);
}

mp_obj_t mrq_public_url(mrq_bytes_t url) {
    mrq_buf_t buf = { 0 };
    mrq_check(mrq_rs_public_url(url, &buf));
    return mrq_buf_to_str(&buf);
}

// Whether `name` is encoding `a` or `b`, which are in lower case, '-' and '_' left out.
bool mrq_is_encoding(mrq_bytes_t name, const char *a, const char *b) {
    const char *candidates[] = { a, b };
    for (size_t i = 0; i < MP_ARRAY_SIZE(candidates); ++i) {
        const char *expected = candidates[i];
        size_t n = 0;
        for (; n < name.len; ++n) {
            char c = name.data[n];
            if (c == '-' || c == '_') {
                continue;
            }
            if ('A' <= c && c <= 'Z') {
                c += 'a' - 'A';
            }
            if (*expected == '\0' || c != *expected) {
                break;
            }
            ++expected;
        }
        if (n == name.len && *expected == '\0') {
            return true;
        }
    }
    return false;
}

mrq_bytes_t mrq_encode(mp_obj_t str, mp_obj_t encoding) {
    mrq_bytes_t text = mrq_get_bytes_raise(str);
    if (encoding == mp_const_none) {
        return text;
    }
    mrq_bytes_t name = mrq_get_bytes_raise(encoding);
    if (mrq_is_encoding(name, "utf8", "utf8")) {
        return text;
    }
    uint8_t limit;
    if (mrq_is_encoding(name, "ascii", "usascii")) {
        limit = 0x7f;
    } else if (mrq_is_encoding(name, "latin1", "iso88591")) {
        limit = 0xff;
    } else {
        mp_raise_ValueError(MP_ERROR_TEXT("unsupported encoding"));
    }
    mrq_buf_t buf = { 0 };
    if (mrq_rs_from_utf8(text, limit, &buf) != MRQ_OK) {
        mp_raise_msg(&mp_type_UnicodeError, MP_ERROR_TEXT("text has characters that the encoding has not"));
    }
    return (mrq_bytes_t) { buf.data, buf.len };
}
