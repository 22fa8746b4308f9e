// RequestContext: the target of a request, before and after redirects.

#include "py/objstr.h"

#include "url/url.h"

typedef struct _mrq_context_t {
    mp_obj_base_t base;
    mp_obj_t url; // str, absolute
    mp_obj_t method;
    bool redirect;
} mrq_context_t;

static mp_obj_t to_lower(mrq_bytes_t text) {
    vstr_t vstr;
    vstr_init_len(&vstr, text.len);
    for (size_t i = 0; i < text.len; ++i) {
        vstr.buf[i] = unichar_tolower(text.data[i]);
    }
    return mp_obj_new_str_from_vstr(&vstr);
}

static mp_obj_t path_of(const mrq_url_t *parts) {
    vstr_t vstr;
    vstr_init(&vstr, parts->path.len + 1);
    if (parts->slash) {
        vstr_add_byte(&vstr, '/');
    }
    vstr_add_strn(&vstr, (const char *)parts->path.data, parts->path.len);
    return mp_obj_new_str_from_vstr(&vstr);
}

static mp_obj_t str_or_none(mrq_bytes_t text) {
    return text.len == 0 ? mp_const_none : mp_obj_new_str((const char *)text.data, text.len);
}

// parse_url(url) -> (scheme, host, port, path)
static mp_obj_t mrq_parse_url(mp_obj_t url) {
    mrq_url_t parts;
    mrq_check(mrq_rs_split_url(mrq_get_bytes_raise(url), &parts));
    mp_obj_t items[4] = {
        parts.scheme.len == 0 ? mp_const_none : to_lower(parts.scheme),
        str_or_none(parts.host),
        parts.port == 0 ? mp_const_none : MP_OBJ_NEW_SMALL_INT(parts.port),
        path_of(&parts),
    };
    return mp_obj_new_tuple(4, items);
}
MP_DEFINE_CONST_FUN_OBJ_1(mrq_parse_url_obj, mrq_parse_url);

static uint16_t check_url(mrq_bytes_t url) {
    uint16_t port;
    mrq_check(mrq_rs_check_url(url, &port));
    return port;
}

static mp_obj_t context_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    enum { ARG_url, ARG_method };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_url, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_method, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
    };
    mp_arg_val_t vals[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all_kw_array(n_args, n_kw, args, MP_ARRAY_SIZE(allowed_args), allowed_args, vals);
    mp_obj_t method = MP_OBJ_NEW_QSTR(MP_QSTR_GET);
    if (vals[ARG_method].u_obj != mp_const_none) {
        mrq_buf_t buf = { 0 };
        mrq_check(mrq_rs_method(mrq_get_bytes_raise(vals[ARG_method].u_obj), &buf));
        method = mrq_buf_to_str(&buf);
    }
    check_url(mrq_get_bytes_raise(vals[ARG_url].u_obj));
    mrq_context_t *self = mp_obj_malloc(mrq_context_t, type);
    self->url = vals[ARG_url].u_obj;
    self->method = method;
    self->redirect = false;
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t context_set_location(mp_obj_t self_in, mp_obj_t status, mp_obj_t location) {
    mrq_context_t *self = MP_OBJ_TO_PTR(self_in);
    mrq_buf_t target = { 0 };
    bool becomes_get = false;
    // Clamps: a larger status is no redirect either.
    mrq_check(mrq_rs_redirect(MIN((mp_uint_t)mp_obj_get_int(status), UINT16_MAX), mrq_get_bytes_raise(self->method), mrq_get_bytes_raise(self->url),
        mrq_get_bytes_raise(location), &target, &self->redirect, &becomes_get));
    if (self->redirect) {
        self->url = mrq_buf_to_str(&target);
        if (becomes_get) {
            self->method = MP_OBJ_NEW_QSTR(MP_QSTR_GET);
        }
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(context_set_location_obj, context_set_location);

// The URL without credentials, assembled from its parts.
static mp_obj_t context_url(const mrq_url_t *parts) {
    bool is_ipv6 = mrq_is_ipv6(parts->host);
    vstr_t vstr;
    mp_print_t print;
    vstr_init_print(&vstr, 32, &print);
    mp_obj_print_helper(&print, to_lower(parts->scheme), PRINT_STR);
    mp_print_str(&print, is_ipv6 ? "://[" : "://");
    vstr_add_strn(&vstr, (const char *)parts->host.data, parts->host.len);
    mp_print_str(&print, is_ipv6 ? "]" : "");
    if (parts->port != 0) {
        mp_printf(&print, ":%d", parts->port);
    }
    mp_obj_print_helper(&print, path_of(parts), PRINT_STR);
    return mp_obj_new_str_from_vstr(&vstr);
}

static void context_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    mrq_context_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return;
    }
    mrq_bytes_t url = mrq_get_bytes_raise(self->url);
    mrq_url_t parts;
    mrq_check(mrq_rs_split_url(url, &parts));
    switch (attr) {
        case MP_QSTR_scheme:
            dest[0] = to_lower(parts.scheme);
            break;
        case MP_QSTR_host:
            dest[0] = str_or_none(parts.host);
            break;
        case MP_QSTR_port:
            dest[0] = MP_OBJ_NEW_SMALL_INT(check_url(url));
            break;
        case MP_QSTR_path:
            dest[0] = path_of(&parts);
            break;
        case MP_QSTR_url:
            dest[0] = context_url(&parts);
            break;
        case MP_QSTR_method:
            dest[0] = self->method;
            break;
        case MP_QSTR_redirect:
            dest[0] = mp_obj_new_bool(self->redirect);
            break;
        default:
            dest[1] = MP_OBJ_SENTINEL; // go on in locals_dict
    }
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
