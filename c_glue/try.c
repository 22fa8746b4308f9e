// What Rust calls: each function that runs MicroPython code catches its exceptions.

#include "py/mperrno.h"

#include "mrequests.h"

// How often a stream may say "try again" in a row on a blocking connection, as TLS 1.3 does for
// session tickets, before that is passed on.
#define MAX_RETRIES (16)

static uint8_t raised(mrq_error_t *err, const nlr_buf_t *nlr) {
    err->raised = nlr->ret_val;
    return MRQ_ERROR_RAISED;
}

static uint8_t os_error(mrq_error_t *err, int errcode) {
    err->number = errcode;
    return errcode == MP_EPIPE || errcode == MP_ECONNRESET ? MRQ_ERROR_PEER_CLOSED : MRQ_ERROR_OS;
}

uint8_t *mrq_realloc(uint8_t *data, size_t old_size, size_t new_size) {
    (void)old_size;
    if (new_size == 0) {
        #if MICROPY_MALLOC_USES_ALLOCATED_SIZE
        m_free(data, old_size);
        #else
        m_free(data);
        #endif
        return NULL;
    }
    #if MICROPY_MALLOC_USES_ALLOCATED_SIZE
    return m_realloc_maybe(data, old_size, new_size, true);
    #else
    return m_realloc_maybe(data, new_size, true);
    #endif
}

uint8_t mrq_try_open(mrq_call_t *call, mrq_bytes_t host, uint16_t port, bool tls, mrq_bytes_t url, bool large, mrq_response_t **response, mrq_error_t *err) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        if (call->history != MP_OBJ_NULL) {
            call->url = mrq_new_str(url);
        }
        mrq_open(call, host, port, tls, large);
        mrq_response_prepare(call);
        *response = mrq_response_of(call->response);
        nlr_pop();
        return MRQ_OK;
    }
    return raised(err, &nlr);
}

uint8_t mrq_try_read(mrq_response_t *self, uint8_t *data, size_t size, size_t *len, mrq_error_t *err) {
    if (self->stream == MP_OBJ_NULL) {
        return MRQ_ERROR_CLOSED;
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        const mp_stream_p_t *stream_p = mp_get_stream_raise(self->stream, MP_STREAM_OP_READ);
        mp_uint_t got;
        int errcode;
        unsigned retries = 0;
        do {
            got = stream_p->read(self->stream, data, size, &errcode);
        } while (got == MP_STREAM_ERROR && mp_is_nonblocking_error(errcode)
                 && (self->flags & MRQ_FLAG_BLOCKING) && ++retries < MAX_RETRIES);
        nlr_pop();
        if (got == MP_STREAM_ERROR) {
            return os_error(err, errcode);
        }
        *len = got;
        return MRQ_OK;
    }
    return raised(err, &nlr);
}

uint8_t mrq_try_write(mrq_response_t *self, mrq_bytes_t bytes, mrq_error_t *err) {
    if (self->stream == MP_OBJ_NULL) {
        return MRQ_ERROR_CLOSED;
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_get_stream_raise(self->stream, MP_STREAM_OP_WRITE);
        int errcode;
        mp_uint_t done = mp_stream_rw(self->stream, (void *)bytes.data, bytes.len, &errcode, MP_STREAM_RW_WRITE);
        nlr_pop();
        if (errcode != 0) {
            return os_error(err, errcode);
        }
        // A stream that takes nothing and gives no reason.
        return done == bytes.len ? MRQ_OK : os_error(err, MP_EIO);
    }
    return raised(err, &nlr);
}

void mrq_close(mrq_response_t *self) {
    mrq_response_close(self);
}

bool mrq_wants_fields(const mrq_response_t *self) {
    return self->flags & MRQ_FLAG_WANTS_FIELDS;
}

uint8_t mrq_try_add_field(mrq_response_t *self, mrq_bytes_t line, mrq_error_t *err) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mrq_response_add_field(self, line);
        nlr_pop();
        return MRQ_OK;
    }
    return raised(err, &nlr);
}

uint8_t mrq_try_keep(mrq_response_t *self, uint8_t what, mrq_bytes_t value, mrq_error_t *err) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mrq_response_keep(self, what, value);
        nlr_pop();
        return MRQ_OK;
    }
    return raised(err, &nlr);
}

void mrq_set_status(mrq_response_t *self, uint16_t status) {
    self->status_code = MP_OBJ_NEW_SMALL_INT(status);
}

uint8_t mrq_try_note_redirect(mrq_call_t *call, uint16_t status, mrq_bytes_t url, mrq_error_t *err) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        if (call->history == MP_OBJ_NULL) {
            call->history = mp_obj_new_list(0, NULL);
        }
        mp_obj_t entry[2] = { MP_OBJ_NEW_SMALL_INT(status), mrq_public_url(url) };
        mp_obj_list_append(call->history, mp_obj_new_tuple(2, entry));
        nlr_pop();
        return MRQ_OK;
    }
    return raised(err, &nlr);
}

mrq_incoming_t *mrq_incoming(mrq_response_t *self) {
    return &self->incoming;
}
