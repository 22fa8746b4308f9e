// The content of a response in pieces: to a file, to a stream, by iteration.

#include "py/builtin.h"
#include "py/objstr.h"

#include "mrequests.h"

// Bytes moved at a time where the caller says nothing.
#define CHUNK_SIZE (1024)

size_t mrq_call_readinto(mrq_response_t *self, mp_obj_t buf, size_t buf_size, mp_int_t size) {
    mp_obj_t dest[4];
    mp_load_method(mrq_response_self(self), MP_QSTR_readinto, dest);
    dest[2] = buf;
    dest[3] = MP_OBJ_NEW_SMALL_INT(size);
    mp_obj_t len = mp_call_method_n_kw(2, 0, dest);
    if (len == mp_const_none) {
        return 0;
    }
    mp_int_t n = mp_obj_get_int(len);
    if (n < 0 || (size_t)n > buf_size) {
        mp_raise_ValueError(MP_ERROR_TEXT("readinto() returned a length outside its buffer"));
    }
    return n;
}

static mp_obj_t call_read(mrq_response_t *self, mp_int_t size) {
    return mrq_call_method(mrq_response_self(self), MP_QSTR_read, MP_OBJ_NEW_SMALL_INT(size));
}

static void write_to(mp_obj_t fobj, mrq_bytes_t bytes) {
    const mp_obj_type_t *type = mp_obj_get_type(fobj);
    if (MP_OBJ_TYPE_HAS_SLOT(type, protocol) && mp_get_stream(fobj)->write != NULL) {
        int errcode;
        mp_uint_t done = mp_stream_rw(fobj, (void *)bytes.data, bytes.len, &errcode, MP_STREAM_RW_WRITE);
        if (errcode != 0 || done < bytes.len) {
            mp_raise_OSError(errcode != 0 ? errcode : MP_EIO);
        }
        return;
    }
    // It may keep what it is given.
    mrq_call_method(fobj, MP_QSTR_write, mrq_new_bytes(bytes));
}

static mp_obj_t save_by_read(mrq_response_t *self, mp_obj_t fobj, mp_int_t chunk_size) {
    uint64_t total = 0;
    for (;;) {
        mp_obj_t chunk = call_read(self, chunk_size > 0 ? chunk_size : CHUNK_SIZE);
        mrq_bytes_t bytes = chunk == mp_const_none ? mrq_bytes_of("") : mrq_get_bytes_raise(chunk);
        if (bytes.len == 0) {
            return mp_obj_new_int_from_ull(total);
        }
        write_to(fobj, bytes);
        total += bytes.len;
    }
}

static mp_obj_t save_by_readinto(mrq_response_t *self, mp_obj_t fobj, mp_obj_t buf, mp_int_t chunk_size) {
    bool overridden = mrq_is_overridden(self, MP_QSTR_readinto, &mrq_response_readinto_obj);
    mp_buffer_info_t bufinfo;
    mp_get_buffer_raise(buf, &bufinfo, MP_BUFFER_WRITE);
    size_t size = chunk_size > 0 && (size_t)chunk_size < bufinfo.len ? (size_t)chunk_size : bufinfo.len;
    if (size == 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("empty buffer"));
    }
    uint64_t total = 0;
    for (;;) {
        size_t len = overridden
            ? mrq_call_readinto(self, buf, bufinfo.len, chunk_size)
            : mrq_response_read(self, bufinfo.buf, size, true);
        if (len == 0) {
            return mp_obj_new_int_from_ull(total);
        }
        write_to(fobj, (mrq_bytes_t) { bufinfo.buf, len });
        total += len;
    }
}

static mp_obj_t save_content(mrq_response_t *self, mp_obj_t fobj, mp_obj_t buf, mp_int_t chunk_size) {
    if (self->cached != mp_const_none) {
        mrq_bytes_t bytes = mrq_get_bytes_raise(self->cached);
        write_to(fobj, bytes);
        return mp_obj_new_int_from_ull(bytes.len);
    }
    if (buf != mp_const_none) {
        return save_by_readinto(self, fobj, buf, chunk_size);
    }
    if (mrq_is_overridden(self, MP_QSTR_read, &mrq_response_read_obj)) {
        return save_by_read(self, fobj, chunk_size);
    }
    size_t size = chunk_size > 0 ? (size_t)chunk_size : CHUNK_SIZE;
    byte *data = m_new(byte, size);
    mp_obj_t total = save_by_readinto(self, fobj, mp_obj_new_bytearray_by_ref(size, data), 0);
    if (self->outer == MP_OBJ_NULL) {
        // Nobody else has seen it.
        m_del(byte, data, size);
    }
    return total;
}

typedef struct _save_args_t {
    mrq_response_t *response;
    mp_obj_t fobj;
    mp_obj_t buf;
    mp_int_t chunk_size;
    mp_obj_t total;
} save_args_t;

static void do_save(void *arg) {
    save_args_t *args = arg;
    args->total = save_content(args->response, args->fobj, args->buf, args->chunk_size);
}

// save(fn, buf=None, chunk_size=0) and saveinto(fobj, buf=None, chunk_size=0).
static save_args_t parse_args(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args, qstr target_name) {
    enum { ARG_target, ARG_buf, ARG_chunk_size };
    const mp_arg_t allowed_args[] = {
        { target_name, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_buf, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_chunk_size, MP_ARG_INT, {.u_int = 0} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    return (save_args_t) {
        .response = MP_OBJ_TO_PTR(pos_args[0]),
        .fobj = args[ARG_target].u_obj,
        .buf = args[ARG_buf].u_obj,
        .chunk_size = args[ARG_chunk_size].u_int,
    };
}

static mp_obj_t response_save(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    save_args_t args = parse_args(n_args, pos_args, kw_args, MP_QSTR_fn);
    args.fobj = mp_call_function_2(mp_load_global(MP_QSTR_open), args.fobj, MP_OBJ_NEW_QSTR(MP_QSTR_wb));
    void *exc = mrq_protect(do_save, &args);
    if (exc != NULL) {
        mrq_response_close(args.response);
        mrq_close_stream(args.fobj);
        nlr_jump(exc);
    }
    // What fails here was not saved.
    mp_stream_close(args.fobj);
    return args.total;
}
MP_DEFINE_CONST_FUN_OBJ_KW(mrq_response_save_obj, 1, response_save);

static mp_obj_t response_saveinto(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    save_args_t args = parse_args(n_args, pos_args, kw_args, MP_QSTR_fobj);
    mrq_response_guard(args.response, do_save, &args);
    return args.total;
}
MP_DEFINE_CONST_FUN_OBJ_KW(mrq_response_saveinto_obj, 1, response_saveinto);

/******************************************************************************/
// Iteration

// Begins like MicroPython's polymorphic iterator, whose type it has.
typedef struct _content_iter_t {
    mp_obj_base_t base;
    mp_fun_1_t iternext;
    mp_obj_t response;
    mp_int_t chunk_size;
} content_iter_t;

static mp_obj_t new_iter(mp_obj_t response, mp_fun_1_t iternext, mp_int_t chunk_size) {
    content_iter_t *iter = mp_obj_malloc(content_iter_t, &mp_type_polymorph_iter);
    iter->iternext = iternext;
    iter->response = response;
    iter->chunk_size = chunk_size;
    return MP_OBJ_FROM_PTR(iter);
}

static mp_obj_t content_iternext(mp_obj_t iter_in) {
    content_iter_t *iter = MP_OBJ_TO_PTR(iter_in);
    mp_obj_t chunk = call_read(MP_OBJ_TO_PTR(iter->response), iter->chunk_size);
    return mp_obj_is_true(chunk) ? chunk : MP_OBJ_STOP_ITERATION;
}

static mp_obj_t response_iter_content(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_chunk_size };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_chunk_size, MP_ARG_INT, {.u_int = 512} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    if (args[ARG_chunk_size].u_int <= 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("chunk_size must be positive"));
    }
    return new_iter(pos_args[0], content_iternext, args[ARG_chunk_size].u_int);
}
MP_DEFINE_CONST_FUN_OBJ_KW(mrq_response_iter_content_obj, 1, response_iter_content);

static mp_obj_t lines_iternext(mp_obj_t iter_in) {
    mp_obj_t line = mp_stream_unbuffered_iter(((content_iter_t *)MP_OBJ_TO_PTR(iter_in))->response);
    if (line == MP_OBJ_STOP_ITERATION) {
        return line;
    }
    mrq_bytes_t bytes = mrq_get_bytes_raise(line);
    if (bytes.len > 0 && bytes.data[bytes.len - 1] == '\n') {
        --bytes.len;
        if (bytes.len > 0 && bytes.data[bytes.len - 1] == '\r') {
            --bytes.len;
        }
    }
    return mrq_new_bytes(bytes);
}

static mp_obj_t response_iter_lines(mp_obj_t self_in) {
    return new_iter(self_in, lines_iternext, 0);
}
MP_DEFINE_CONST_FUN_OBJ_1(mrq_response_iter_lines_obj, response_iter_lines);
