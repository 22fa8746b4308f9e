// Reading content.

#include "py/mperrno.h"
#include "py/objstr.h"

#include "response/response.h"

// How often a stream may say "try again" in a row on a blocking connection, as TLS 1.3 does for
// session tickets, before that is passed on.
#define MAX_RETRIES (16)

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
    return mrq_stream_error(errcode, err);
}

typedef struct _read_args_t {
    mrq_response_t *response;
    mrq_read_t read;
    mrq_error_t err;
    uint8_t code;
} read_args_t;

static void do_read(void *arg) {
    read_args_t *args = arg;
    mrq_response_t *self = args->response;
    mrq_read_t *read = &args->read;
    while ((args->code = mrq_rs_read(&self->incoming, read, &args->err)) == MRQ_OK && read->room > 0) {
        read->code = mrq_receive(self, read->into, read->room, &read->received, &args->err);
    }
}

static void read_content(mrq_response_t *self, read_args_t *args) {
    mrq_response_check_open(self);
    void *exc = mrq_protect(do_read, args);
    if (exc != NULL) {
        mrq_response_abort(self);
        nlr_jump(exc);
    }
    if (args->read.ended) {
        mrq_response_close(self);
    }
}

size_t mrq_response_read(mrq_response_t *self, void *data, size_t size, bool fill) {
    read_args_t args = { .response = self, .read = { .data = data, .size = size, .fill = fill } };
    read_content(self, &args);
    mrq_check_error(args.code, &args.err);
    return args.read.done;
}

bool mrq_response_read_byte(mrq_response_t *self, char *byte, bool may_end) {
    read_args_t args = { .response = self, .read = { .data = (uint8_t *)byte, .size = 1 } };
    read_content(self, &args);
    if (!may_end) {
        mrq_check_error(args.code, &args.err);
    }
    return args.read.done > 0;
}

typedef struct _read_call_t {
    mrq_response_t *response;
    mp_int_t size;
    mp_obj_t content;
} read_call_t;

static void do_read_call(void *arg) {
    read_call_t *call = arg;
    mrq_response_t *self = call->response;
    uint64_t remaining = mrq_rs_remaining(&self->incoming);
    if (call->size < 0 || remaining == 0) {
        call->content = mrq_response_read_rest(self);
        return;
    }
    // No more memory than there is content.
    size_t size = MIN((uint64_t)call->size, remaining);
    mrq_buf_t buf = { m_new(uint8_t, size + 1), 0, size + 1 };
    buf.len = mrq_response_read(self, buf.data, size, true);
    call->content = mrq_buf_to_bytes(&buf);
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
    read_call_t call = { self, size, MP_OBJ_NULL };
    mrq_response_guard(self, do_read_call, &call);
    return call.content;
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
        // The usual call, again and again, is spared the search for more.
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
