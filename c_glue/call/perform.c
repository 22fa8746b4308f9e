// Performs a call: the steps that Rust decides.

#include "py/mperrno.h"

#include "call/call.h"
#include "url/url.h"

static void open_connection(mrq_call_t *call, const mrq_step_t *step) {
    if (call->history != MP_OBJ_NULL) {
        call->url = mrq_new_str(step->bytes);
    }
    call->connection = mrq_connect(&call->connector, &step->origin);
}

// Raises if the next bytes are a piece whose bytearray was resized, as Python code of the stream can do between two writes.
static void check_piece(const mrq_call_t *call, const mrq_step_t *step) {
    bool is_piece = step->piece.data <= step->bytes.data && step->bytes.data < step->piece.data + step->piece.len;
    if (is_piece && !mp_obj_is_str(call->piece) && mrq_get_bytes_raise(call->piece).data != step->piece.data) {
        mp_raise_ValueError(MP_ERROR_TEXT("body was resized while it was sent"));
    }
}

static void send_bytes(mrq_call_t *call, mrq_step_t *step) {
    int errcode;
    check_piece(call, step);
    step->done = mrq_connection_send(call->connection, step->bytes.data, step->bytes.len, &errcode);
    step->peer_closed = false;
    if (step->done == MP_STREAM_ERROR) {
        step->done = 0;
        // The server may have responded before it closed: its response is read.
        step->peer_closed = errcode == MP_EPIPE || errcode == MP_ECONNRESET;
        if (!step->peer_closed) {
            mp_raise_OSError(errcode);
        }
    }
}

static void rewind_body(mrq_call_t *call) {
    if (!mrq_body_rewind(call)) {
        mrq_raise_os_error(MP_ESPIPE, "redirect requires the body again, which cannot be sent twice");
    }
}

static mp_obj_t new_response(const mrq_call_t *call) {
    if (call->response_class == MP_OBJ_FROM_PTR(&mrq_type_response)) {
        return MP_OBJ_FROM_PTR(mrq_response_new(call->connection, call->save_headers));
    }
    mp_obj_t args[4] = {
        MP_OBJ_FROM_PTR(call->connection), mrq_connection_stream(call->connection),
        MP_OBJ_NEW_QSTR(MP_QSTR_save_headers), mp_obj_new_bool(call->save_headers),
    };
    mp_obj_t obj = mp_call_function_n_kw(call->response_class, 2, 1, args);
    mrq_response_t *self = mrq_response_of(obj);
    if (self == NULL || (self->flags & MRQ_FLAG_DRIVEN)) {
        mp_raise_TypeError(MP_ERROR_TEXT("response_class must return a new Response"));
    }
    self->outer = obj == MP_OBJ_FROM_PTR(self) ? MP_OBJ_NULL : obj;
    return obj;
}

static void begin_head(mrq_call_t *call) {
    call->response = new_response(call);
    call->native = mrq_response_of(call->response);
    call->native->url = call->url;
    call->native->history = call->history;
    mrq_response_begin_head(call->native);
}

static void receive(mrq_call_t *call, mrq_step_t *step) {
    int errcode;
    step->done = mrq_connection_receive(call->native->connection, step->into, step->room, &errcode);
    if (step->done == MP_STREAM_ERROR) {
        mp_raise_OSError(errcode);
    }
}

static void close_call(mrq_call_t *call) {
    // A subclass can have replaced the connection of its response.
    if (call->native != NULL) {
        mrq_response_abort(call->native);
        call->native = NULL;
    }
    if (call->connection != NULL) {
        mrq_connection_close(call->connection);
        call->connection = NULL;
    }
}

static void end_head(mrq_call_t *call) {
    mrq_response_end_head(call->native);
    if (mrq_response_of(call->response) != call->native) {
        // The subclass has initialised itself again: nobody else can close the connection.
        close_call(call);
    }
}

static void redirect(mrq_call_t *call, const mrq_step_t *step) {
    if (call->history == MP_OBJ_NULL) {
        call->history = mp_obj_new_list(0, NULL);
    }
    mp_obj_t entry[2] = { MP_OBJ_NEW_SMALL_INT(step->status), mrq_public_url(step->bytes) };
    mp_obj_list_append(call->history, mp_obj_new_tuple(2, entry));
    close_call(call);
}

// Performs one step. Returns false after the last.
static bool perform_step(mrq_call_t *call, mrq_step_t *step) {
    switch (step->kind) {
        case MRQ_STEP_OPEN:
            open_connection(call, step);
            return true;
        case MRQ_STEP_SEND:
            send_bytes(call, step);
            return true;
        case MRQ_STEP_PIECE:
            step->piece = mrq_body_next_piece(call);
            return true;
        case MRQ_STEP_REWIND:
            rewind_body(call);
            return true;
        case MRQ_STEP_HEAD:
            begin_head(call);
            return true;
        case MRQ_STEP_RECEIVE:
            receive(call, step);
            return true;
        case MRQ_STEP_STATUS:
            mrq_response_set_status(call->native, step->status, step->bytes);
            return true;
        case MRQ_STEP_FIELD:
            mrq_response_add_field(call->native, step->bytes, step->field, step->value);
            return true;
        case MRQ_STEP_REDIRECTED:
            redirect(call, step);
            return true;
        default: // MRQ_STEP_DONE
            end_head(call);
            return false;
    }
}

typedef struct _call_guard_t {
    nlr_jump_callback_node_t node;
    mrq_call_t *call;
} call_guard_t;

static void close_guarded_call(void *node) {
    close_call(((call_guard_t *)node)->call);
}

mp_obj_t mrq_perform(mrq_call_t *call, const mrq_request_t *request) {
    mrq_step_t step = { 0 };
    mrq_rs_call_init(&call->exchange);
    call_guard_t guard = { .call = call };
    nlr_push_jump_callback(&guard.node, close_guarded_call);
    do {
        mrq_incoming_t *incoming = call->native != NULL ? &call->native->incoming : NULL;
        mrq_check(mrq_rs_call_step(&call->exchange, request, incoming, &step));
    } while (perform_step(call, &step));
    nlr_pop_jump_callback(false);
    return call->response;
}
