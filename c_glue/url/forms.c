// The submodules urlencode, urlunquote and urlparseqs, with functions of urllib.parse.

#include <limits.h>

#include "py/objstr.h"

#include "url/url.h"

static mp_obj_t quote(mrq_bytes_t text, mp_obj_t safe, bool plus) {
    mrq_buf_t out = { 0 };
    mrq_check(mrq_rs_quote(text, mrq_get_bytes_raise(safe), plus, &out));
    return mrq_buf_to_str(&out);
}

// quote(string, safe, encoding=None, errors=None) for a str or bytes.
static mp_obj_t quote_string(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args, bool plus) {
    enum { ARG_string, ARG_safe, ARG_encoding, ARG_errors };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_string, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_safe, MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_encoding, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_errors, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    mp_obj_t string = args[ARG_string].u_obj;
    if (!mrq_is_str(string) && (args[ARG_encoding].u_obj != mp_const_none || args[ARG_errors].u_obj != mp_const_none)) {
        mp_raise_TypeError(MP_ERROR_TEXT("bytes have no encoding"));
    }
    mp_obj_t safe = args[ARG_safe].u_obj;
    if (safe == MP_OBJ_NULL) {
        safe = MP_OBJ_NEW_QSTR(plus ? MP_QSTR_ : MP_QSTR__slash_);
    }
    mrq_bytes_t text = mrq_get_bytes_raise(string);
    mrq_encode(&text, args[ARG_encoding].u_obj);
    return quote(text, safe, plus);
}

static mp_obj_t mod_quote(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    return quote_string(n_args, pos_args, kw_args, false);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(mod_quote_obj, 0, mod_quote);

static mp_obj_t mod_quote_plus(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    return quote_string(n_args, pos_args, kw_args, true);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(mod_quote_plus_obj, 0, mod_quote_plus);

static mp_obj_t mod_quote_from_bytes(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_bs, ARG_safe };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_bs, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_safe, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_QSTR(MP_QSTR__slash_)} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    if (mrq_is_str(args[ARG_bs].u_obj)) {
        mp_raise_TypeError(MP_ERROR_TEXT("bytes expected"));
    }
    return quote(mrq_get_bytes_raise(args[ARG_bs].u_obj), args[ARG_safe].u_obj, false);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(mod_quote_from_bytes_obj, 0, mod_quote_from_bytes);

static mp_obj_t mod_urlencode(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_query, ARG_doseq, ARG_safe, ARG_encoding, ARG_errors };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_query, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_doseq, MP_ARG_BOOL, {.u_bool = false} },
        { MP_QSTR_safe, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_QSTR(MP_QSTR_)} },
        { MP_QSTR_encoding, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_errors, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    mrq_buf_t form = { 0 };
    mrq_put_form(&form, args[ARG_query].u_obj, args[ARG_doseq].u_bool ? MRQ_FORM_DOSEQ : 0,
        mrq_get_bytes_raise(mrq_own_text(args[ARG_safe].u_obj)), args[ARG_encoding].u_obj);
    return mrq_buf_to_str(&form);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(mod_urlencode_obj, 0, mod_urlencode);

// Does nothing: there is no cache. Kept for scripts that call it.
static mp_obj_t mod_clear_cache(void) {
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(mod_clear_cache_obj, mod_clear_cache);

static const mp_rom_map_elem_t urlencode_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_urlencode) },
    { MP_ROM_QSTR(MP_QSTR_clear_cache), MP_ROM_PTR(&mod_clear_cache_obj) },
    { MP_ROM_QSTR(MP_QSTR_quote), MP_ROM_PTR(&mod_quote_obj) },
    { MP_ROM_QSTR(MP_QSTR_quote_from_bytes), MP_ROM_PTR(&mod_quote_from_bytes_obj) },
    { MP_ROM_QSTR(MP_QSTR_quote_plus), MP_ROM_PTR(&mod_quote_plus_obj) },
    { MP_ROM_QSTR(MP_QSTR_urlencode), MP_ROM_PTR(&mod_urlencode_obj) },
};
static MP_DEFINE_CONST_DICT(urlencode_globals, urlencode_globals_table);

const mp_obj_module_t mrq_module_urlencode = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&urlencode_globals,
};

/******************************************************************************/

// Decodes text of a query to a str or, with `as_bytes`, to bytes.
static mp_obj_t unquote(mrq_bytes_t text, bool plus, bool as_bytes) {
    mrq_buf_t out = { 0 };
    mrq_check(mrq_rs_unquote(text, plus, &out));
    if (as_bytes) {
        return mrq_buf_to_bytes(&out);
    }
    return mrq_new_str((mrq_bytes_t) { out.data, out.len });
}

// Accepts UTF-8 and ASCII only. Invalid bytes become U+FFFD, as by default in urllib.parse.
static void check_encoding(mp_obj_t encoding) {
    uint8_t last = mrq_rs_encoding(mrq_get_bytes_raise(encoding));
    if (last != MRQ_ENCODING_UTF8 && last != MRQ_ENCODING_ASCII) {
        mp_raise_ValueError(MP_ERROR_TEXT("unsupported encoding"));
    }
}

static mp_obj_t mod_unquote(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_string, ARG_encoding, ARG_errors };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_string, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_encoding, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_QSTR(MP_QSTR_utf_hyphen_8)} },
        { MP_QSTR_errors, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    check_encoding(args[ARG_encoding].u_obj);
    return unquote(mrq_get_bytes_raise(args[ARG_string].u_obj), false, false);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(mod_unquote_obj, 0, mod_unquote);

static const mp_rom_map_elem_t urlunquote_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_urlunquote) },
    { MP_ROM_QSTR(MP_QSTR_unquote), MP_ROM_PTR(&mod_unquote_obj) },
};
static MP_DEFINE_CONST_DICT(urlunquote_globals, urlunquote_globals_table);

const mp_obj_module_t mrq_module_urlunquote = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&urlunquote_globals,
};

/******************************************************************************/

static void add_to_dict(mp_obj_t dict, mp_obj_t name, mp_obj_t value) {
    mp_map_elem_t *elem = mp_map_lookup(mp_obj_dict_get_map(dict), name, MP_MAP_LOOKUP_ADD_IF_NOT_FOUND);
    if (elem->value == MP_OBJ_NULL) {
        elem->value = mp_obj_new_list(0, NULL);
    }
    mp_obj_list_append(elem->value, value);
}

// Parses a query into a list of pairs, or into a dict of lists.
static mp_obj_t parse(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args, bool as_dict) {
    enum { ARG_qs, ARG_keep_blank_values, ARG_strict_parsing, ARG_encoding, ARG_errors, ARG_max_num_fields, ARG_separator };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_qs, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_keep_blank_values, MP_ARG_BOOL, {.u_bool = false} },
        { MP_QSTR_strict_parsing, MP_ARG_BOOL, {.u_bool = false} },
        { MP_QSTR_encoding, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_QSTR(MP_QSTR_utf_hyphen_8)} },
        { MP_QSTR_errors, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_max_num_fields, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_separator, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    check_encoding(args[ARG_encoding].u_obj);
    mrq_bytes_t separator = MRQ_BYTES("&");
    if (args[ARG_separator].u_obj != mp_const_none) {
        separator = mrq_get_bytes_raise(args[ARG_separator].u_obj);
    }
    if (separator.len != 1) {
        mp_raise_ValueError(MP_ERROR_TEXT("separator must be one character"));
    }
    mp_int_t fields_left = args[ARG_max_num_fields].u_obj == mp_const_none ? INT_MAX : mp_obj_get_int(args[ARG_max_num_fields].u_obj);
    bool as_bytes = !mrq_is_str(args[ARG_qs].u_obj);
    mrq_bytes_t qs = mrq_get_bytes_raise(args[ARG_qs].u_obj), name, value;
    mp_obj_t result = as_dict ? mp_obj_new_dict(0) : mp_obj_new_list(0, NULL);
    size_t offset = 0;
    while (mrq_rs_next_pair(qs, separator.data[0], &offset, &name, &value)) {
        if (--fields_left < 0) {
            mp_raise_ValueError(MP_ERROR_TEXT("too many fields"));
        }
        if (value.data == NULL && args[ARG_strict_parsing].u_bool) {
            mp_raise_ValueError(MP_ERROR_TEXT("missing '=' in field"));
        }
        if (value.len > 0 || args[ARG_keep_blank_values].u_bool) {
            mp_obj_t pair[2] = { unquote(name, true, as_bytes), unquote(value, true, as_bytes) };
            if (as_dict) {
                add_to_dict(result, pair[0], pair[1]);
            } else {
                mp_obj_list_append(result, mp_obj_new_tuple(2, pair));
            }
        }
    }
    return result;
}

static mp_obj_t mod_parse_qsl(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    return parse(n_args, pos_args, kw_args, false);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(mod_parse_qsl_obj, 0, mod_parse_qsl);

static mp_obj_t mod_parse_qs(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    return parse(n_args, pos_args, kw_args, true);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(mod_parse_qs_obj, 0, mod_parse_qs);

static const mp_rom_map_elem_t urlparseqs_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_urlparseqs) },
    { MP_ROM_QSTR(MP_QSTR_parse_qs), MP_ROM_PTR(&mod_parse_qs_obj) },
    { MP_ROM_QSTR(MP_QSTR_parse_qsl), MP_ROM_PTR(&mod_parse_qsl_obj) },
};
static MP_DEFINE_CONST_DICT(urlparseqs_globals, urlparseqs_globals_table);

const mp_obj_module_t mrq_module_urlparseqs = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&urlparseqs_globals,
};
