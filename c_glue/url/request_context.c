// RequestContext: the target of a request, before and after redirects. parse_url().

#include "py/objstr.h"

#include "url/url.h"

enum { SCHEME, HOST, PORT, PATH, URL, METHOD, REDIRECT };

static const qstr_short_t attributes[] = {
    MP_QSTR_scheme, MP_QSTR_host, MP_QSTR_port, MP_QSTR_path, MP_QSTR_url, MP_QSTR_method, MP_QSTR_redirect,
};

typedef struct _mrq_context_t {
    mp_obj_base_t base;
    mp_obj_t values[MP_ARRAY_SIZE(attributes)];
} mrq_context_t;

static mp_obj_t str_or_none(const uint8_t *text, size_t len) {
    return len == 0 ? mp_const_none : mp_obj_new_str((const char *)text, len);
}

static void split(mp_obj_t url, bool absolute, mp_obj_t *parts) {
    mrq_url_t found;
    mrq_buf_t text = { 0 };
    mrq_check(mrq_rs_split_url(mrq_get_bytes_raise(url), absolute, &text, &found));
    parts[SCHEME] = str_or_none(text.data, found.scheme_len);
    parts[HOST] = str_or_none(found.host.data, found.host.len);
    parts[PORT] = found.port == 0 ? mp_const_none : MP_OBJ_NEW_SMALL_INT(found.port);
    parts[PATH] = mp_obj_new_str((const char *)text.data + found.path_start, text.len - found.path_start);
    parts[URL] = mrq_buf_to_str(&text);
}

// parse_url(url) -> (scheme, host, port, path)
static mp_obj_t mrq_parse_url(mp_obj_t url) {
    mp_obj_t parts[URL + 1];
    split(url, false, parts);
    return mp_obj_new_tuple(URL, parts);
}
MP_DEFINE_CONST_FUN_OBJ_1(mrq_parse_url_obj, mrq_parse_url);

static mp_obj_t context_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    enum { ARG_url, ARG_method };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_url, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_method, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
    };
    mp_arg_val_t vals[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all_kw_array(n_args, n_kw, args, MP_ARRAY_SIZE(allowed_args), allowed_args, vals);
    mrq_context_t *self = mp_obj_malloc(mrq_context_t, type);
    self->values[METHOD] = MP_OBJ_NEW_QSTR(MP_QSTR_GET);
    if (vals[ARG_method].u_obj != mp_const_none) {
        mrq_buf_t buf = { 0 };
        mrq_check(mrq_rs_method(mrq_get_bytes_raise(vals[ARG_method].u_obj), &buf));
        self->values[METHOD] = mrq_buf_to_str(&buf);
    }
    split(vals[ARG_url].u_obj, true, self->values);
    self->values[REDIRECT] = mp_const_false;
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t context_set_location(mp_obj_t self_in, mp_obj_t status, mp_obj_t location) {
    mrq_context_t *self = MP_OBJ_TO_PTR(self_in);
    mrq_buf_t target = { 0 };
    bool becomes_get = false;
    // Clamps: a larger status is no redirect either.
    mrq_check(mrq_rs_redirect(MIN((mp_uint_t)mp_obj_get_int(status), UINT16_MAX), mrq_get_bytes_raise(self->values[METHOD]),
        mrq_get_bytes_raise(self->values[URL]), mrq_get_bytes_raise(location), &target, &becomes_get));
    self->values[REDIRECT] = mp_obj_new_bool(target.len > 0);
    if (target.len > 0) {
        self->values[URL] = mrq_buf_to_str(&target);
        split(self->values[URL], true, self->values);
        if (becomes_get) {
            self->values[METHOD] = MP_OBJ_NEW_QSTR(MP_QSTR_GET);
        }
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(context_set_location_obj, context_set_location);

static void context_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    mrq_context_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return;
    }
    for (size_t i = 0; i < MP_ARRAY_SIZE(attributes); ++i) {
        if (attr == attributes[i]) {
            dest[0] = self->values[i];
            return;
        }
    }
    dest[1] = MP_OBJ_SENTINEL; // go on in locals_dict
}

static const mp_rom_map_elem_t context_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR_set_location), MP_ROM_PTR(&context_set_location_obj) },
};
static MP_DEFINE_CONST_DICT(context_locals_dict, context_locals_dict_table);

MP_DEFINE_CONST_OBJ_TYPE(
    mrq_type_request_context,
    MP_QSTR_RequestContext,
    MP_TYPE_FLAG_NONE,
    make_new, context_make_new,
    attr, context_attr,
    locals_dict, &context_locals_dict
    );
