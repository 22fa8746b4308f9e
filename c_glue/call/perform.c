// Performs a call: the functions that Rust calls during mrq_rs_exchange().

#include "py/mperrno.h"

#include "call/call.h"
#include "url/url.h"

static mp_obj_t new_response(const mrq_call_t *call) {
    mp_obj_t sock = call->connection.sock;
    mp_obj_t stream = call->connection.stream;
    if (call->response_class == MP_OBJ_FROM_PTR(&mrq_type_response)) {
        return MP_OBJ_FROM_PTR(mrq_response_new(sock, stream, call->save_headers));
    }
    mp_obj_t args[4] = { sock, stream, MP_OBJ_NEW_QSTR(MP_QSTR_save_headers), mp_obj_new_bool(call->save_headers) };
    mp_obj_t obj = mp_call_function_n_kw(call->response_class, 2, 1, args);
    mrq_response_t *self = mrq_response_of(obj);
    if (self == NULL || (self->flags & MRQ_FLAG_DRIVEN)) {
        mp_raise_TypeError(MP_ERROR_TEXT("response_class must return a new Response"));
    }
    self->outer = obj == MP_OBJ_FROM_PTR(self) ? MP_OBJ_NULL : obj;
    return obj;
}

static uint8_t protect(void (*fun)(void *), void *arg, mrq_error_t *err) {
    err->raised = mrq_protect(fun, arg);
    return err->raised == NULL ? MRQ_OK : MRQ_ERROR_RAISED;
}

static void begin_head(mrq_call_t *call) {
    mrq_stream_guard_t guard;
    mrq_stream_guard(&guard, call->connection.sock);
    call->response = new_response(call);
    call->native = mrq_response_of(call->response);
    mrq_response_begin_head(call->native);
    nlr_pop_jump_callback(false);
    const mrq_wait_t *wait = &call->connection.wait;
    if (wait->connect_ms != 0 && wait->read_ms != 0) {
        call->native->flags |= MRQ_FLAG_BLOCKING;
    }
    call->native->url = call->url;
    call->native->history = call->history;
}

typedef struct _open_args_t {
    mrq_call_t *call;
    const mrq_origin_t *origin;
    mrq_bytes_t url;
} open_args_t;

static void do_open(void *arg) {
    open_args_t *args = arg;
    mrq_call_t *call = args->call;
    if (call->history != MP_OBJ_NULL) {
        call->url = mrq_new_str(args->url);
    }
    // The response of an earlier hop is closed.
    call->native = NULL;
    mrq_connect(&call->connection, args->origin);
    begin_head(call);
}

uint8_t mrq_try_open(mrq_call_t *call, const mrq_origin_t *origin, mrq_bytes_t url, mrq_incoming_t **response, mrq_error_t *err) {
    open_args_t args = { call, origin, url };
    uint8_t code = protect(do_open, &args, err);
    if (code == MRQ_OK) {
        *response = &call->native->incoming;
    }
    return code;
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
    args->code = errcode == 0 ? MRQ_OK : mrq_stream_error(errcode, args->err);
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

typedef struct _call_guard_t {
    nlr_jump_callback_node_t node;
    mrq_call_t *call;
} call_guard_t;

static void abort_guarded_call(void *node) {
    mrq_call_t *call = ((call_guard_t *)node)->call;
    if (call->native != NULL) {
        mrq_response_abort(call->native);
    } else if (call->connection.sock != MP_OBJ_NULL) {
        mrq_close_stream(call->connection.sock);
    }
}

mp_obj_t mrq_perform(mrq_call_t *call, const mrq_request_t *request) {
    mrq_error_t err = { 0 };
    // Ctrl-C on the unix port raises anywhere.
    call_guard_t guard = { .call = call };
    nlr_push_jump_callback(&guard.node, abort_guarded_call);
    uint8_t code = mrq_rs_exchange(call, request, &err);
    nlr_pop_jump_callback(false);
    mrq_check_error(code, &err);
    return call->response;
}
