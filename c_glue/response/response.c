// The state of a response; dispatches to the methods of a subclass.

#include "py/mperrno.h"
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
        mp_raise_OSError(MP_EAGAIN);
    }
    // Looks the buffer up after the call, which may have resized it.
    mrq_bytes_t bytes = mrq_get_bytes_raise(buf);
    mp_int_t n = mp_obj_get_int(len);
    if (n < 0 || (size_t)n > bytes.len) {
        mp_raise_ValueError(MP_ERROR_TEXT("readinto() returned a length outside its buffer"));
    }
    return (mrq_bytes_t) { bytes.data, n };
}

void mrq_response_check(mrq_response_t *self) {
    if (self->state == MRQ_STATE_HEAD || self->state == MRQ_STATE_READING) {
        mrq_raise_os_error(MP_EBUSY, "response is in use");
    }
    if (self->state != MRQ_STATE_FAILED) {
        return;
    }
    if (self->failure_code != MRQ_OK) {
        mrq_error_t err;
        mrq_rs_explain(self->failure_code, &self->incoming, &err);
        mrq_raise_error(&err);
    }
    if (self->failure_errno == MP_EBADF) {
        mrq_raise_os_error(MP_EBADF, "response is closed");
    }
    mp_raise_OSError(self->failure_errno);
}

void mrq_response_fail(mrq_response_t *self, uint8_t code, int errcode) {
    self->state = MRQ_STATE_FAILED;
    self->failure_code = code;
    self->failure_errno = errcode;
    mrq_connection_close(self->connection);
}

void mrq_response_abort(mrq_response_t *self) {
    mrq_response_fail(self, MRQ_OK, MP_EBADF);
}

static void close_guarded_response(void *node) {
    mrq_response_t *response = ((mrq_response_guard_t *)node)->response;
    // Leave the connection open on EBUSY: another reader owns it.
    if (response->state != MRQ_STATE_HEAD && response->state != MRQ_STATE_READING) {
        mrq_connection_close(response->connection);
    }
}

void mrq_response_guard(mrq_response_guard_t *self, mrq_response_t *response) {
    self->response = response;
    nlr_push_jump_callback(&self->node, close_guarded_response);
}
