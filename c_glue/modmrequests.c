// The module mrequests.

#include "py/builtin.h"

#include "call/call.h"
#include "tls/tls.h"
#include "url/url.h"

extern const mp_obj_module_t mrq_module;
void mrq_module_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest);

// get(url, **kw) and the other methods: request() with a fixed first argument.
typedef struct _method_t {
    mp_obj_base_t base;
    uint16_t name;
} method_t;

static mp_obj_t method_call(mp_obj_t self_in, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    const method_t *self = MP_OBJ_TO_PTR(self_in);
    mp_arg_check_num(n_args, n_kw, 0, 1, true);
    mp_obj_t request_args[2] = { MP_OBJ_NEW_QSTR(self->name), n_args > 0 ? args[0] : MP_OBJ_NULL };
    mp_map_t kw_args;
    mp_map_init_fixed_table(&kw_args, n_kw, args + n_args);
    return mrq_request(1 + n_args, request_args, &kw_args);
}

static MP_DEFINE_CONST_OBJ_TYPE(
    method_type,
    MP_QSTR_function,
    MP_TYPE_FLAG_BINDS_SELF | MP_TYPE_FLAG_BUILTIN_FUN,
    call, method_call
    );

static const method_t mod_head_obj = { { &method_type }, MP_QSTR_HEAD };
static const method_t mod_get_obj = { { &method_type }, MP_QSTR_GET };
static const method_t mod_post_obj = { { &method_type }, MP_QSTR_POST };
static const method_t mod_put_obj = { { &method_type }, MP_QSTR_PUT };
static const method_t mod_patch_obj = { { &method_type }, MP_QSTR_PATCH };
static const method_t mod_delete_obj = { { &method_type }, MP_QSTR_DELETE };
static const method_t mod_options_obj = { { &method_type }, MP_QSTR_OPTIONS };

static mp_obj_t mod_encode_basic_auth(mp_obj_t user, mp_obj_t password) {
    mrq_buf_t line = { 0 };
    mrq_check(mrq_rs_put_basic(&line, mrq_get_bytes_raise(user), mrq_get_bytes_raise(password)));
    mrq_bytes_t name, value;
    mrq_rs_split_field(mrq_rs_without_line_end((mrq_bytes_t) { line.data, line.len }), &name, &value);
    mp_obj_t headers = mp_obj_new_dict(1);
    mp_obj_dict_store(headers, mrq_new_bytes(name), mrq_new_bytes(value));
    return headers;
}
static MP_DEFINE_CONST_FUN_OBJ_2(mod_encode_basic_auth_obj, mod_encode_basic_auth);

#if MREQUESTS_TLS
#if !MICROPY_MODULE_BUILTIN_INIT
#error "set_ca() needs MICROPY_MODULE_BUILTIN_INIT, to forget its anchors at a soft reset. Or build with MREQUESTS_TLS=0."
#endif

// Registers the module as loaded, so that MicroPython runs this at the first import after a soft reset only: set_ca()
// lasts until then.
static mp_obj_t mod___init__(void) {
    mp_obj_t loaded = MP_OBJ_FROM_PTR(&MP_STATE_VM(mp_loaded_modules_dict));
    mp_obj_dict_store(loaded, MP_OBJ_NEW_QSTR(MP_QSTR_mrequests), MP_OBJ_FROM_PTR(&mrq_module));
    MP_STATE_VM(mrequests_tls_context) = NULL;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(mod___init___obj, mod___init__);
#endif

// Looks `socket` up at run time: the C name of the port's module differs between ports.
void mrq_module_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    (void)self_in;
    if (attr == MP_QSTR_socket && dest[0] == MP_OBJ_NULL) {
        dest[0] = mrq_import(MP_QSTR_socket);
    }
}

// Searched from the front: frequent names first.
static const mp_rom_map_elem_t module_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_mrequests) },
    { MP_ROM_QSTR(MP_QSTR_get), MP_ROM_PTR(&mod_get_obj) },
    { MP_ROM_QSTR(MP_QSTR_post), MP_ROM_PTR(&mod_post_obj) },
    { MP_ROM_QSTR(MP_QSTR_put), MP_ROM_PTR(&mod_put_obj) },
    { MP_ROM_QSTR(MP_QSTR_request), MP_ROM_PTR(&mrq_request_obj) },
    { MP_ROM_QSTR(MP_QSTR_head), MP_ROM_PTR(&mod_head_obj) },
    { MP_ROM_QSTR(MP_QSTR_patch), MP_ROM_PTR(&mod_patch_obj) },
    { MP_ROM_QSTR(MP_QSTR_delete), MP_ROM_PTR(&mod_delete_obj) },
    { MP_ROM_QSTR(MP_QSTR_options), MP_ROM_PTR(&mod_options_obj) },
    #if MREQUESTS_TLS
    { MP_ROM_QSTR(MP_QSTR___init__), MP_ROM_PTR(&mod___init___obj) },
    { MP_ROM_QSTR(MP_QSTR_TLSContext), MP_ROM_PTR(&mrq_type_tls_context) },
    { MP_ROM_QSTR(MP_QSTR_set_ca), MP_ROM_PTR(&mrq_set_ca_obj) },
    #endif
    { MP_ROM_QSTR(MP_QSTR_Response), MP_ROM_PTR(&mrq_type_response) },
    { MP_ROM_QSTR(MP_QSTR_RequestContext), MP_ROM_PTR(&mrq_type_request_context) },
    { MP_ROM_QSTR(MP_QSTR_MAX_READ_SIZE), MP_ROM_INT(MRQ_MAX_READ_SIZE) },
    { MP_ROM_QSTR(MP_QSTR_encode_basic_auth), MP_ROM_PTR(&mod_encode_basic_auth_obj) },
    { MP_ROM_QSTR(MP_QSTR_parse_url), MP_ROM_PTR(&mrq_parse_url_obj) },
    // For `from mrequests import mrequests as requests`.
    { MP_ROM_QSTR(MP_QSTR_mrequests), MP_ROM_PTR(&mrq_module) },
    { MP_ROM_QSTR(MP_QSTR_urlencode), MP_ROM_PTR(&mrq_module_urlencode) },
    { MP_ROM_QSTR(MP_QSTR_urlunquote), MP_ROM_PTR(&mrq_module_urlunquote) },
    { MP_ROM_QSTR(MP_QSTR_urlparseqs), MP_ROM_PTR(&mrq_module_urlparseqs) },
};
static MP_DEFINE_CONST_DICT(module_globals, module_globals_table);

const mp_obj_module_t mrq_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&module_globals,
};

MP_REGISTER_MODULE(MP_QSTR_mrequests, mrq_module);
MP_REGISTER_MODULE_DELEGATION(mrq_module, mrq_module_attr);
