// request(): checks the arguments and starts the call.

#include <string.h>

#include "py/objstr.h"

#include "call/call.h"

// The text of a header value: str, bytes or int.
static mrq_bytes_t field_text(mp_obj_t obj) {
    return mp_obj_is_int(obj) ? mrq_print(obj) : mrq_get_bytes_raise(obj);
}

static void put_fields(mrq_buf_t *fields, mp_obj_t headers) {
    if (headers == mp_const_none) {
        return;
    }
    mrq_pairs_t pairs;
    mrq_pairs_init(&pairs, headers);
    mp_obj_t name, value;
    while (mrq_pairs_next(&pairs, &name, &value)) {
        if (value == mp_const_none) {
            mrq_check(mrq_rs_omit_field(fields, mrq_get_bytes_raise(name)));
        } else {
            mrq_check(mrq_rs_put_field(fields, mrq_get_bytes_raise(name), field_text(value)));
        }
    }
}

static void put_auth(mrq_buf_t *fields, mp_obj_t auth) {
    if (mp_obj_is_callable(auth)) {
        auth = mp_call_function_0(auth);
    }
    if (auth == mp_const_none) {
        return;
    }
    if (mrq_is_pairs(auth) && !mrq_is_list_or_tuple(auth)) {
        put_fields(fields, auth);
        return;
    }
    mp_obj_t pair[2];
    mrq_get_pair(auth, pair);
    mrq_check(mrq_rs_put_basic(fields, mrq_get_bytes_raise(pair[0]), mrq_get_bytes_raise(pair[1])));
}

// The URL with `params` appended to its query.
static mp_obj_t add_params(mp_obj_t url, mp_obj_t params) {
    if (params == mp_const_none) {
        return url;
    }
    mrq_bytes_t query;
    mrq_buf_t form = { 0 };
    if (!mrq_get_bytes(params, &query)) {
        mrq_put_form(&form, params, MRQ_FORM_DOSEQ | MRQ_FORM_SKIP_NONE, MRQ_BYTES(""), mp_const_none);
        query = (mrq_bytes_t) { form.data, form.len };
    }
    mrq_buf_t out = { 0 };
    mrq_check(mrq_rs_add_query(mrq_get_bytes_raise(url), query, &out));
    return mrq_buf_to_bytes(&out);
}

// Rejects wrong objects before a connection is opened.
static void check_call(const mrq_call_t *call) {
    mp_obj_t dest[2];
    if (mp_obj_is_type(call->response_class, &mp_type_type)
        ? !mp_obj_is_subclass_fast(call->response_class, MP_OBJ_FROM_PTR(&mrq_type_response))
        : !mp_obj_is_callable(call->response_class)) {
        mp_raise_TypeError(MP_ERROR_TEXT("response_class must derive from Response"));
    }
    if (call->connector.ssl_context != mp_const_none) {
        mp_load_method_maybe(call->connector.ssl_context, MP_QSTR_wrap_socket, dest);
        if (dest[0] == MP_OBJ_NULL) {
            mp_raise_TypeError(MP_ERROR_TEXT("ssl_context must have wrap_socket()"));
        }
    }
}

mp_obj_t mrq_request(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum {
        ARG_method, ARG_url, ARG_data, ARG_json, ARG_headers, ARG_auth, ARG_encoding, ARG_response_class,
        ARG_save_headers, ARG_max_redirects, ARG_timeout, ARG_ssl_context, ARG_params, ARG_deadline, ARG_allow_redirects,
        ARG_verify, ARG_cert,
    };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_method, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_url, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_data, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_json, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_headers, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_auth, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_encoding, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_response_class, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_PTR(&mrq_type_response)} },
        { MP_QSTR_save_headers, MP_ARG_BOOL, {.u_bool = false} },
        { MP_QSTR_max_redirects, MP_ARG_INT, {.u_int = 1} },
        { MP_QSTR_timeout, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_ssl_context, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_params, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_deadline, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_allow_redirects, MP_ARG_KW_ONLY | MP_ARG_BOOL, {.u_bool = true} },
        { MP_QSTR_verify, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_cert, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);

    mrq_call_t call = { 0 };
    call.response_class = args[ARG_response_class].u_obj;
    call.connector.ssl_context = args[ARG_ssl_context].u_obj;
    call.save_headers = args[ARG_save_headers].u_bool;
    mrq_wait_init(&call.connector.connecting, &call.connector.reading, args[ARG_timeout].u_obj, args[ARG_deadline].u_obj);

    check_call(&call);
    mrq_https_choose(&call.connector, args[ARG_verify].u_obj, args[ARG_cert].u_obj);

    mrq_request_t request = { 0 };
    request.method = mrq_get_bytes_raise(mrq_own_text(args[ARG_method].u_obj));
    call.url = add_params(mrq_own_text(args[ARG_url].u_obj), args[ARG_params].u_obj);
    request.url = mrq_get_bytes_raise(call.url);
    request.max_redirects = MIN((mp_uint_t)MAX(args[ARG_max_redirects].u_int, 0), UINT32_MAX);
    request.allow_redirects = args[ARG_allow_redirects].u_bool;
    put_fields(&request.fields, args[ARG_headers].u_obj);
    put_auth(&request.fields, args[ARG_auth].u_obj);
    mrq_set_body(&call, &request, args[ARG_data].u_obj, args[ARG_json].u_obj, args[ARG_encoding].u_obj);

    return mrq_perform(&call, &request);
}
MP_DEFINE_CONST_FUN_OBJ_KW(mrq_request_obj, 0, mrq_request);
