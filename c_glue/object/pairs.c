// Name-value pairs (dicts, lists of pairs) and the forms made of them.

#include "py/objstr.h"

#include "object/object.h"

bool mrq_is_list_or_tuple(mp_obj_t obj) {
    mp_obj_t type = MP_OBJ_FROM_PTR(mp_obj_get_type(obj));
    return mp_obj_is_subclass_fast(type, MP_OBJ_FROM_PTR(&mp_type_list))
           || mp_obj_is_subclass_fast(type, MP_OBJ_FROM_PTR(&mp_type_tuple));
}

bool mrq_is_pairs(mp_obj_t obj) {
    mp_obj_t items[2];
    mp_load_method_maybe(obj, MP_QSTR_items, items);
    return items[0] != MP_OBJ_NULL || mrq_is_list_or_tuple(obj);
}

void mrq_get_pair(mp_obj_t obj, mp_obj_t pair[2]) {
    if (mrq_is_list_or_tuple(obj) && !mp_obj_is_type(obj, &mp_type_list)) {
        // Copies an instance of a subclass, whose items are not accessible. A tuple stays the same object.
        obj = mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_tuple), obj);
    }
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(obj, 2, &items);
    pair[0] = items[0];
    pair[1] = items[1];
}

void mrq_pairs_init(mrq_pairs_t *self, mp_obj_t obj) {
    self->map = NULL;
    self->next = 0;
    if (mp_obj_is_dict_or_ordereddict(obj)) {
        self->map = mp_obj_dict_get_map(obj);
        self->iterable = obj;
        return;
    }
    // Any other object with items(), such as a subclass of dict.
    mp_obj_t items[2];
    mrq_bytes_t bytes;
    mp_load_method_maybe(obj, MP_QSTR_items, items);
    if (items[0] != MP_OBJ_NULL) {
        obj = mp_call_method_n_kw(0, 0, items);
    } else if (mrq_get_bytes(obj, &bytes)) {
        mp_raise_TypeError(MP_ERROR_TEXT("dict or list of pairs expected"));
    }
    self->iterable = mp_getiter(obj, NULL);
}

bool mrq_pairs_next(mrq_pairs_t *self, mp_obj_t *key, mp_obj_t *value) {
    if (self->map != NULL) {
        while (self->next < self->map->alloc) {
            size_t i = self->next++;
            if (mp_map_slot_is_filled(self->map, i)) {
                *key = self->map->table[i].key;
                *value = self->map->table[i].value;
                return true;
            }
        }
        return false;
    }
    mp_obj_t item = mp_iternext(self->iterable);
    if (item == MP_OBJ_STOP_ITERATION) {
        return false;
    }
    mp_obj_t pair[2];
    mrq_get_pair(item, pair);
    *key = pair[0];
    *value = pair[1];
    return true;
}

// The text of a key or value: a str or buffer, else str(obj). Copies buffers, which str() of a later value may change.
static mrq_bytes_t form_text(mp_obj_t obj, mp_obj_t encoding) {
    mrq_bytes_t bytes;
    if (!mrq_get_bytes(obj, &bytes)) {
        return mrq_print(obj);
    }
    if (!mrq_is_str(obj)) {
        return mrq_get_bytes_raise(mrq_own_text(obj));
    }
    mrq_encode(&bytes, encoding);
    return bytes;
}

static bool has_members(mp_obj_t obj) {
    mrq_bytes_t bytes;
    return !mrq_get_bytes(obj, &bytes) && mp_obj_len_maybe(obj) != MP_OBJ_NULL;
}

void mrq_put_form(mrq_buf_t *form, mp_obj_t pairs_in, unsigned flags, mrq_bytes_t safe, mp_obj_t encoding) {
    mrq_pairs_t pairs;
    mrq_pairs_init(&pairs, pairs_in);
    mp_obj_t key, value;
    while (mrq_pairs_next(&pairs, &key, &value)) {
        mrq_bytes_t name = form_text(key, encoding);
        mp_obj_t members = (flags & MRQ_FORM_DOSEQ) && has_members(value) ? mp_getiter(value, NULL) : MP_OBJ_NULL;
        while (members == MP_OBJ_NULL || (value = mp_iternext(members)) != MP_OBJ_STOP_ITERATION) {
            if (value != mp_const_none || !(flags & MRQ_FORM_SKIP_NONE)) {
                mrq_check(mrq_rs_put_pair(form, name, form_text(value, encoding), safe));
            }
            if (members == MP_OBJ_NULL) {
                break;
            }
        }
    }
}
