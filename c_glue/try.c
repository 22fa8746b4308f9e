// What Rust calls: each function that runs MicroPython code catches its exceptions.

#include "py/mperrno.h"

#include "mrequests.h"

// How often a stream may say "try again" in a row on a blocking connection, as TLS 1.3 does for
// session tickets, before that is passed on.
#define MAX_RETRIES (16)

// nlr_push() returns twice, and compilers are not told: nothing but the exception is used here
// after the second return, and callers' variables are safe in their own frames.
MP_NOINLINE void *mrq_protect(void (*fun)(void *), void *arg) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        fun(arg);
        nlr_pop();
        return NULL;
    }
    return nlr.ret_val;
}

bool mrq_ignore_errors(void (*fun)(void *), void *arg) {
    void *exc = mrq_protect(fun, arg);
    if (exc != NULL && !mrq_is_instance(exc, &mp_type_Exception)) {
        mp_sched_exception(MP_OBJ_FROM_PTR(exc));
    }
    return exc == NULL;
}

static uint8_t protect(void (*fun)(void *), void *arg, mrq_error_t *err) {
    err->raised = mrq_protect(fun, arg);
    return err->raised == NULL ? MRQ_OK : MRQ_ERROR_RAISED;
}

uint8_t *mrq_realloc(uint8_t *data, size_t old_size, size_t new_size) {
    (void)old_size;
    if (new_size == 0) {
        m_del(uint8_t, data, old_size);
        return NULL;
    }
    return m_renew_maybe(uint8_t, data, old_size, new_size, true);
}

typedef struct _open_args_t {
    mrq_call_t *call;
    const mrq_origin_t *origin;
    mrq_bytes_t url;
} open_args_t;

static void do_open(void *arg) {
    open_args_t *args = arg;
    if (args->call->history != MP_OBJ_NULL) {
        args->call->url = mrq_new_str(args->url);
    }
    mrq_open(args->call, args->origin);
}

uint8_t mrq_try_open(mrq_call_t *call, const mrq_origin_t *origin, mrq_bytes_t url, mrq_incoming_t **response, mrq_error_t *err) {
    open_args_t args = { call, origin, url };
    uint8_t code = protect(do_open, &args, err);
    if (code == MRQ_OK) {
        *response = &call->native->incoming;
    }
    return code;
}

// `errcode` is 0 of a stream that gives no reason.
static uint8_t error_of(int errcode, mrq_error_t *err) {
    errcode = errcode != 0 ? errcode : MP_EIO;
    err->number = errcode;
    return errcode == MP_EPIPE || errcode == MP_ECONNRESET ? MRQ_ERROR_PEER_CLOSED : MRQ_ERROR_OS;
}

uint8_t mrq_receive(mrq_response_t *self, uint8_t *data, size_t size, size_t *len, mrq_error_t *err) {
    mp_obj_t stream = self->stream;
    if (stream == MP_OBJ_NULL) {
        return MRQ_ERROR_CLOSED;
    }
    const mp_stream_p_t *stream_p = mrq_get_stream(&stream, MP_STREAM_OP_READ);
    int errcode;
    unsigned retries = 0;
    do {
        errcode = 0;
        *len = stream_p->read(stream, data, size, &errcode);
        // More than there is room for would be an error, too.
        if (*len <= size) {
            return MRQ_OK;
        }
    } while (mp_is_nonblocking_error(errcode) && (self->flags & MRQ_FLAG_BLOCKING) && ++retries < MAX_RETRIES);
    return error_of(errcode, err);
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

typedef struct _io_args_t {
    mrq_response_t *response;
    uint8_t *data;
    size_t size;
    size_t *len;
    mrq_error_t *err;
    uint8_t code;
} io_args_t;

static void do_read(void *arg) {
    io_args_t *args = arg;
    args->code = mrq_receive(args->response, args->data, args->size, args->len, args->err);
}

uint8_t mrq_try_read(mrq_incoming_t *response, uint8_t *data, size_t size, size_t *len, mrq_error_t *err) {
    io_args_t args = { mrq_response_with(response), data, size, len, err, MRQ_OK };
    uint8_t code = protect(do_read, &args, err);
    return code != MRQ_OK ? code : args.code;
}

static void do_write(void *arg) {
    io_args_t *args = arg;
    mp_obj_t stream = args->response->stream;
    if (stream == MP_OBJ_NULL) {
        args->code = MRQ_ERROR_CLOSED;
        return;
    }
    int errcode = mrq_write_all(stream, (mrq_bytes_t) { args->data, args->size });
    args->code = errcode == 0 ? MRQ_OK : error_of(errcode, args->err);
}

uint8_t mrq_try_write(mrq_incoming_t *response, mrq_bytes_t bytes, mrq_error_t *err) {
    io_args_t args = { mrq_response_with(response), (uint8_t *)bytes.data, bytes.len, NULL, err, MRQ_OK };
    uint8_t code = protect(do_write, &args, err);
    return code != MRQ_OK ? code : args.code;
}

void mrq_close(mrq_incoming_t *response) {
    mrq_response_close(mrq_response_with(response));
}

bool mrq_wants_fields(mrq_incoming_t *response) {
    return mrq_response_with(response)->flags & MRQ_FLAG_WANTS_FIELDS;
}

void mrq_set_status(mrq_incoming_t *response, uint16_t status) {
    mrq_response_with(response)->status_code = MP_OBJ_NEW_SMALL_INT(status);
}

typedef struct _keep_args_t {
    mrq_response_t *response;
    mrq_bytes_t value;
    uint8_t what;
} keep_args_t;

static void do_keep(void *arg) {
    keep_args_t *args = arg;
    mrq_response_keep(args->response, args->what, args->value);
}

uint8_t mrq_try_keep(mrq_incoming_t *response, uint8_t what, mrq_bytes_t value, mrq_error_t *err) {
    keep_args_t args = { mrq_response_with(response), value, what };
    return protect(do_keep, &args, err);
}

typedef struct _redirect_args_t {
    mrq_call_t *call;
    mrq_bytes_t url;
    uint16_t status;
} redirect_args_t;

static void do_note_redirect(void *arg) {
    redirect_args_t *args = arg;
    if (args->call->history == MP_OBJ_NULL) {
        args->call->history = mp_obj_new_list(0, NULL);
    }
    mp_obj_t entry[2] = { MP_OBJ_NEW_SMALL_INT(args->status), mrq_public_url(args->url) };
    mp_obj_list_append(args->call->history, mp_obj_new_tuple(2, entry));
}

uint8_t mrq_try_note_redirect(mrq_call_t *call, uint16_t status, mrq_bytes_t url, mrq_error_t *err) {
    redirect_args_t args = { call, url, status };
    return protect(do_note_redirect, &args, err);
}

typedef struct _piece_args_t {
    mrq_call_t *call;
    mrq_bytes_t piece;
    bool done;
} piece_args_t;

static void do_next_piece(void *arg) {
    piece_args_t *args = arg;
    args->piece = mrq_body_next_piece(args->call);
}

uint8_t mrq_try_next_piece(mrq_call_t *call, mrq_bytes_t *piece, mrq_error_t *err) {
    piece_args_t args = { .call = call };
    uint8_t code = protect(do_next_piece, &args, err);
    *piece = args.piece;
    return code;
}

static void do_rewind(void *arg) {
    piece_args_t *args = arg;
    args->done = mrq_body_rewind(args->call);
}

uint8_t mrq_try_rewind(mrq_call_t *call, mrq_error_t *err) {
    piece_args_t args = { .call = call };
    uint8_t code = protect(do_rewind, &args, err);
    return code == MRQ_OK && !args.done ? MRQ_ERROR_NOT_REPLAYABLE : code;
}
