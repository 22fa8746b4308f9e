// Streams: protocol, errors, writing, closing.

#include "py/mperrno.h"
#include "py/objtype.h"

#include "object/object.h"

mp_obj_t mrq_stream_of(mp_obj_t obj) {
    const mp_obj_type_t *type = mp_obj_get_type(obj);
    if (!MP_OBJ_TYPE_HAS_SLOT(type, protocol)) {
        return MP_OBJ_NULL;
    }
    if (!mp_obj_is_instance_type(type)) {
        return obj;
    }
    mp_obj_t native = ((mp_obj_instance_t *)MP_OBJ_TO_PTR(obj))->subobj[0];
    type = mp_obj_get_type(native);
    if (type->name == MP_QSTR_IOBase) {
        return obj; // io.IOBase's protocol calls the methods of the instance
    }
    // Before __init__() there is no native part.
    return MP_OBJ_TYPE_HAS_SLOT(type, protocol) ? native : MP_OBJ_NULL;
}

const mp_stream_p_t *mrq_get_stream(mp_obj_t *stream, int flags) {
    mp_obj_t native = mrq_stream_of(*stream);
    const mp_stream_p_t *stream_p = native != MP_OBJ_NULL ? mp_get_stream(native) : NULL;
    if (stream_p == NULL
        || ((flags & MP_STREAM_OP_READ) && stream_p->read == NULL)
        || ((flags & MP_STREAM_OP_WRITE) && stream_p->write == NULL)
        || ((flags & MP_STREAM_OP_IOCTL) && stream_p->ioctl == NULL)) {
        mrq_raise_os_error(MP_EINVAL, "stream operation not supported");
    }
    *stream = native;
    return stream_p;
}

// `errcode` 0: the stream gave no reason.
uint8_t mrq_stream_error(int errcode, mrq_error_t *err) {
    if (-256 < errcode && errcode < 0) {
        // The port's TLS negates the errno of its socket.
        errcode = -errcode;
    }
    errcode = errcode != 0 ? errcode : MP_EIO;
    err->number = errcode;
    return errcode == MP_EPIPE || errcode == MP_ECONNRESET ? MRQ_ERROR_PEER_CLOSED : MRQ_ERROR_OS;
}

int mrq_write_all(mp_obj_t stream, mrq_bytes_t bytes) {
    const mp_stream_p_t *stream_p = mrq_get_stream(&stream, MP_STREAM_OP_WRITE);
    while (bytes.len > 0) {
        int errcode = 0;
        mp_uint_t len = stream_p->write(stream, bytes.data, bytes.len, &errcode);
        if (len == 0 || len > bytes.len) {
            return errcode != 0 ? errcode : MP_EIO;
        }
        bytes.data += len;
        bytes.len -= len;
    }
    return 0;
}

mp_obj_t mrq_call_read(mp_obj_t source, mp_int_t size) {
    return mrq_call_method(source, MP_QSTR_read, mp_obj_new_int(size));
}

void mrq_close_stream_raise(mp_obj_t stream) {
    if (mrq_stream_of(stream) == stream && mp_get_stream(stream)->ioctl != NULL) {
        int errcode = MP_EIO;
        if (mp_get_stream(stream)->ioctl(stream, MP_STREAM_CLOSE, 0, &errcode) == MP_STREAM_ERROR) {
            mp_raise_OSError(errcode);
        }
    } else if (stream != mp_const_none) {
        mp_obj_t dest[2];
        mp_load_method(stream, MP_QSTR_close, dest);
        mp_call_method_n_kw(0, 0, dest);
    }
}

static void do_close(void *arg) {
    mrq_close_stream_raise(*(mp_obj_t *)arg);
}

void mrq_close_stream(mp_obj_t stream) {
    mrq_ignore_errors(do_close, &stream);
}

static void close_guarded_stream(void *node) {
    mrq_close_stream(((mrq_stream_guard_t *)node)->stream);
}

void mrq_stream_guard(mrq_stream_guard_t *self, mp_obj_t stream) {
    self->stream = stream;
    nlr_push_jump_callback(&self->node, close_guarded_stream);
}
