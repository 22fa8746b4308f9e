// Common operations on Python objects.

#include "py/objmodule.h"

#include "object/object.h"

mp_obj_t mrq_call_method(mp_obj_t obj, qstr name, mp_obj_t arg) {
    mp_obj_t dest[3];
    mp_load_method(obj, name, dest);
    dest[2] = arg;
    return mp_call_method_n_kw(1, 0, dest);
}

bool mrq_is_instance(void *exc, const mp_obj_type_t *type) {
    return mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(((mp_obj_base_t *)exc)->type), MP_OBJ_FROM_PTR(type));
}

void mrq_load_attr_or_of(const mp_obj_dict_t *locals, mp_obj_t other, qstr attr, mp_obj_t *dest) {
    if (mp_map_lookup((mp_map_t *)&locals->map, MP_OBJ_NEW_QSTR(attr), MP_MAP_LOOKUP) != NULL) {
        dest[1] = MP_OBJ_SENTINEL; // go on in locals_dict
    } else if (other != MP_OBJ_NULL) {
        mp_load_method_maybe(other, attr, dest);
    }
}

mp_obj_t mrq_import(qstr name) {
    mp_map_elem_t *elem = mp_map_lookup(&MP_STATE_VM(mp_loaded_modules_dict).map, MP_OBJ_NEW_QSTR(name), MP_MAP_LOOKUP);
    // Most of them are among the extensible modules. No other has the name of one.
    mp_obj_t module = elem != NULL ? elem->value : mp_module_get_builtin(name, true);
    if (module == MP_OBJ_NULL) {
        module = mp_module_get_builtin(name, false);
    }
    return module != MP_OBJ_NULL ? module : mp_import_name(name, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
}
