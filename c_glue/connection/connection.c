// Connection: a socket and the TLS over it. It closes its socket once, as the port's TLS closes it on some errors only,
// and applies the deadline to every operation of the socket.

#include "py/mperrno.h"

#include "connection/connection.h"

// EAGAIN in a row from TLS over a blocking socket before it is reported: mbedtls returns it for TLS 1.3 session tickets.
#define MAX_RETRIES (16)

static const mp_obj_type_t connection_type;

mrq_connection_t *mrq_connection_new(void) {
    mrq_connection_t *self = mp_obj_malloc_with_finaliser(mrq_connection_t, &connection_type);
    self->sock = MP_OBJ_NULL;
    self->tls = MP_OBJ_NULL;
    self->read = NULL;
    // Whether a stream of Python code blocks is unknown.
    self->wait = (mrq_wait_t) { .timeout = mp_const_none };
    return self;
}

mp_obj_t mrq_connection_stream(mrq_connection_t *self) {
    return self->tls != MP_OBJ_NULL ? self->tls : MP_OBJ_FROM_PTR(self);
}

mrq_connection_t *mrq_connection_over(mp_obj_t sock, mp_obj_t stream) {
    if (mp_obj_is_type(sock, &connection_type) && stream == mrq_connection_stream(MP_OBJ_TO_PTR(sock))) {
        return MP_OBJ_TO_PTR(sock);
    }
    mrq_connection_t *self = mrq_connection_new();
    self->sock = sock;
    self->tls = stream != sock ? stream : MP_OBJ_NULL;
    return self;
}

bool mrq_connection_establish(mrq_connection_t *self, const mrq_wait_t *wait) {
    bool is_other = wait->ms != self->wait.ms || wait->has_deadline;
    self->wait = *wait;
    if (self->sock == MP_OBJ_NULL) {
        return true; // closed by a caller's TLS
    }
    const mp_stream_p_t *stream_p = mrq_own_protocol(self->sock);
    if (stream_p != NULL && self->tls == MP_OBJ_NULL && !wait->has_deadline) {
        self->read = stream_p->read;
    }
    return !is_other || mrq_wait_apply(wait, self->sock);
}

// Takes the socket out, to close it once.
static mp_obj_t take_socket(mrq_connection_t *self) {
    mp_obj_t sock = self->sock;
    self->sock = MP_OBJ_NULL;
    self->read = NULL;
    return sock;
}

// The socket, ready for one operation; MP_OBJ_NULL with an errno if it is closed or the deadline has passed.
static mp_obj_t ready_socket(mrq_connection_t *self, int *errcode) {
    if (self->wait.has_deadline && self->sock != MP_OBJ_NULL && !mrq_wait_apply(&self->wait, self->sock)) {
        *errcode = MP_ETIMEDOUT;
        return MP_OBJ_NULL;
    }
    // settimeout() may run Python code that closes the connection.
    if (self->sock == MP_OBJ_NULL) {
        *errcode = MP_EBADF;
    }
    return self->sock;
}

static mp_uint_t connection_read(mp_obj_t self_in, void *data, mp_uint_t size, int *errcode) {
    mp_obj_t sock = ready_socket(MP_OBJ_TO_PTR(self_in), errcode);
    return sock == MP_OBJ_NULL ? MP_STREAM_ERROR : mrq_stream_read(sock, data, size, errcode);
}

static mp_uint_t connection_write(mp_obj_t self_in, const void *data, mp_uint_t size, int *errcode) {
    mp_obj_t sock = ready_socket(MP_OBJ_TO_PTR(self_in), errcode);
    return sock == MP_OBJ_NULL ? MP_STREAM_ERROR : mrq_stream_write(sock, data, size, errcode);
}

static mp_uint_t connection_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode) {
    mrq_connection_t *self = MP_OBJ_TO_PTR(self_in);
    if (request == MP_STREAM_CLOSE) {
        mp_obj_t sock = take_socket(self);
        if (sock != MP_OBJ_NULL) {
            mrq_close_stream_raise(sock);
        }
        return 0;
    }
    if (self->sock == MP_OBJ_NULL) {
        *errcode = MP_EBADF;
        return MP_STREAM_ERROR;
    }
    return mrq_stream_ioctl(self->sock, request, arg, errcode);
}

static const mp_stream_p_t connection_stream_p = {
    .read = connection_read,
    .write = connection_write,
    .ioctl = connection_ioctl,
};

mp_uint_t mrq_connection_receive(mrq_connection_t *self, void *data, size_t size, int *errcode) {
    mp_uint_t len;
    if (self->read != NULL) {
        *errcode = 0;
        len = self->read(self->sock, data, size, errcode);
        return len <= size ? len : mrq_stream_failure(errcode);
    }
    unsigned retries = 0;
    do {
        if (self->tls == MP_OBJ_NULL) {
            return connection_read(MP_OBJ_FROM_PTR(self), data, size, errcode);
        }
        len = mrq_stream_read(self->tls, data, size, errcode);
    } while (len == MP_STREAM_ERROR && mp_is_nonblocking_error(*errcode) && self->wait.ms != 0 && ++retries < MAX_RETRIES);
    return len;
}

mp_uint_t mrq_connection_send(mrq_connection_t *self, const void *data, size_t size, int *errcode) {
    return self->tls == MP_OBJ_NULL
        ? connection_write(MP_OBJ_FROM_PTR(self), data, size, errcode)
        : mrq_stream_write(self->tls, data, size, errcode);
}

mp_uint_t mrq_connection_poll(mrq_connection_t *self, uintptr_t flags, int *errcode) {
    mp_obj_t stream = self->tls != MP_OBJ_NULL ? self->tls : self->sock;
    // A closed connection is ready: the next operation fails at once.
    return stream == MP_OBJ_NULL ? flags : mrq_stream_ioctl(stream, MP_STREAM_POLL, flags, errcode);
}

void mrq_connection_close(mrq_connection_t *self) {
    mp_obj_t tls = self->tls;
    self->tls = MP_OBJ_NULL;
    if (tls != MP_OBJ_NULL) {
        mrq_close_stream(tls);
    }
    // TLS closes its socket, except after a failure.
    mp_obj_t sock = take_socket(self);
    if (sock != MP_OBJ_NULL) {
        mrq_close_stream(sock);
    }
}

// The finaliser.
static mp_obj_t connection___del__(mp_obj_t self_in) {
    mrq_connection_close(MP_OBJ_TO_PTR(self_in));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(connection___del___obj, connection___del__);

// Keeps the timeout for the deadline, which shortens it, and to know whether the socket blocks.
static mp_obj_t connection_settimeout(mp_obj_t self_in, mp_obj_t timeout) {
    mrq_connection_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->sock == MP_OBJ_NULL) {
        mp_raise_OSError(MP_EBADF);
    }
    mrq_wait_set_timeout(&self->wait, timeout);
    return mrq_call_method(self->sock, MP_QSTR_settimeout, timeout);
}
static MP_DEFINE_CONST_FUN_OBJ_2(connection_settimeout_obj, connection_settimeout);

static mp_obj_t connection_setblocking(mp_obj_t self_in, mp_obj_t blocking) {
    return connection_settimeout(self_in, mp_obj_is_true(blocking) ? mp_const_none : MP_OBJ_NEW_SMALL_INT(0));
}
static MP_DEFINE_CONST_FUN_OBJ_2(connection_setblocking_obj, connection_setblocking);

static const mp_rom_map_elem_t connection_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&connection___del___obj) },
    { MP_ROM_QSTR(MP_QSTR_read), MP_ROM_PTR(&mp_stream_read_obj) },
    { MP_ROM_QSTR(MP_QSTR_readinto), MP_ROM_PTR(&mp_stream_readinto_obj) },
    { MP_ROM_QSTR(MP_QSTR_readline), MP_ROM_PTR(&mp_stream_unbuffered_readline_obj) },
    { MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&mp_stream_write_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&mp_stream_close_obj) },
    { MP_ROM_QSTR(MP_QSTR_settimeout), MP_ROM_PTR(&connection_settimeout_obj) },
    { MP_ROM_QSTR(MP_QSTR_setblocking), MP_ROM_PTR(&connection_setblocking_obj) },
};
static MP_DEFINE_CONST_DICT(connection_locals_dict, connection_locals_dict_table);

// Own methods first, then those of the socket (setsockopt, fileno ...).
static void connection_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    mrq_connection_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return;
    }
    mrq_load_attr_or_of(&connection_locals_dict, self->sock, attr, dest);
}

static MP_DEFINE_CONST_OBJ_TYPE(
    connection_type,
    MP_QSTR_Connection,
    MP_TYPE_FLAG_NONE,
    attr, connection_attr,
    protocol, &connection_stream_p,
    locals_dict, &connection_locals_dict
    );
