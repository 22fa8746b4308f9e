// Transport: a stream between a socket and TLS. It can be closed more than once, as the port's TLS
// closes its socket on some errors only, and it applies the deadline to every operation.

#include "py/mperrno.h"

#include "connection/connection.h"

typedef struct _mrq_transport_t {
    mp_obj_base_t base;
    mp_obj_t sock; // MP_OBJ_NULL once closed
    bool connecting;
    mrq_wait_t wait;
} mrq_transport_t;

// Prepares the socket for one operation; MP_OBJ_NULL if that fails.
static mp_obj_t ready_socket(mp_obj_t self_in, int *errcode) {
    mrq_transport_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->sock != MP_OBJ_NULL && self->wait.has_deadline && !mrq_wait_apply(&self->wait, self->sock, self->connecting)) {
        *errcode = MP_ETIMEDOUT;
        return MP_OBJ_NULL;
    }
    // settimeout() may run Python code that closes the transport.
    if (self->sock == MP_OBJ_NULL) {
        *errcode = MP_EBADF;
    }
    return self->sock;
}

// The socket may be any object: looks its protocol up each time.
static mp_uint_t transport_read(mp_obj_t self_in, void *buf, mp_uint_t size, int *errcode) {
    mp_obj_t sock = ready_socket(self_in, errcode);
    if (sock == MP_OBJ_NULL) {
        return MP_STREAM_ERROR;
    }
    const mp_stream_p_t *stream_p = mrq_get_stream(&sock, MP_STREAM_OP_READ);
    return stream_p->read(sock, buf, size, errcode);
}

static mp_uint_t transport_write(mp_obj_t self_in, const void *buf, mp_uint_t size, int *errcode) {
    mp_obj_t sock = ready_socket(self_in, errcode);
    if (sock == MP_OBJ_NULL) {
        return MP_STREAM_ERROR;
    }
    const mp_stream_p_t *stream_p = mrq_get_stream(&sock, MP_STREAM_OP_WRITE);
    return stream_p->write(sock, buf, size, errcode);
}

static mp_uint_t transport_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode) {
    mrq_transport_t *self = MP_OBJ_TO_PTR(self_in);
    mp_obj_t sock = self->sock;
    if (request == MP_STREAM_CLOSE) {
        self->sock = MP_OBJ_NULL;
        if (sock != MP_OBJ_NULL) {
            mrq_close_stream_raise(sock);
        }
        return 0;
    }
    if (sock == MP_OBJ_NULL) {
        *errcode = MP_EBADF;
        return MP_STREAM_ERROR;
    }
    const mp_stream_p_t *stream_p = mrq_get_stream(&sock, MP_STREAM_OP_IOCTL);
    return stream_p->ioctl(sock, request, arg, errcode);
}

static const mp_stream_p_t transport_stream_p = {
    .read = transport_read,
    .write = transport_write,
    .ioctl = transport_ioctl,
};

static const mp_rom_map_elem_t transport_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR_read), MP_ROM_PTR(&mp_stream_read_obj) },
    { MP_ROM_QSTR(MP_QSTR_readinto), MP_ROM_PTR(&mp_stream_readinto_obj) },
    { MP_ROM_QSTR(MP_QSTR_readline), MP_ROM_PTR(&mp_stream_unbuffered_readline_obj) },
    { MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&mp_stream_write_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&mp_stream_close_obj) },
};
static MP_DEFINE_CONST_DICT(transport_locals_dict, transport_locals_dict_table);

// Own methods first, then those of the socket (setblocking, setsockopt, fileno ...).
static void transport_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    mrq_transport_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return;
    }
    mrq_load_attr_or_of(&transport_locals_dict, self->sock, attr, dest);
}

static MP_DEFINE_CONST_OBJ_TYPE(
    transport_type,
    MP_QSTR_Transport,
    MP_TYPE_FLAG_NONE,
    attr, transport_attr,
    protocol, &transport_stream_p,
    locals_dict, &transport_locals_dict
    );

mp_obj_t mrq_transport_new(mp_obj_t sock, const mrq_wait_t *wait) {
    mrq_transport_t *self = mp_obj_malloc(mrq_transport_t, &transport_type);
    self->sock = sock;
    self->connecting = true;
    self->wait = *wait;
    return MP_OBJ_FROM_PTR(self);
}

bool mrq_transport_connected(mp_obj_t self_in) {
    mrq_transport_t *self = MP_OBJ_TO_PTR(self_in);
    self->connecting = false;
    // A caller's TLS may have closed it.
    return self->sock == MP_OBJ_NULL || mrq_wait_apply(&self->wait, self->sock, false);
}
