// Streams: objects with MicroPython's stream protocol, or with its methods alone.

#include <string.h>

#include "py/mperrno.h"
#include "py/objarray.h"
#include "py/objtype.h"

#include "object/object.h"

// The most bytes that a Python write() is given of a large piece, which is copied for it.
#define LARGEST_COPY (4096)

// The object to pass to the functions of a stream's protocol: `obj`, or the native part of an instance of a subclass (but
// the instance itself for io.IOBase). MP_OBJ_NULL without a protocol.
static mp_obj_t native_part(mp_obj_t obj) {
    if (!mp_obj_is_obj(obj)) {
        return MP_OBJ_NULL;
    }
    const mp_obj_type_t *type = ((mp_obj_base_t *)MP_OBJ_TO_PTR(obj))->type;
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

// The protocol of *stream, which becomes its native part; NULL if it has none.
static const mp_stream_p_t *protocol_of(mp_obj_t *stream) {
    mp_obj_t native = native_part(*stream);
    if (native == MP_OBJ_NULL) {
        return NULL;
    }
    *stream = native;
    return mp_get_stream(native);
}

const mp_stream_p_t *mrq_own_protocol(mp_obj_t obj) {
    return native_part(obj) == obj ? mp_get_stream(obj) : NULL;
}

_Noreturn static void raise_not_supported(void) {
    mrq_raise_os_error(MP_EINVAL, "stream operation not supported");
}

mp_uint_t mrq_stream_failure(int *errcode) {
    if (-256 < *errcode && *errcode < 0) {
        // The port's TLS negates the errno of its socket.
        *errcode = -*errcode;
    }
    if (*errcode == 0) {
        *errcode = MP_EIO;
    }
    return MP_STREAM_ERROR;
}

static mp_uint_t call_readinto(mp_obj_t *dest, void *data, mp_uint_t size, int *errcode) {
    dest[2] = mp_obj_new_bytearray_by_ref(size, data);
    mp_obj_t len = mp_call_method_n_kw(1, 0, dest);
    // The object may keep the bytearray, but `data` is valid for this call.
    mp_obj_array_t *array = MP_OBJ_TO_PTR(dest[2]);
    array->len = array->free = 0;
    array->items = NULL;
    if (len == mp_const_none) {
        *errcode = MP_EAGAIN;
        return MP_STREAM_ERROR;
    }
    return mp_obj_get_int(len);
}

// Calls readinto() or read(). They return None if there is nothing yet.
static mp_uint_t read_by_method(mp_obj_t obj, void *data, mp_uint_t size, int *errcode) {
    mp_obj_t dest[3];
    mp_load_method_maybe(obj, MP_QSTR_readinto, dest);
    if (dest[0] != MP_OBJ_NULL) {
        return call_readinto(dest, data, size, errcode);
    }
    mp_load_method_maybe(obj, MP_QSTR_read, dest);
    if (dest[0] == MP_OBJ_NULL) {
        raise_not_supported();
    }
    dest[2] = mp_obj_new_int_from_uint(size);
    mp_obj_t content = mp_call_method_n_kw(1, 0, dest);
    if (content == mp_const_none) {
        *errcode = MP_EAGAIN;
        return MP_STREAM_ERROR;
    }
    mrq_bytes_t bytes = mrq_get_bytes_raise(content);
    if (bytes.len <= size) {
        memcpy(data, bytes.data, bytes.len);
    }
    return bytes.len;
}

mp_uint_t mrq_stream_read(mp_obj_t stream, void *data, mp_uint_t size, int *errcode) {
    *errcode = 0;
    const mp_stream_p_t *stream_p = protocol_of(&stream);
    mp_uint_t len = stream_p != NULL && stream_p->read != NULL
        ? stream_p->read(stream, data, size, errcode)
        : read_by_method(stream, data, size, errcode);
    // A larger number is MP_STREAM_ERROR, or comes from a faulty stream.
    return len <= size ? len : mrq_stream_failure(errcode);
}

// Calls write(). A result that is no number means that all bytes were written.
static mp_uint_t write_by_method(mp_obj_t obj, mp_obj_t bytes) {
    mp_obj_t dest[3];
    mp_load_method_maybe(obj, MP_QSTR_write, dest);
    if (dest[0] == MP_OBJ_NULL) {
        raise_not_supported();
    }
    dest[2] = bytes;
    mp_obj_t len = mp_call_method_n_kw(1, 0, dest);
    return mp_obj_is_small_int(len) ? (mp_uint_t)MP_OBJ_SMALL_INT_VALUE(len) : mrq_get_bytes_raise(bytes).len;
}

mp_uint_t mrq_stream_write(mp_obj_t stream, const void *data, mp_uint_t size, int *errcode) {
    *errcode = 0;
    const mp_stream_p_t *stream_p = protocol_of(&stream);
    mp_uint_t len = stream_p != NULL && stream_p->write != NULL
        ? stream_p->write(stream, data, size, errcode)
        : write_by_method(stream, mp_obj_new_bytes(data, MIN(size, LARGEST_COPY)));
    return 0 < len && len <= size ? len : mrq_stream_failure(errcode);
}

void mrq_write_all(mp_obj_t target, mrq_bytes_t bytes) {
    const mp_stream_p_t *stream_p = mrq_own_protocol(target);
    bool has_protocol = stream_p != NULL && stream_p->write != NULL;
    bool is_python = mp_obj_is_instance_type(mp_obj_get_type(target));
    while (bytes.len > 0) {
        mp_obj_t copy = MP_OBJ_NULL;
        if (is_python || !has_protocol) {
            // Python code may keep the bytes, or change the memory that they are in.
            copy = mrq_new_bytes(bytes);
            bytes = mrq_get_bytes_raise(copy);
        }
        int errcode = 0;
        mp_uint_t len = has_protocol
            ? stream_p->write(target, bytes.data, bytes.len, &errcode)
            : write_by_method(target, copy);
        if (len == 0 || len > bytes.len) {
            mrq_stream_failure(&errcode);
            mp_raise_OSError(errcode);
        }
        bytes.data += len;
        bytes.len -= len;
    }
}

mp_uint_t mrq_stream_ioctl(mp_obj_t stream, mp_uint_t request, uintptr_t arg, int *errcode) {
    const mp_stream_p_t *stream_p = protocol_of(&stream);
    if (stream_p != NULL && stream_p->ioctl != NULL) {
        return stream_p->ioctl(stream, request, arg, errcode);
    }
    if (request == MP_STREAM_POLL) {
        return arg; // ready: the next operation tells
    }
    *errcode = MP_EINVAL;
    return MP_STREAM_ERROR;
}

mp_obj_t mrq_call_read(mp_obj_t source, mp_int_t size) {
    return mrq_call_method(source, MP_QSTR_read, mp_obj_new_int(size));
}

void mrq_close_stream_raise(mp_obj_t stream) {
    const mp_stream_p_t *stream_p = mrq_own_protocol(stream);
    if (stream_p != NULL && stream_p->ioctl != NULL) {
        int errcode = MP_EIO;
        if (stream_p->ioctl(stream, MP_STREAM_CLOSE, 0, &errcode) == MP_STREAM_ERROR) {
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
