// The Python module `board`, for tests.

#include "py/runtime.h"

#include "board.h"

// set_time(seconds): sets the clock to a Unix time.
static mp_obj_t set_time(mp_obj_t seconds) {
    // Unsigned, because times after 2038 are negative in an mp_int_t of 32 bits.
    board_set_time((mp_uint_t)mp_obj_get_int_truncated(seconds));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(set_time_obj, set_time);

// set_heap(bytes): sets the size of the heap from the next soft reset on; 0 is the default.
static mp_obj_t set_heap(mp_obj_t size) {
    board_set_heap(mp_obj_get_int(size));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(set_heap_obj, set_heap);

// stack_peak(function): calls the function and returns its peak stack use in bytes.
static mp_obj_t stack_peak(mp_obj_t function) {
    return MP_OBJ_NEW_SMALL_INT(board_stack_peak(function));
}
static MP_DEFINE_CONST_FUN_OBJ_1(stack_peak_obj, stack_peak);

// mount(directory): mounts the host's files, with `directory` as the current one.
static mp_obj_t mount(mp_obj_t directory) {
    board_mount(mp_obj_str_get_str(directory));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(mount_obj, mount);

#if BOARD_NETWORK
// open_sockets(): returns the number of TCP sockets that Python has not closed.
static mp_obj_t open_sockets(void) {
    return MP_OBJ_NEW_SMALL_INT(network_open_sockets());
}
static MP_DEFINE_CONST_FUN_OBJ_0(open_sockets_obj, open_sockets);
#endif

static const mp_rom_map_elem_t globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_board) },
    { MP_ROM_QSTR(MP_QSTR_set_time), MP_ROM_PTR(&set_time_obj) },
    { MP_ROM_QSTR(MP_QSTR_set_heap), MP_ROM_PTR(&set_heap_obj) },
    { MP_ROM_QSTR(MP_QSTR_stack_peak), MP_ROM_PTR(&stack_peak_obj) },
    { MP_ROM_QSTR(MP_QSTR_mount), MP_ROM_PTR(&mount_obj) },
    { MP_ROM_QSTR(MP_QSTR_Wire), MP_ROM_PTR(&board_type_wire) },
    #if BOARD_NETWORK
    { MP_ROM_QSTR(MP_QSTR_open_sockets), MP_ROM_PTR(&open_sockets_obj) },
    #endif
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t board_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(MP_QSTR_board, board_module);
