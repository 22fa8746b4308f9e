// What C files do with Python objects time and again.

#include "py/mperrno.h"
#include "py/objmodule.h"
#include "py/objtype.h"

#include "mrequests.h"

mp_obj_t mrq_call_method(mp_obj_t obj, qstr name, mp_obj_t arg) {
    mp_obj_t dest[3];
    mp_load_method(obj, name, dest);
    dest[2] = arg;
    return mp_call_method_n_kw(1, 0, dest);
}

bool mrq_is_instance(void *exc, const mp_obj_type_t *type) {
    return mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(((mp_obj_base_t *)exc)->type), MP_OBJ_FROM_PTR(type));
}

mp_obj_t mrq_stream_of(mp_obj_t obj) {
    const mp_obj_type_t *type = mp_obj_get_type(obj);
    if (!MP_OBJ_TYPE_HAS_SLOT(type, protocol)) {
        return MP_OBJ_NULL;
    }
    if (!mp_obj_is_instance_type(type)) {
        return obj;
    }
    mp_obj_t native = ((mp_obj_instance_t *)MP_OBJ_TO_PTR(obj))->subobj[0];
    type = mp_obj_get_type(native);
    if (type->name == MP_QSTR_IOBase) {
        return obj; // its protocol calls the methods of the instance
    }
    // Not so before its __init__() has been called.
    return MP_OBJ_TYPE_HAS_SLOT(type, protocol) ? native : MP_OBJ_NULL;
}

const mp_stream_p_t *mrq_get_stream(mp_obj_t *stream, int flags) {
    mp_obj_t native = mrq_stream_of(*stream);
    const mp_stream_p_t *stream_p = native != MP_OBJ_NULL ? mp_get_stream(native) : NULL;
    if (stream_p == NULL
        || ((flags & MP_STREAM_OP_READ) && stream_p->read == NULL)
        || ((flags & MP_STREAM_OP_WRITE) && stream_p->write == NULL)
        || ((flags & MP_STREAM_OP_IOCTL) && stream_p->ioctl == NULL)) {
        mrq_raise_os_error(MP_EINVAL, "stream operation not supported");
    }
    *stream = native;
    return stream_p;
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
    mp_obj_t module = elem != NULL ? elem->value : mp_module_get_builtin(name, false);
    if (module == MP_OBJ_NULL) {
        module = mp_module_get_builtin(name, true);
    }
    return module != MP_OBJ_NULL ? module : mp_import_name(name, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
}
