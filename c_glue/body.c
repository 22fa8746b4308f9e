// The body of a request: what `data` and `json` may be, and how it is read piece by piece.

#include "py/mperrno.h"
#include "py/objstr.h"
#include "py/objtype.h"

#include "mrequests.h"

// Bytes taken from a file-like body at a time.
#define PIECE_SIZE (1024)

static void set_bytes(mrq_request_t *request, mrq_bytes_t bytes) {
    request->body_kind = MRQ_BODY_BYTES;
    request->body = bytes;
    request->body_length = bytes.len;
}

static void set_pieces(mrq_call_t *call, mrq_request_t *request, mp_obj_t body, uint64_t length) {
    call->body = body;
    request->body_kind = MRQ_BODY_PIECES;
    request->body_length = length;
}

// What json.dumps() does.
static void print_json(vstr_t *vstr, mp_obj_t json) {
    #if MICROPY_PY_JSON_SEPARATORS
    mp_print_ext_t print = { .item_separator = ", ", .key_separator = ": " };
    vstr_init_print(vstr, 32, &print.base);
    mp_obj_print_helper(&print.base, json, PRINT_JSON);
    #else
    mp_print_t print;
    vstr_init_print(vstr, 32, &print);
    mp_obj_print_helper(&print, json, PRINT_JSON);
    #endif
}

static void set_json(mrq_request_t *request, mp_obj_t json, mp_obj_t encoding) {
    vstr_t vstr;
    print_json(&vstr, json);
    request->content_type = mrq_bytes_of("application/json");
    if (encoding == mp_const_none) {
        set_bytes(request, (mrq_bytes_t) { (const uint8_t *)vstr.buf, vstr.len });
        return;
    }
    set_bytes(request, mrq_encode(mp_obj_new_str_from_utf8_vstr(&vstr), encoding));
    mp_print_t print;
    vstr_init_print(&vstr, 40, &print);
    mp_print_str(&print, "application/json; charset=");
    mp_obj_print_helper(&print, encoding, PRINT_STR);
    request->content_type = (mrq_bytes_t) { (const uint8_t *)vstr.buf, vstr.len };
}

static void set_form(mrq_request_t *request, mp_obj_t pairs, mp_obj_t encoding) {
    mrq_buf_t form = { 0 };
    mrq_put_form(&form, pairs, MRQ_FORM_DOSEQ | MRQ_FORM_SKIP_NONE, mrq_bytes_of(""), encoding);
    request->content_type = mrq_bytes_of("application/x-www-form-urlencoded");
    set_bytes(request, (mrq_bytes_t) { form.data, form.len });
}

static bool has_method(mp_obj_t obj, qstr name) {
    mp_obj_t dest[2];
    mp_load_method_maybe(obj, name, dest);
    return dest[0] != MP_OBJ_NULL;
}

static bool has_stream_read(mp_obj_t obj) {
    const mp_obj_type_t *type = mp_obj_get_type(obj);
    return MP_OBJ_TYPE_HAS_SLOT(type, protocol) && mp_get_stream(obj)->read != NULL;
}

static bool stream_seek(mp_obj_t stream, mp_off_t offset, int whence, mp_off_t *position) {
    const mp_stream_p_t *stream_p = mp_get_stream(stream);
    struct mp_stream_seek_t seek = { .offset = offset, .whence = whence };
    int errcode;
    if (stream_p->ioctl == NULL
        || stream_p->ioctl(stream, MP_STREAM_SEEK, (uintptr_t)&seek, &errcode) == MP_STREAM_ERROR) {
        return false;
    }
    *position = seek.offset;
    return true;
}

// Where a stream can seek, its length is known and it can be sent again.
static void set_stream(mrq_call_t *call, mrq_request_t *request, mp_obj_t stream) {
    mp_off_t start, end;
    call->body_is_stream = true;
    set_pieces(call, request, stream, MRQ_UNKNOWN);
    // What seeking means is only sure for native types.
    if (mp_obj_is_instance_type(mp_obj_get_type(stream))
        || !stream_seek(stream, 0, MP_SEEK_CUR, &start) || !stream_seek(stream, 0, MP_SEEK_END, &end)
        || !stream_seek(stream, start, MP_SEEK_SET, &start) || end < start) {
        return;
    }
    call->body_start = start;
    call->body_can_rewind = true;
    request->body_length = end - start;
}

void mrq_set_body(mrq_call_t *call, mrq_request_t *request, mp_obj_t data, mp_obj_t json, mp_obj_t encoding) {
    mrq_bytes_t bytes;
    if (json != mp_const_none) {
        set_json(request, json, encoding);
    } else if (data == mp_const_none) {
        request->body_kind = MRQ_BODY_NONE;
    } else if (mp_obj_is_str(data)) {
        set_bytes(request, mrq_encode(data, encoding));
    } else if (mrq_get_bytes(data, &bytes)) {
        set_bytes(request, bytes);
    } else if (has_stream_read(data)) {
        set_stream(call, request, data);
    } else if (has_method(data, MP_QSTR_read)) {
        call->body_is_stream = true;
        mp_obj_t length = mp_obj_len_maybe(data);
        set_pieces(call, request, data, length == MP_OBJ_NULL ? MRQ_UNKNOWN : (uint64_t)mp_obj_get_int(length));
    } else if (mp_obj_is_dict_or_ordereddict(data) || mp_obj_is_type(data, &mp_type_list)
               || mp_obj_is_type(data, &mp_type_tuple) || has_method(data, MP_QSTR_items)) {
        set_form(request, data, encoding);
    } else {
        // An iterator or generator; TypeError where it is neither.
        set_pieces(call, request, mp_getiter(data, NULL), MRQ_UNKNOWN);
    }
}

static mrq_bytes_t next_stream_piece(mrq_call_t *call) {
    if (!has_stream_read(call->body)) {
        call->piece = mrq_call_method(call->body, MP_QSTR_read, MP_OBJ_NEW_SMALL_INT(PIECE_SIZE));
        return call->piece == mp_const_none ? mrq_bytes_of("") : mrq_get_bytes_raise(call->piece);
    }
    if (call->piece == MP_OBJ_NULL) {
        call->piece = mp_obj_new_bytearray_by_ref(PIECE_SIZE, m_new(byte, PIECE_SIZE));
    }
    mrq_bytes_t piece = mrq_get_bytes_raise(call->piece);
    int errcode;
    mp_uint_t len = mp_stream_rw(call->body, (void *)piece.data, piece.len, &errcode, MP_STREAM_RW_READ);
    if (errcode != 0) {
        mp_raise_OSError(errcode);
    }
    piece.len = len;
    return piece;
}

static mrq_bytes_t next_iterator_piece(mrq_call_t *call) {
    mrq_bytes_t piece;
    do {
        // An empty piece is not the end of the body, though it would be one on the wire.
        call->piece = mp_iternext(call->body);
        if (call->piece == MP_OBJ_STOP_ITERATION) {
            return mrq_bytes_of("");
        }
        piece = mrq_get_bytes_raise(call->piece);
    } while (piece.len == 0);
    return piece;
}

mrq_bytes_t mrq_body_next_piece(mrq_call_t *call) {
    return call->body_is_stream ? next_stream_piece(call) : next_iterator_piece(call);
}

bool mrq_body_rewind(mrq_call_t *call) {
    mp_off_t position;
    return call->body_can_rewind && stream_seek(call->body, call->body_start, MP_SEEK_SET, &position);
}
