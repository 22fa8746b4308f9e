// Saves the content of a response to a file or a stream, piece by piece.

#include "py/builtin.h"
#include "py/mperrno.h"
#include "py/objstr.h"
#include "py/objtype.h"

#include "response/response.h"

// Default size of a piece in bytes.
#define CHUNK_SIZE (1024)

static bool has_write(mp_obj_t fobj) {
    const mp_stream_p_t *stream_p = mrq_own_protocol(fobj);
    return stream_p != NULL && stream_p->write != NULL;
}

// Whether writing runs no Python code.
static bool is_native(mp_obj_t fobj) {
    return !mp_obj_is_instance_type(mp_obj_get_type(fobj)) && has_write(fobj);
}

static mp_obj_t save_by_read(mrq_response_t *self, mp_obj_t fobj, mp_int_t chunk_size) {
    uint64_t total = 0;
    for (;;) {
        mp_obj_t chunk = mrq_call_read(mrq_response_self(self), chunk_size > 0 ? chunk_size : CHUNK_SIZE);
        if (chunk == mp_const_none) {
            mp_raise_OSError(MP_EAGAIN);
        }
        mrq_bytes_t bytes = mrq_get_bytes_raise(chunk);
        if (bytes.len == 0) {
            return mp_obj_new_int_from_ull(total);
        }
        mrq_write_all(fobj, bytes);
        total += bytes.len;
    }
}

static mp_buffer_info_t writable_buffer(mp_obj_t buf) {
    mp_buffer_info_t bufinfo;
    mp_get_buffer_raise(buf, &bufinfo, MP_BUFFER_WRITE);
    if (bufinfo.len == 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("empty buffer"));
    }
    return bufinfo;
}

static mrq_bytes_t read_to(mrq_response_t *self, const mp_buffer_info_t *bufinfo, mp_int_t chunk_size) {
    size_t size = chunk_size > 0 && (size_t)chunk_size < bufinfo->len ? (size_t)chunk_size : bufinfo->len;
    mp_uint_t len = mrq_response_read(self, bufinfo->buf, size, MRQ_READ_FILL);
    if (len == MRQ_NOT_YET) {
        mp_raise_OSError(MP_EAGAIN);
    }
    return (mrq_bytes_t) { bufinfo->buf, len };
}

static mp_obj_t save_by_readinto(mrq_response_t *self, mp_obj_t fobj, mp_obj_t buf, mp_int_t chunk_size) {
    bool overridden = mrq_is_overridden(self, MP_QSTR_readinto, &mrq_response_readinto_obj);
    bool native = is_native(fobj);
    mp_buffer_info_t bufinfo = writable_buffer(buf);
    uint64_t total = 0;
    for (;;) {
        mrq_bytes_t piece = overridden ? mrq_call_readinto(self, buf, chunk_size) : read_to(self, &bufinfo, chunk_size);
        if (piece.len == 0) {
            return mp_obj_new_int_from_ull(total);
        }
        mrq_write_all(fobj, piece);
        if (!native) {
            // write() may have resized the buffer.
            bufinfo = writable_buffer(buf);
        }
        total += piece.len;
    }
}

static mp_obj_t save_content(mrq_response_t *self, mp_obj_t fobj, mp_obj_t buf, mp_int_t chunk_size) {
    if (self->cached != mp_const_none) {
        mrq_bytes_t bytes = mrq_get_bytes_raise(self->cached);
        mrq_write_all(fobj, bytes);
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
    if (self->outer == MP_OBJ_NULL && is_native(fobj)) {
        // No Python code has a reference to it.
        m_del(byte, data, size);
    }
    return total;
}

typedef struct _save_args_t {
    mrq_response_t *response;
    mp_obj_t fobj;
    mp_obj_t buf;
    mp_int_t chunk_size;
} save_args_t;

static mp_obj_t save(const save_args_t *args) {
    mrq_response_guard_t guard;
    mrq_response_guard(&guard, args->response);
    mp_obj_t total = save_content(args->response, args->fobj, args->buf, args->chunk_size);
    nlr_pop_jump_callback(false);
    return total;
}

// Parses the arguments of save(fn, buf=None, chunk_size=0) and saveinto(fobj, ...), before anything is read or written.
static save_args_t parse_args(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args, qstr target_name) {
    enum { ARG_target, ARG_buf, ARG_chunk_size };
    const mp_arg_t allowed_args[] = {
        { target_name, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_buf, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_chunk_size, MP_ARG_INT, {.u_int = 0} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    if (args[ARG_buf].u_obj != mp_const_none) {
        writable_buffer(args[ARG_buf].u_obj);
    }
    mrq_response_check(MP_OBJ_TO_PTR(pos_args[0]));
    save_args_t parsed = {
        .response = MP_OBJ_TO_PTR(pos_args[0]),
        .fobj = args[ARG_target].u_obj,
        .buf = args[ARG_buf].u_obj,
        .chunk_size = args[ARG_chunk_size].u_int,
    };
    return parsed;
}

static mp_obj_t response_save(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    save_args_t args = parse_args(n_args, pos_args, kw_args, MP_QSTR_fn);
    args.fobj = mp_call_function_2(mp_load_global(MP_QSTR_open), args.fobj, MP_OBJ_NEW_QSTR(MP_QSTR_wb));
    mrq_stream_guard_t guard;
    mrq_stream_guard(&guard, args.fobj);
    mp_obj_t total = save(&args);
    nlr_pop_jump_callback(false);
    // A failure to close raises: the file may be incomplete.
    mrq_close_stream_raise(args.fobj);
    return total;
}
MP_DEFINE_CONST_FUN_OBJ_KW(mrq_response_save_obj, 1, response_save);

static mp_obj_t response_saveinto(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    save_args_t args = parse_args(n_args, pos_args, kw_args, MP_QSTR_fobj);
    if (!has_write(args.fobj)) {
        mp_obj_t dest[2];
        mp_load_method(args.fobj, MP_QSTR_write, dest); // raises AttributeError if missing
    }
    return save(&args);
}
MP_DEFINE_CONST_FUN_OBJ_KW(mrq_response_saveinto_obj, 1, response_saveinto);
