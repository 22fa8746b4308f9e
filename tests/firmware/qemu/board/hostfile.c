// An open file of the host.

#include "py/mperrno.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "hostfs.h"
#include "semihosting.h"

typedef struct _hostfile_t {
    mp_obj_base_t base;
    int handle; // negative after close
    bool appends;
    size_t position;
} hostfile_t;

static const mp_obj_type_t hostfile_fileio_type;
static const mp_obj_type_t hostfile_textio_type;

mp_obj_t hostfile_open(const char *path, const char *mode) {
    const mp_obj_type_t *type = &hostfile_textio_type;
    int host_mode = HOST_OPEN_R;
    for (; *mode != '\0'; ++mode) {
        switch (*mode) {
            case 'r':
                host_mode = HOST_OPEN_R;
                break;
            case 'w':
                host_mode = HOST_OPEN_W;
                break;
            case 'a':
                host_mode = HOST_OPEN_A;
                break;
            case '+':
                host_mode += HOST_OPEN_RP - HOST_OPEN_R;
                break;
            case 'b':
                type = &hostfile_fileio_type;
                break;
            case 't':
                type = &hostfile_textio_type;
                break;
        }
    }

    hostfile_t *self = mp_obj_malloc_with_finaliser(hostfile_t, type);
    self->appends = host_mode >= HOST_OPEN_A;
    self->position = 0;
    self->handle = host_open(path, host_mode);
    if (self->handle < 0) {
        mp_raise_OSError(-self->handle);
    }
    if (self->appends) {
        self->position = host_length(self->handle);
    }
    return MP_OBJ_FROM_PTR(self);
}

// Converts a negative errno in `result` to MP_STREAM_ERROR.
static mp_uint_t finish(int result, int *errcode) {
    if (result < 0) {
        *errcode = -result;
        return MP_STREAM_ERROR;
    }
    return result;
}

static mp_uint_t file_read(mp_obj_t self_in, void *buf, mp_uint_t size, int *errcode) {
    hostfile_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->handle < 0) {
        return finish(-MP_EBADF, errcode);
    }
    int result = host_read(self->handle, buf, size);
    self->position += MAX(result, 0);
    return finish(result, errcode);
}

static mp_uint_t file_write(mp_obj_t self_in, const void *buf, mp_uint_t size, int *errcode) {
    hostfile_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->handle < 0) {
        return finish(-MP_EBADF, errcode);
    }
    int result = host_write(self->handle, buf, size);
    if (self->appends) {
        self->position = host_length(self->handle);
    } else {
        self->position += MAX(result, 0);
    }
    return finish(result, errcode);
}

static int seek(hostfile_t *self, struct mp_stream_seek_t *arg) {
    size_t base = 0;
    if (arg->whence == MP_SEEK_CUR) {
        base = self->position;
    } else if (arg->whence == MP_SEEK_END) {
        base = host_length(self->handle);
    }
    if (arg->offset < 0 && (size_t)-arg->offset > base) {
        return -MP_EINVAL;
    }
    size_t position = base + arg->offset;
    int result = host_seek(self->handle, position);
    if (result == 0) {
        self->position = position;
        arg->offset = position;
    }
    return result;
}

static int file_close(hostfile_t *self) {
    int handle = self->handle;
    self->handle = -1;
    return handle < 0 ? 0 : host_close(handle);
}

static mp_uint_t file_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode) {
    hostfile_t *self = MP_OBJ_TO_PTR(self_in);
    if (request == MP_STREAM_CLOSE) {
        return finish(file_close(self), errcode);
    }
    if (self->handle < 0) {
        return finish(-MP_EBADF, errcode);
    }
    switch (request) {
        case MP_STREAM_SEEK:
            return finish(seek(self, (struct mp_stream_seek_t *)arg), errcode);
        case MP_STREAM_FLUSH:
            return 0;
        default:
            return finish(-MP_EINVAL, errcode);
    }
}

static const mp_rom_map_elem_t hostfile_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR_read), MP_ROM_PTR(&mp_stream_read_obj) },
    { MP_ROM_QSTR(MP_QSTR_readinto), MP_ROM_PTR(&mp_stream_readinto_obj) },
    { MP_ROM_QSTR(MP_QSTR_readline), MP_ROM_PTR(&mp_stream_unbuffered_readline_obj) },
    { MP_ROM_QSTR(MP_QSTR_readlines), MP_ROM_PTR(&mp_stream_unbuffered_readlines_obj) },
    { MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&mp_stream_write_obj) },
    { MP_ROM_QSTR(MP_QSTR_seek), MP_ROM_PTR(&mp_stream_seek_obj) },
    { MP_ROM_QSTR(MP_QSTR_tell), MP_ROM_PTR(&mp_stream_tell_obj) },
    { MP_ROM_QSTR(MP_QSTR_flush), MP_ROM_PTR(&mp_stream_flush_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&mp_stream_close_obj) },
    { MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&mp_stream_close_obj) },
    { MP_ROM_QSTR(MP_QSTR___enter__), MP_ROM_PTR(&mp_identity_obj) },
    { MP_ROM_QSTR(MP_QSTR___exit__), MP_ROM_PTR(&mp_stream___exit___obj) },
};
static MP_DEFINE_CONST_DICT(hostfile_locals_dict, hostfile_locals_dict_table);

static const mp_stream_p_t hostfile_fileio_stream = {
    .read = file_read,
    .write = file_write,
    .ioctl = file_ioctl,
};

static MP_DEFINE_CONST_OBJ_TYPE(
    hostfile_fileio_type,
    MP_QSTR_FileIO,
    MP_TYPE_FLAG_ITER_IS_STREAM,
    protocol, &hostfile_fileio_stream,
    locals_dict, &hostfile_locals_dict
    );

static const mp_stream_p_t hostfile_textio_stream = {
    .read = file_read,
    .write = file_write,
    .ioctl = file_ioctl,
    .is_text = true,
};

static MP_DEFINE_CONST_OBJ_TYPE(
    hostfile_textio_type,
    MP_QSTR_TextIOWrapper,
    MP_TYPE_FLAG_ITER_IS_STREAM,
    protocol, &hostfile_textio_stream,
    locals_dict, &hostfile_locals_dict
    );
