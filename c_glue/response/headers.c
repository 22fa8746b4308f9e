// Response.headers: a list of field lines (bytes, without line ends) with look-up by name.
//
// Wraps a list, as MicroPython's list methods accept only a real one.

#include <string.h>

#include "py/objlist.h"
#include "py/objstr.h"

#include "response/response.h"

typedef struct _mrq_headers_t {
    mp_obj_base_t base;
    mp_obj_t list;
} mrq_headers_t;

static const mp_obj_type_t headers_type;

static mp_obj_t headers_list(mp_obj_t self_in) {
    return ((mrq_headers_t *)MP_OBJ_TO_PTR(self_in))->list;
}

// Finds the next field line of a name from *index on, and sets *index behind it.
static bool find(mp_obj_t self_in, mrq_bytes_t name, size_t *index, mrq_bytes_t *value) {
    size_t len;
    mp_obj_t *items;
    mp_obj_list_get(headers_list(self_in), &len, &items);
    while (*index < len) {
        mrq_bytes_t line;
        if (mrq_get_bytes(items[(*index)++], &line) && mrq_rs_field_value(line, name, value)) {
            return true;
        }
    }
    return false;
}

// The values of a name, joined, or MP_OBJ_NULL. The first of values that cannot be joined.
static mp_obj_t get_joined(mp_obj_t self_in, mrq_bytes_t name) {
    mrq_bytes_t value, separator = mrq_rs_separator(name);
    size_t index = 0;
    if (!find(self_in, name, &index, &value)) {
        return MP_OBJ_NULL;
    }
    vstr_t vstr;
    vstr_init(&vstr, value.len);
    vstr_add_strn(&vstr, (const char *)value.data, value.len);
    while (separator.len > 0 && find(self_in, name, &index, &value)) {
        vstr_add_strn(&vstr, (const char *)separator.data, separator.len);
        vstr_add_strn(&vstr, (const char *)value.data, value.len);
    }
    return mp_obj_new_bytes_from_vstr(&vstr);
}

static mp_obj_t headers_get(size_t n_args, const mp_obj_t *args) {
    mp_obj_t value = get_joined(args[0], mrq_get_bytes_raise(args[1]));
    return value != MP_OBJ_NULL ? value : n_args > 2 ? args[2] : mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(headers_get_obj, 2, 3, headers_get);

static mp_obj_t headers_get_all(mp_obj_t self_in, mp_obj_t name_in) {
    mrq_bytes_t name = mrq_get_bytes_raise(name_in);
    mp_obj_t values = mp_obj_new_list(0, NULL);
    mrq_bytes_t value;
    size_t index = 0;
    while (find(self_in, name, &index, &value)) {
        mp_obj_list_append(values, mrq_new_bytes(value));
    }
    return values;
}
static MP_DEFINE_CONST_FUN_OBJ_2(headers_get_all_obj, headers_get_all);

// One (name, value) pair for each name; one for each line of values that cannot be joined.
static mp_obj_t headers_items(mp_obj_t self_in) {
    mp_obj_t pairs = mp_obj_new_list(0, NULL);
    size_t len;
    mp_obj_t *items;
    mp_obj_list_get(headers_list(self_in), &len, &items);
    for (size_t i = 0; i < len; ++i) {
        mrq_bytes_t line, name, value, ignored;
        if (!mrq_get_bytes(items[i], &line) || !mrq_rs_split_field(line, &name, &value)) {
            continue;
        }
        mp_obj_t joined;
        size_t first = 0;
        if (mrq_rs_separator(name).len == 0) {
            joined = mrq_new_bytes(value);
        } else if (find(self_in, name, &first, &ignored) && first == i + 1) {
            joined = get_joined(self_in, name);
        } else {
            continue; // joined with an earlier line
        }
        mp_obj_t pair[2] = { mrq_new_bytes(name), joined };
        mp_obj_list_append(pairs, mp_obj_new_tuple(2, pair));
    }
    return pairs;
}
static MP_DEFINE_CONST_FUN_OBJ_1(headers_items_obj, headers_items);

static const mp_rom_map_elem_t headers_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR_get), MP_ROM_PTR(&headers_get_obj) },
    { MP_ROM_QSTR(MP_QSTR_get_all), MP_ROM_PTR(&headers_get_all_obj) },
    { MP_ROM_QSTR(MP_QSTR_items), MP_ROM_PTR(&headers_items_obj) },
};
static MP_DEFINE_CONST_DICT(headers_locals_dict, headers_locals_dict_table);

// Own methods first, then those of the list.
static void headers_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    if (dest[0] != MP_OBJ_NULL) {
        return;
    }
    mrq_load_attr_or_of(&headers_locals_dict, headers_list(self_in), attr, dest);
}

static mp_obj_t headers_subscr(mp_obj_t self_in, mp_obj_t index, mp_obj_t value) {
    mrq_bytes_t name;
    if (!mrq_get_bytes(index, &name)) {
        return mp_obj_subscr(headers_list(self_in), index, value);
    }
    if (value != MP_OBJ_SENTINEL) {
        return MP_OBJ_NULL; // storing and deleting by name are not supported
    }
    mp_obj_t joined = get_joined(self_in, name);
    if (joined == MP_OBJ_NULL) {
        mp_raise_type_arg(&mp_type_KeyError, index);
    }
    return joined;
}

static mp_obj_t headers_unary_op(mp_unary_op_t op, mp_obj_t self_in) {
    switch (op) {
        case MP_UNARY_OP_BOOL:
        case MP_UNARY_OP_LEN:
            return mp_unary_op(op, headers_list(self_in));
        default:
            return MP_OBJ_NULL; // op not supported
    }
}

// Whether `text` is the name of a field or a whole line. The list's own `in` never finds a str among bytes, and on some
// ports warns of each comparison.
static bool contains(mp_obj_t self_in, mrq_bytes_t text) {
    size_t len;
    mp_obj_t *items;
    mp_obj_list_get(headers_list(self_in), &len, &items);
    for (size_t i = 0; i < len; ++i) {
        mrq_bytes_t line, value;
        if (mrq_get_bytes(items[i], &line)
            && (mrq_rs_field_value(line, text, &value)
                || (line.len == text.len && memcmp(line.data, text.data, text.len) == 0))) {
            return true;
        }
    }
    return false;
}

static mp_obj_t headers_binary_op(mp_binary_op_t op, mp_obj_t self_in, mp_obj_t other) {
    if (mp_obj_is_type(other, &headers_type)) {
        other = headers_list(other);
    }
    mrq_bytes_t text;
    switch (op) {
        case MP_BINARY_OP_CONTAINS:
            if (mrq_get_bytes(other, &text)) {
                return mp_obj_new_bool(contains(self_in, text));
            }
            return mp_binary_op(MP_BINARY_OP_IN, other, headers_list(self_in));
        case MP_BINARY_OP_EQUAL:
        case MP_BINARY_OP_ADD:
            return mp_binary_op(op, headers_list(self_in), other);
        default:
            return MP_OBJ_NULL; // op not supported
    }
}

static mp_obj_t headers_getiter(mp_obj_t self_in, mp_obj_iter_buf_t *iter_buf) {
    return mp_getiter(headers_list(self_in), iter_buf);
}

static void headers_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    mp_obj_print_helper(print, headers_list(self_in), kind);
}

// `parent` makes isinstance(headers, list) true.
static MP_DEFINE_CONST_OBJ_TYPE(
    headers_type,
    MP_QSTR_Headers,
    MP_TYPE_FLAG_EQ_CHECKS_OTHER_TYPE | MP_TYPE_FLAG_ITER_IS_GETITER,
    print, headers_print,
    unary_op, headers_unary_op,
    binary_op, headers_binary_op,
    attr, headers_attr,
    subscr, headers_subscr,
    iter, headers_getiter,
    parent, &mp_type_list,
    locals_dict, &headers_locals_dict
    );

mp_obj_t mrq_headers_new(void) {
    mp_obj_t list = mp_obj_new_list(0, NULL);
    mrq_headers_t *self = mp_obj_malloc(mrq_headers_t, &headers_type);
    self->list = list;
    return MP_OBJ_FROM_PTR(self);
}

bool mrq_headers_append(mp_obj_t headers, mp_obj_t line) {
    if (mp_obj_is_type(headers, &headers_type)) {
        headers = headers_list(headers);
    }
    if (!mp_obj_is_type(headers, &mp_type_list)) {
        return false;
    }
    mp_obj_list_append(headers, line);
    return true;
}
