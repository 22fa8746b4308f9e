// Reads content: read() and readinto().

#include "py/mperrno.h"
#include "py/objstr.h"

#include "response/response.h"

// EAGAIN in a row from a blocking stream before it is reported: mbedtls returns it for TLS 1.3 session tickets.
#define MAX_RETRIES (16)

// Bytes of the first allocation where the length is unknown.
#define FIRST_SIZE (512)

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
        // A larger value is MP_STREAM_ERROR, or a faulty stream.
        if (*len <= size) {
            return MRQ_OK;
        }
    } while (mp_is_nonblocking_error(errcode) && (self->flags & MRQ_FLAG_BLOCKING) && ++retries < MAX_RETRIES);
    return mrq_stream_error(errcode, err);
}

static void abort_guarded_response(void *node) {
    mrq_response_abort(((mrq_response_guard_t *)node)->response);
}

// Runs the steps of a read. An exception aborts the response.
static uint8_t read_content(mrq_response_t *self, mrq_read_t *read, mrq_error_t *err) {
    mrq_response_check_open(self);
    mrq_response_guard_t guard = { .response = self };
    nlr_push_jump_callback(&guard.node, abort_guarded_response);
    uint8_t code;
    while ((code = mrq_rs_read(&self->incoming, read, err)) == MRQ_OK && read->room > 0) {
        read->code = mrq_receive(self, read->into, read->room, &read->received, err);
    }
    nlr_pop_jump_callback(false);
    if (read->ended) {
        mrq_response_close(self);
    }
    return code;
}

size_t mrq_response_read(mrq_response_t *self, void *data, size_t size, bool fill) {
    mrq_read_t read = { .data = data, .size = size, .fill = fill };
    mrq_error_t err = { 0 };
    mrq_check_error(read_content(self, &read, &err), &err);
    return read.done;
}

bool mrq_response_read_byte(mrq_response_t *self, char *byte, bool may_end) {
    mrq_read_t read = { .data = (uint8_t *)byte, .size = 1 };
    mrq_error_t err = { 0 };
    uint8_t code = read_content(self, &read, &err);
    if (!may_end) {
        mrq_check_error(code, &err);
    }
    return read.done > 0;
}

// Content of known length: one allocation of that size (and a NUL), or none.
static mp_obj_t read_known(mrq_response_t *self, uint64_t remaining) {
    if (remaining == 0) {
        mrq_response_read(self, NULL, 0, false);
        return mp_const_empty_bytes;
    }
    uint8_t *data = remaining < SIZE_MAX ? m_new_maybe(uint8_t, (size_t)remaining + 1) : NULL;
    if (data == NULL) {
        mrq_response_close(self);
        m_malloc_fail(remaining < SIZE_MAX ? (size_t)remaining : SIZE_MAX);
    }
    for (size_t len = 0; len < remaining;) {
        // Fills the buffer; an early end raises.
        len += mrq_response_read(self, data + len, remaining - len, true);
    }
    data[remaining] = '\0';
    return mrq_own(&mp_type_bytes, data, remaining);
}

static mp_obj_t read_unknown(mrq_response_t *self) {
    size_t len = 0;
    size_t alloc = FIRST_SIZE + 1;
    uint8_t *data = m_new(uint8_t, alloc);
    for (;;) {
        size_t got = mrq_response_read(self, data + len, alloc - 1 - len, true);
        len += got;
        if (got == 0) {
            break;
        }
        if (len == alloc - 1) {
            // Grows by a quarter, so that large bodies are not copied too often.
            size_t more = MAX(FIRST_SIZE, len / 4);
            data = m_renew(uint8_t, data, alloc, alloc + more);
            alloc += more;
        }
    }
    mrq_buf_t buf = { data, len, alloc };
    return mrq_buf_to_bytes(&buf);
}

mp_obj_t mrq_response_read_rest(mrq_response_t *self) {
    mrq_response_check_open(self);
    uint64_t remaining = mrq_rs_remaining(&self->incoming);
    return remaining == MRQ_UNKNOWN ? read_unknown(self) : read_known(self, remaining);
}

static mp_obj_t read_up_to(mrq_response_t *self, mp_int_t size) {
    uint64_t remaining = mrq_rs_remaining(&self->incoming);
    if (size < 0 || remaining == 0) {
        return mrq_response_read_rest(self);
    }
    // Allocates no more than the remaining content.
    size_t len = MIN((uint64_t)size, remaining);
    mrq_buf_t buf = { m_new(uint8_t, len + 1), 0, len + 1 };
    buf.len = mrq_response_read(self, buf.data, len, true);
    return mrq_buf_to_bytes(&buf);
}

static mp_obj_t response_read(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_size };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_size, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(MRQ_MAX_READ_SIZE)} },
    };
    mrq_response_t *self = MP_OBJ_TO_PTR(pos_args[0]);
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    mp_int_t size = args[ARG_size].u_obj == mp_const_none ? -1 : mp_obj_get_int(args[ARG_size].u_obj);
    mrq_response_check_open(self);
    mrq_response_guard_t guard;
    mrq_response_guard(&guard, self);
    mp_obj_t content = read_up_to(self, size);
    nlr_pop_jump_callback(false);
    return content;
}
MP_DEFINE_CONST_FUN_OBJ_KW(mrq_response_read_obj, 1, response_read);

static mp_obj_t response_readinto(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_buf, ARG_size };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_buf, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_size, MP_ARG_INT, {.u_int = 0} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    if (n_args == 2 && kw_args->used == 0) {
        // Fast path: readinto(buf) in a loop.
        args[ARG_buf].u_obj = pos_args[1];
        args[ARG_size].u_int = 0;
    } else {
        mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    }
    mp_buffer_info_t bufinfo;
    mp_get_buffer_raise(args[ARG_buf].u_obj, &bufinfo, MP_BUFFER_WRITE);
    size_t size = bufinfo.len;
    if (args[ARG_size].u_int > 0 && (size_t)args[ARG_size].u_int < size) {
        size = args[ARG_size].u_int;
    }
    return MP_OBJ_NEW_SMALL_INT(mrq_response_read(MP_OBJ_TO_PTR(pos_args[0]), bufinfo.buf, size, true));
}
MP_DEFINE_CONST_FUN_OBJ_KW(mrq_response_readinto_obj, 1, response_readinto);
