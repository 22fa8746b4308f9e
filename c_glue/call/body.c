// The body of a request: `data`, `json`, and the pieces of a streamed body.

#include "py/objstr.h"
#include "py/objtype.h"

#include "call/call.h"

// Bytes read from a file-like body at a time.
#define PIECE_SIZE (1024)

static void set_bytes(mrq_request_t *request, mrq_bytes_t bytes) {
    request->body_kind = MRQ_BODY_BYTES;
    request->body = bytes;
    request->body_length = bytes.len;
}

// The source of a body's pieces.
enum {
    ITERATOR,
    // A stream, or any object with a Python read().
    STREAM,
    // A bytearray or the like: one piece, with the content it has when it is sent.
    BUFFER,
};

static void set_pieces(mrq_call_t *call, mrq_request_t *request, uint8_t source, mp_obj_t body, uint64_t length) {
    call->body = body;
    call->body_source = source;
    request->body_kind = MRQ_BODY_PIECES;
    request->body_length = length;
}

// The same text as json.dumps().
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
    mrq_bytes_t text = { (const uint8_t *)vstr.buf, vstr.len };
    mrq_encode(&text, encoding);
    set_bytes(request, text);
    request->content_type = MRQ_BYTES("application/json");
    if (encoding == mp_const_none) {
        return;
    }
    mrq_bytes_t name = mrq_get_bytes_raise(encoding);
    vstr_init(&vstr, 40);
    vstr_add_str(&vstr, "application/json; charset=");
    vstr_add_strn(&vstr, (const char *)name.data, name.len);
    request->content_type = (mrq_bytes_t) { (const uint8_t *)vstr.buf, vstr.len };
}

static void set_form(mrq_request_t *request, mp_obj_t pairs, mp_obj_t encoding) {
    mrq_buf_t form = { 0 };
    mrq_put_form(&form, pairs, MRQ_FORM_DOSEQ | MRQ_FORM_SKIP_NONE, MRQ_BYTES(""), encoding);
    request->content_type = MRQ_BYTES("application/x-www-form-urlencoded");
    set_bytes(request, (mrq_bytes_t) { form.data, form.len });
}

static bool has_method(mp_obj_t obj, qstr name) {
    mp_obj_t dest[2];
    mp_load_method_maybe(obj, name, dest);
    return dest[0] != MP_OBJ_NULL;
}

// Excludes instances, whose Python read() counts, and text streams that have to be encoded.
static bool has_stream_read(mp_obj_t obj, mp_obj_t encoding) {
    const mp_stream_p_t *stream_p = mrq_own_protocol(obj);
    return stream_p != NULL && stream_p->read != NULL && !(stream_p->is_text && encoding != mp_const_none);
}

static uint64_t length_of(mp_obj_t obj) {
    mp_obj_t length = mp_obj_len_maybe(obj);
    if (length == MP_OBJ_NULL) {
        return MRQ_UNKNOWN;
    }
    if (mp_obj_get_int(length) < 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("body has a negative length"));
    }
    return mp_obj_get_int(length);
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

// A stream that can seek has a known length and can be sent again.
static void set_stream(mrq_call_t *call, mrq_request_t *request, mp_obj_t stream) {
    mp_off_t start, end;
    set_pieces(call, request, STREAM, stream, MRQ_UNKNOWN);
    // A Python class may implement seek() differently.
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
    call->encoding = encoding;
    if (json != mp_const_none) {
        set_json(request, json, encoding);
    } else if (data == mp_const_none) {
        request->body_kind = MRQ_BODY_NONE;
    } else if (mrq_get_bytes(data, &bytes)) {
        if (mrq_is_str(data)) {
            mrq_encode(&bytes, encoding);
            set_bytes(request, bytes);
        } else if (mp_obj_is_type(data, &mp_type_bytes)) {
            set_bytes(request, bytes);
        } else {
            set_pieces(call, request, BUFFER, data, bytes.len);
        }
    } else if (has_stream_read(data, encoding)) {
        set_stream(call, request, data);
    } else if (has_method(data, MP_QSTR_read)) {
        set_pieces(call, request, STREAM, data, length_of(data));
    } else if (mrq_is_pairs(data)) {
        set_form(request, data, encoding);
    } else {
        // An iterator or generator; anything else raises TypeError.
        set_pieces(call, request, ITERATOR, mp_getiter(data, NULL), MRQ_UNKNOWN);
    }
}

// The bytes of a piece from Python code.
static mrq_bytes_t piece_bytes(mrq_call_t *call) {
    mrq_bytes_t bytes = mrq_get_bytes_raise(call->piece);
    if (mrq_is_str(call->piece)) {
        mrq_encode(&bytes, call->encoding);
    }
    return bytes;
}

static mrq_bytes_t next_stream_piece(mrq_call_t *call) {
    if (!has_stream_read(call->body, call->encoding)) {
        call->piece = mrq_call_read(call->body, PIECE_SIZE);
        return call->piece == mp_const_none ? MRQ_BYTES("") : piece_bytes(call);
    }
    if (call->piece == MP_OBJ_NULL) {
        call->piece = mp_obj_new_bytearray_by_ref(PIECE_SIZE, m_new(byte, PIECE_SIZE));
    }
    mrq_bytes_t piece = mrq_get_bytes_raise(call->piece);
    size_t len = 0;
    while (len < PIECE_SIZE) {
        int errcode;
        mp_uint_t got = mrq_stream_read(call->body, (uint8_t *)piece.data + len, PIECE_SIZE - len, &errcode);
        if (got == MP_STREAM_ERROR) {
            mp_raise_OSError(errcode);
        }
        if (got == 0) {
            break;
        }
        len += got;
    }
    return (mrq_bytes_t) { piece.data, len };
}

static mrq_bytes_t next_iterator_piece(mrq_call_t *call) {
    mrq_bytes_t piece;
    do {
        // Skips empty pieces: an empty chunk would end the body.
        call->piece = mp_iternext(call->body);
        if (call->piece == MP_OBJ_STOP_ITERATION) {
            return MRQ_BYTES("");
        }
        piece = piece_bytes(call);
    } while (piece.len == 0);
    return piece;
}

mrq_bytes_t mrq_body_next_piece(mrq_call_t *call) {
    switch (call->body_source) {
        case ITERATOR:
            return next_iterator_piece(call);
        case STREAM:
            return next_stream_piece(call);
        default: // BUFFER
            if (call->piece != MP_OBJ_NULL) {
                return MRQ_BYTES("");
            }
            call->piece = call->body;
            return mrq_get_bytes_raise(call->body);
    }
}

bool mrq_body_rewind(mrq_call_t *call) {
    if (call->body_source == BUFFER) {
        call->piece = MP_OBJ_NULL;
        return true;
    }
    mp_off_t position;
    return call->body_can_rewind && stream_seek(call->body, call->body_start, MP_SEEK_SET, &position);
}
