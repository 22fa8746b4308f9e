// os.urandom() before MicroPython 1.28: extmod/modos.c includes this file.

#include "board.h"

#if MICROPY_VERSION < MICROPY_MAKE_VERSION(1, 28, 0)
static mp_obj_t mp_os_urandom(mp_obj_t size_in) {
    vstr_t vstr;
    vstr_init_len(&vstr, mp_obj_get_int(size_in));
    board_random(vstr.buf, vstr.len);
    return mp_obj_new_bytes_from_vstr(&vstr);
}
static MP_DEFINE_CONST_FUN_OBJ_1(mp_os_urandom_obj, mp_os_urandom);
#endif
