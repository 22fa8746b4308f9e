// TLSSocket: a TLS connection over any stream.

#include "py/gc.h"
#include "py/mperrno.h"
#include "py/mphal.h"

#include "object/compat.h"
#include "tls/tls.h"

#if MREQUESTS_TLS

// How long a non-blocking stream may take for the next byte of a handshake or record.
#define MAX_WAIT_MS (10000)

// The alignment of Rust's part, and of heap blocks.
typedef struct _unit_t {
    _Alignas(MRQ_TLS_ALIGN_SIZE) uint8_t bytes[MRQ_TLS_ALIGN_SIZE];
} unit_t;

struct _mrq_tls_t {
    mp_obj_base_t base;
    mp_obj_t sock; // MP_OBJ_NULL once closed
    mrq_buf_t read_buffer;
    mrq_buf_t write_buffer;
    // The exception or errno of the stream below, after MRQ_ERROR_STREAM and MRQ_ERROR_AGAIN.
    void *raised;
    int errcode;
    // The start of the wait for the stream below, while `waiting`.
    uint32_t wait_start;
    bool waiting;
    uint8_t suite;
    // Rust is running. Stays set after Ctrl-C or a panic.
    bool busy;
    // Rust's part.
    unit_t state[];
};

_Static_assert(MICROPY_BYTES_PER_GC_BLOCK % MRQ_TLS_ALIGN_SIZE == 0, "Rust's part has to be aligned");

void *mrq_tls_state(mrq_tls_t *self) {
    return self->state;
}

/******************************************************************************/
// The stream below

typedef struct _io_args_t {
    mrq_tls_t *tls;
    void *data;
    size_t size;
    mp_uint_t done;
} io_args_t;

static void do_receive(void *arg) {
    io_args_t *args = arg;
    args->done = mrq_stream_read(args->tls->sock, args->data, args->size, &args->tls->errcode);
}

static void do_send(void *arg) {
    io_args_t *args = arg;
    args->done = mrq_stream_write(args->tls->sock, args->data, args->size, &args->tls->errcode);
}

static uint8_t transfer(void (*fun)(void *), io_args_t *args, size_t *len) {
    mrq_tls_t *tls = args->tls;
    if (tls->sock == MP_OBJ_NULL) {
        tls->errcode = MP_EBADF;
        return MRQ_ERROR_STREAM;
    }
    tls->raised = mrq_protect(fun, args);
    if (tls->raised != NULL) {
        return MRQ_ERROR_STREAM;
    }
    if (args->done != MP_STREAM_ERROR) {
        tls->waiting = false;
        *len = args->done;
        return MRQ_OK;
    }
    if (mp_is_nonblocking_error(tls->errcode)) {
        return MRQ_ERROR_AGAIN;
    }
    tls->waiting = false;
    return tls->errcode == MP_ETIMEDOUT ? MRQ_ERROR_AGAIN : MRQ_ERROR_STREAM;
}

uint8_t mrq_try_tls_receive(mrq_tls_t *tls, uint8_t *data, size_t size, size_t *len) {
    io_args_t args = { .tls = tls, .data = data, .size = size };
    return transfer(do_receive, &args, len);
}

uint8_t mrq_try_tls_send(mrq_tls_t *tls, mrq_bytes_t bytes, size_t *len) {
    io_args_t args = { .tls = tls, .data = (void *)bytes.data, .size = bytes.len };
    return transfer(do_send, &args, len);
}

typedef struct _wait_args_t {
    mrq_tls_t *tls;
    uintptr_t flags;
    bool ready;
} wait_args_t;

// Waits until the stream is ready or MAX_WAIT_MS have passed.
static void do_wait(void *arg) {
    wait_args_t *args = arg;
    mrq_tls_t *tls = args->tls;
    while (!args->ready && (uint32_t)mp_hal_ticks_ms() - tls->wait_start < MAX_WAIT_MS) {
        mp_hal_delay_ms(1);
        int errcode;
        // An error or the end counts as ready too: the next operation reports it.
        args->ready = tls->sock == MP_OBJ_NULL || mrq_stream_ioctl(tls->sock, MP_STREAM_POLL, args->flags, &errcode) != 0;
    }
}

uint8_t mrq_try_tls_wait(mrq_tls_t *tls, bool writing) {
    // The timeout of a blocking stream has elapsed.
    if (tls->errcode == MP_ETIMEDOUT || tls->sock == MP_OBJ_NULL) {
        return MRQ_ERROR_STREAM;
    }
    // Keeps the start if the stream was ready but gave no byte.
    if (!tls->waiting) {
        tls->waiting = true;
        tls->wait_start = mp_hal_ticks_ms();
    }
    wait_args_t args = { .tls = tls, .flags = writing ? MP_STREAM_POLL_WR : MP_STREAM_POLL_RD };
    tls->raised = mrq_protect(do_wait, &args);
    tls->waiting = args.ready;
    tls->errcode = MP_ETIMEDOUT;
    return args.ready && tls->raised == NULL ? MRQ_OK : MRQ_ERROR_STREAM;
}

/******************************************************************************/
// The connection

static void free_buf(mrq_buf_t *buf) {
    m_del(uint8_t, buf->data, buf->alloc);
    *buf = (mrq_buf_t) { 0 };
}

// Lets go of the stream below.
static void detach(mrq_tls_t *self) {
    self->sock = MP_OBJ_NULL;
    // Rust may be using the buffers if Python code below closes the socket: then the collector frees them.
    if (!self->busy) {
        free_buf(&self->read_buffer);
        free_buf(&self->write_buffer);
    }
}

static mp_obj_t take_sock(mrq_tls_t *self) {
    mp_obj_t sock = self->sock;
    detach(self);
    return sock;
}

// Closes the stream below without raising.
static void close_below(mrq_tls_t *self) {
    mp_obj_t sock = take_sock(self);
    if (sock != MP_OBJ_NULL) {
        mrq_close_stream(sock);
    }
}

static mrq_buf_t new_buf(size_t size) {
    return (mrq_buf_t) { m_new0(uint8_t, size), size, size };
}

static void check_can_verify(const mrq_tls_context_t *context, mp_obj_t host) {
    bool has_pins = context->pins.len > 0;
    bool has_anchors = context->anchors.len > 0 || (!has_pins && mrq_rs_tls_has_bundle());
    if (!has_anchors && !has_pins) {
        mp_raise_ValueError(MP_ERROR_TEXT("no trust anchors: the server cannot be verified"));
    }
    if (has_anchors && host == mp_const_none) {
        mp_raise_ValueError(MP_ERROR_TEXT("server_hostname is required to verify the server"));
    }
}

// The bytes of a str or bytes; other buffers may be changed by Python code in the stream below.
static mrq_bytes_t name_of(mp_obj_t host) {
    mrq_bytes_t name = { 0 };
    if (host != mp_const_none) {
        name.data = (const uint8_t *)mp_obj_str_get_data(host, &name.len);
    }
    return name;
}

// Raises the exception of the stream below, if there was one.
static void raise_kept(mrq_tls_t *self) {
    void *raised = self->raised;
    self->raised = NULL;
    if (raised != NULL) {
        nlr_jump(raised);
    }
}

// Raises the error of the stream below, if that is the reason of `code`.
static void check_stream(mrq_tls_t *self, uint8_t code) {
    if (code == MRQ_ERROR_STREAM || code == MRQ_ERROR_AGAIN) {
        raise_kept(self);
        mp_raise_OSError(self->errcode);
    }
}

uint8_t mrq_tls_connect(mrq_tls_context_t *context, mp_obj_t sock, mp_obj_t host, mp_obj_t *stream, mrq_error_t *err) {
    if (context->verify) {
        check_can_verify(context, host);
    }
    mrq_tls_check_stack(context->identity.len > 0);
    uint8_t seed[MRQ_TLS_SEED_SIZE];
    mrq_tls_seed(seed, sizeof(seed));
    mrq_tls_config_t config = {
        .server_name = name_of(host),
        .anchors = context->anchors,
        .pins = context->pins,
        .identity = context->identity,
        .seed = { seed, sizeof(seed) },
        .now = mrq_tls_now(),
        .record_size = context->record_size,
        .verify = context->verify,
    };

    // Large blocks first.
    mrq_buf_t read_buffer = new_buf(context->record_size + mrq_rs_tls_read_overhead());
    size_t units = (mrq_rs_tls_state_size() + sizeof(unit_t) - 1) / sizeof(unit_t);
    mrq_tls_t *self = mp_obj_malloc_var_with_finaliser(mrq_tls_t, state, unit_t, units, &mrq_type_tls_socket);
    self->sock = MP_OBJ_NULL;
    self->raised = NULL;
    self->waiting = false;
    self->suite = context->suite;
    self->read_buffer = read_buffer;
    self->write_buffer = (mrq_buf_t) { 0 };
    self->write_buffer = new_buf(MAX(context->write_size, mrq_rs_tls_least_write_size(&config)));
    mrq_rs_tls_init(self, context->suite, self->read_buffer, self->write_buffer);
    self->sock = sock;
    self->busy = true;
    uint8_t code = mrq_rs_tls_open(self, &config, err);
    self->busy = false;
    if (code != MRQ_OK) {
        detach(self);
        check_stream(self, code);
    }
    *stream = MP_OBJ_FROM_PTR(self);
    return code;
}

/******************************************************************************/
// The stream protocol

// Marks Rust as running; fails if the socket is closed or Rust is running already.
static bool enter(mrq_tls_t *self, int *errcode) {
    if (self->sock == MP_OBJ_NULL || self->busy) {
        *errcode = self->sock == MP_OBJ_NULL ? MP_EBADF : MP_EBUSY;
        return false;
    }
    self->busy = true;
    return true;
}

static mp_uint_t leave(mrq_tls_t *self, uint8_t code, size_t len, const mrq_error_t *err, int *errcode) {
    self->busy = false;
    switch (code) {
        case MRQ_OK:
            return len;
        case MRQ_ERROR_STREAM:
        case MRQ_ERROR_AGAIN:
            if (self->raised != NULL) {
                // The exception interrupted a record.
                close_below(self);
                raise_kept(self);
            }
            *errcode = self->errcode;
            return MP_STREAM_ERROR;
        default:
            mrq_raise_error(err);
    }
}

static mp_uint_t tls_socket_read(mp_obj_t self_in, void *buf, mp_uint_t size, int *errcode) {
    mrq_tls_t *self = MP_OBJ_TO_PTR(self_in);
    if (!enter(self, errcode)) {
        return MP_STREAM_ERROR;
    }
    mrq_error_t err = { 0 };
    size_t len = 0;
    uint8_t code = mrq_rs_tls_read(self, buf, size, &len, &err);
    return leave(self, code, len, &err, errcode);
}

static mp_uint_t tls_socket_write(mp_obj_t self_in, const void *buf, mp_uint_t size, int *errcode) {
    mrq_tls_t *self = MP_OBJ_TO_PTR(self_in);
    if (!enter(self, errcode)) {
        return MP_STREAM_ERROR;
    }
    mrq_error_t err = { 0 };
    size_t len = 0;
    uint8_t code = mrq_rs_tls_write(self, (mrq_bytes_t) { buf, size }, &len, &err);
    return leave(self, code, len, &err, errcode);
}

static mp_uint_t tls_socket_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode) {
    mrq_tls_t *self = MP_OBJ_TO_PTR(self_in);
    if (request == MP_STREAM_CLOSE) {
        // Sends nothing during a collection (from a finaliser).
        if (!gc_is_locked() && enter(self, errcode)) {
            mrq_rs_tls_close(self);
            self->busy = false;
        }
        mp_obj_t sock = take_sock(self);
        if (sock != MP_OBJ_NULL) {
            mrq_close_stream_raise(sock);
        }
        return 0;
    }
    // No descriptor: select() would not see decrypted content.
    if (request != MP_STREAM_POLL) {
        *errcode = MP_EINVAL;
        return MP_STREAM_ERROR;
    }
    if (self->sock == MP_OBJ_NULL) {
        return MP_STREAM_POLL_NVAL;
    }
    if ((arg & MP_STREAM_POLL_RD) && !self->busy && mrq_rs_tls_has_pending(self)) {
        return MP_STREAM_POLL_RD | (arg & MP_STREAM_POLL_WR);
    }
    return mrq_stream_ioctl(self->sock, request, arg, errcode);
}

static const mp_stream_p_t tls_socket_stream_p = {
    .read = tls_socket_read,
    .write = tls_socket_write,
    .ioctl = tls_socket_ioctl,
};

// The finaliser: closes the stream below without sending anything.
static mp_obj_t tls_socket___del__(mp_obj_t self_in) {
    close_below(MP_OBJ_TO_PTR(self_in));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(tls_socket___del___obj, tls_socket___del__);

static mp_obj_t tls_socket_cipher(mp_obj_t self_in) {
    mrq_tls_t *self = MP_OBJ_TO_PTR(self_in);
    mp_obj_t items[2] = { mrq_new_str(mrq_rs_tls_suite_name(self->suite)), mrq_new_str(MRQ_BYTES("TLSv1.3")) };
    return mp_obj_new_tuple(2, items);
}
static MP_DEFINE_CONST_FUN_OBJ_1(tls_socket_cipher_obj, tls_socket_cipher);

static const mp_rom_map_elem_t tls_socket_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&tls_socket___del___obj) },
    { MP_ROM_QSTR(MP_QSTR___enter__), MP_ROM_PTR(&mp_identity_obj) },
    { MP_ROM_QSTR(MP_QSTR___exit__), MP_ROM_PTR(&mp_stream___exit___obj) },
    { MP_ROM_QSTR(MP_QSTR_cipher), MP_ROM_PTR(&tls_socket_cipher_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&mp_stream_close_obj) },
    { MP_ROM_QSTR(MP_QSTR_read), MP_ROM_PTR(&mp_stream_read_obj) },
    { MP_ROM_QSTR(MP_QSTR_readinto), MP_ROM_PTR(&mp_stream_readinto_obj) },
    { MP_ROM_QSTR(MP_QSTR_readline), MP_ROM_PTR(&mp_stream_unbuffered_readline_obj) },
    { MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&mp_stream_write_obj) },
};
static MP_DEFINE_CONST_DICT(tls_socket_locals_dict, tls_socket_locals_dict_table);

// Passes on only those methods of the socket that move no data: send() would bypass TLS.
static void tls_socket_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    mrq_tls_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return;
    }
    switch (attr) {
        case MP_QSTR_fileno:
        case MP_QSTR_setblocking:
        case MP_QSTR_setsockopt:
        case MP_QSTR_settimeout:
            if (self->sock != MP_OBJ_NULL) {
                mp_load_method_maybe(self->sock, attr, dest);
            }
            break;
        default:
            dest[1] = MP_OBJ_SENTINEL; // go on in locals_dict
    }
}

MP_DEFINE_CONST_OBJ_TYPE(
    mrq_type_tls_socket,
    MP_QSTR_TLSSocket,
    MP_TYPE_FLAG_ITER_IS_STREAM,
    attr, tls_socket_attr,
    protocol, &tls_socket_stream_p,
    locals_dict, &tls_socket_locals_dict
    );

#endif // MREQUESTS_TLS
