// Certificates and keys from files.

#include <string.h>

#include "tls/tls.h"

#if MREQUESTS_TLS

// Holds most certificates in PEM.
#define PIECE_SIZE (2048)

static mp_obj_t open_file(mp_obj_t name) {
    return mp_call_function_2(mp_load_global(MP_QSTR_open), name, MP_OBJ_NEW_QSTR(MP_QSTR_rb));
}

bool mrq_is_file_name(mp_obj_t obj) {
    return mrq_is_str(obj) && !mrq_rs_tls_is_pem(mrq_get_bytes_raise(obj));
}

mp_obj_t mrq_data_or_file(mp_obj_t obj) {
    if (!mrq_is_file_name(obj)) {
        return obj;
    }
    mp_obj_t file = open_file(obj);
    mrq_stream_guard_t guard;
    mrq_stream_guard(&guard, file);
    mp_obj_t dest[2];
    mp_load_method(file, MP_QSTR_read, dest);
    mp_obj_t data = mp_call_method_n_kw(0, 0, dest);
    nlr_pop_jump_callback(true);
    return data;
}

// Returns the number of bytes that are done.
static size_t read_piece(mrq_anchor_reader_t *reader, mrq_bytes_t piece, bool at_end) {
    mrq_error_t err = { 0 };
    size_t done = 0;
    mrq_check_error(mrq_rs_tls_read_anchors(reader, piece, at_end, &done, &err), &err);
    return done;
}

static size_t read_more(mp_obj_t file, mrq_buf_t *buf) {
    if (buf->len == buf->alloc) {
        buf->data = m_renew(uint8_t, buf->data, buf->alloc, buf->alloc * 2);
        buf->alloc *= 2;
    }
    int errcode;
    mp_uint_t len = mrq_stream_read(file, buf->data + buf->len, buf->alloc - buf->len, &errcode);
    if (len == MP_STREAM_ERROR) {
        mp_raise_OSError(errcode);
    }
    buf->len += len;
    return len;
}

void mrq_read_anchors(mrq_anchor_reader_t *reader, mp_obj_t certificates, bool is_file) {
    if (!is_file) {
        read_piece(reader, mrq_get_bytes_raise(certificates), true);
        return;
    }
    mp_obj_t file = open_file(certificates);
    mrq_stream_guard_t guard;
    mrq_stream_guard(&guard, file);
    mrq_buf_t buf = { m_new(uint8_t, PIECE_SIZE), 0, PIECE_SIZE };
    bool at_end;
    do {
        at_end = read_more(file, &buf) == 0;
        size_t done = read_piece(reader, (mrq_bytes_t) { buf.data, buf.len }, at_end);
        buf.len -= done;
        memmove(buf.data, buf.data + done, buf.len);
    } while (!at_end);
    m_del(uint8_t, buf.data, buf.alloc);
    nlr_pop_jump_callback(true);
}

#endif // MREQUESTS_TLS
