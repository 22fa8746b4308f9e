// Closes a response's connection; dispatches to the methods of a subclass.

#include "py/objstr.h"

#include "response/response.h"

mp_obj_t mrq_response_self(mrq_response_t *self) {
    return self->outer != MP_OBJ_NULL ? self->outer : MP_OBJ_FROM_PTR(self);
}

bool mrq_is_overridden(mrq_response_t *self, qstr name, const void *fun) {
    if (self->outer == MP_OBJ_NULL) {
        return false;
    }
    mp_obj_t dest[2];
    mp_load_method(self->outer, name, dest);
    return dest[0] != MP_OBJ_FROM_PTR(fun);
}

mrq_bytes_t mrq_call_readinto(mrq_response_t *self, mp_obj_t buf, mp_int_t size) {
    mp_obj_t dest[4];
    mp_load_method(mrq_response_self(self), MP_QSTR_readinto, dest);
    dest[2] = buf;
    dest[3] = mp_obj_new_int(size);
    mp_obj_t len = mp_call_method_n_kw(2, 0, dest);
    if (len == mp_const_none) {
        return mrq_bytes_of("");
    }
    // Looks the buffer up after the call, which may have resized it.
    mrq_bytes_t bytes = mrq_get_bytes_raise(buf);
    mp_int_t n = mp_obj_get_int(len);
    if (n < 0 || (size_t)n > bytes.len) {
        mp_raise_ValueError(MP_ERROR_TEXT("readinto() returned a length outside its buffer"));
    }
    return (mrq_bytes_t) { bytes.data, n };
}

void mrq_response_check_open(mrq_response_t *self) {
    if (self->flags & MRQ_FLAG_CLOSED) {
        mrq_check(MRQ_ERROR_CLOSED);
    }
}

void mrq_response_close(mrq_response_t *self) {
    mp_obj_t stream = self->stream;
    mp_obj_t sock = self->sock;
    self->stream = MP_OBJ_NULL;
    self->sock = MP_OBJ_NULL;
    if (stream != MP_OBJ_NULL) {
        mrq_close_stream(stream);
    }
    // The TLS stream closes its socket, except after a failure.
    if (sock != MP_OBJ_NULL && sock != stream) {
        mrq_close_stream(sock);
    }
}

void mrq_response_abort(mrq_response_t *self) {
    mrq_response_close(self);
    mrq_rs_discard(&self->incoming);
}

static void close_guarded_response(void *node) {
    mrq_response_t *response = ((mrq_response_guard_t *)node)->response;
    // Leave the connection open on EBUSY: another reader owns it.
    if (!mrq_rs_is_busy(&response->incoming)) {
        mrq_response_close(response);
    }
}

void mrq_response_guard(mrq_response_guard_t *self, mrq_response_t *response) {
    self->response = response;
    nlr_push_jump_callback(&self->node, close_guarded_response);
}
