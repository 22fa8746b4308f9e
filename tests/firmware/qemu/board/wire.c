// The type `board.Wire`: a socket in memory with little overhead, for counting instructions.

#include <string.h>

#include "py/runtime.h"
#include "py/stream.h"

typedef struct _wire_t {
    mp_obj_base_t base;
    // The peer's data: pairs of bytes and the number of their repetitions.
    size_t parts_len;
    mp_obj_t *parts;
    // The read position: the part, its repetition, the byte in it.
    size_t part;
    mp_uint_t times;
    size_t pos;
} wire_t;

// Wire(parts)
static mp_obj_t wire_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    wire_t *self = mp_obj_malloc(wire_t, type);
    mp_obj_get_array(args[0], &self->parts_len, &self->parts);
    self->part = self->times = self->pos = 0;
    return MP_OBJ_FROM_PTR(self);
}

static mp_uint_t wire_read(mp_obj_t self_in, void *buf, mp_uint_t size, int *errcode) {
    wire_t *self = MP_OBJ_TO_PTR(self_in);
    size_t done = 0;
    while (done < size && self->part < self->parts_len) {
        mp_obj_t *pair;
        mp_obj_get_array_fixed_n(self->parts[self->part], 2, &pair);
        size_t len;
        const char *data = mp_obj_str_get_data(pair[0], &len);
        size_t n = MIN(size - done, len - self->pos);
        memcpy((char *)buf + done, data + self->pos, n);
        done += n;
        self->pos += n;
        if (self->pos == len) {
            self->pos = 0;
            if (++self->times >= (mp_uint_t)mp_obj_get_int(pair[1])) {
                self->times = 0;
                ++self->part;
            }
        }
    }
    return done;
}

static mp_uint_t wire_write(mp_obj_t self_in, const void *buf, mp_uint_t size, int *errcode) {
    return size;
}

static mp_uint_t wire_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode) {
    return 0;
}

static const mp_stream_p_t wire_stream = {
    .read = wire_read,
    .write = wire_write,
    .ioctl = wire_ioctl,
};

static mp_obj_t wire_connect(mp_obj_t self_in, mp_obj_t address) {
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(wire_connect_obj, wire_connect);

static const mp_rom_map_elem_t wire_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_connect), MP_ROM_PTR(&wire_connect_obj) },
    { MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&mp_stream_write_obj) },
    { MP_ROM_QSTR(MP_QSTR_readinto), MP_ROM_PTR(&mp_stream_readinto_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&mp_stream_close_obj) },
};
static MP_DEFINE_CONST_DICT(wire_locals, wire_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    board_type_wire,
    MP_QSTR_Wire,
    MP_TYPE_FLAG_NONE,
    make_new, wire_make_new,
    protocol, &wire_stream,
    locals_dict, &wire_locals
    );
