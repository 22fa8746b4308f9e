// Conversion between Python objects and the bytes that Rust sees.

#include <string.h>

#include "py/objstr.h"

#include "object/compat.h"
#include "object/object.h"

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

bool mrq_is_str(mp_obj_t obj) {
    return mp_obj_is_str(obj);
}

mp_obj_t mrq_own_text(mp_obj_t obj) {
    return mp_obj_is_str_or_bytes(obj) ? obj : mrq_new_bytes(mrq_get_bytes_raise(obj));
}

mp_obj_t mrq_own(const mp_obj_type_t *type, const uint8_t *data, size_t len) {
    mp_obj_str_t *str = MP_OBJ_TO_PTR(mp_obj_new_str_copy(type, NULL, len));
    // 0: computed on demand. Content can be large and is rarely hashed.
    str->hash = 0;
    str->data = data;
    return MP_OBJ_FROM_PTR(str);
}

// Appends the NUL that ends the data of every str and bytes, and empties the buffer.
static mp_obj_t buf_to_obj(const mp_obj_type_t *type, mrq_buf_t *buf) {
    if (buf->len == 0) {
        return type == &mp_type_str ? MP_OBJ_NEW_QSTR(MP_QSTR_) : mp_const_empty_bytes;
    }
    size_t len = buf->len;
    uint8_t *data = buf->data;
    // Avoids a needless m_renew(), which walks over all blocks of the buffer.
    if (buf->alloc != len + 1) {
        data = m_renew(uint8_t, data, buf->alloc, len + 1);
    }
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

mp_obj_t mrq_copy(const mp_obj_type_t *type, mrq_bytes_t bytes) {
    mrq_buf_t buf = { m_new(uint8_t, bytes.len + 1), bytes.len, bytes.len + 1 };
    memcpy(buf.data, bytes.data, bytes.len);
    return buf_to_obj(type, &buf);
}

mp_obj_t mrq_new_bytes(mrq_bytes_t bytes) {
    return mrq_copy(&mp_type_bytes, bytes);
}

// A str has to be valid UTF-8; a peer's bytes may not be.
mp_obj_t mrq_new_str(mrq_bytes_t bytes) {
    if (unicode_encoding_check(MP_ENCODING_UTF8, bytes.data, bytes.len)) {
        return mrq_copy(&mp_type_str, bytes);
    }
    mrq_buf_t buf = { 0 };
    mrq_check(mrq_rs_to_utf8(bytes, false, &buf));
    return mrq_buf_to_str(&buf);
}

mrq_bytes_t mrq_print(mp_obj_t obj) {
    vstr_t vstr;
    mp_print_t print;
    vstr_init_print(&vstr, 16, &print);
    mp_obj_print_helper(&print, obj, PRINT_STR);
    return (mrq_bytes_t) { (const uint8_t *)vstr.buf, vstr.len };
}

void mrq_encode(mrq_bytes_t *text, mp_obj_t encoding) {
    uint8_t last = encoding == mp_const_none ? MRQ_ENCODING_UTF8 : mrq_rs_encoding(mrq_get_bytes_raise(encoding));
    if (last == MRQ_ENCODING_UTF8) {
        return;
    }
    if (last == MRQ_ENCODING_UNKNOWN) {
        mp_raise_ValueError(MP_ERROR_TEXT("unsupported encoding"));
    }
    mrq_buf_t buf = { 0 };
    mrq_check(mrq_rs_from_utf8(*text, last, &buf));
    *text = (mrq_bytes_t) { buf.data, buf.len };
}
