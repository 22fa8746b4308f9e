// TLSContext: the configuration of TLS connections, with the interface of the ssl module's SSLContext.

#include <string.h>

#include "tls/tls.h"

#if MREQUESTS_TLS

enum {
    CERT_NONE = 0,
    CERT_REQUIRED = 2,
};

// The range of a record's content in bytes (RFC 8446 section 5.1, RFC 6066 section 4).
#define MAX_RECORD_SIZE (16384)
#define MIN_RECORD_SIZE (512)
#define WRITE_SIZE (1024)

mrq_tls_context_t *mrq_tls_context_new(void) {
    mrq_tls_context_t *self = mp_obj_malloc(mrq_tls_context_t, &mrq_type_tls_context);
    self->anchors = self->pins = self->identity = (mrq_bytes_t) { 0 };
    self->certfile = MP_OBJ_NULL;
    self->keyfile = MP_OBJ_NULL;
    self->record_size = MAX_RECORD_SIZE;
    self->write_size = WRITE_SIZE;
    self->suite = 0;
    self->verify = true;
    return self;
}

void mrq_tls_context_add_anchors(mrq_tls_context_t *self, mp_obj_t certificates, bool is_file) {
    mrq_anchor_reader_t reader = { 0 };
    mrq_read_anchors(&reader, certificates, is_file);
    // Copies: a handshake may be reading the block, and contexts share it.
    size_t len = self->anchors.len;
    uint8_t *data = m_new(uint8_t, len + reader.len);
    if (len > 0) {
        memcpy(data, self->anchors.data, len);
    }
    reader = (mrq_anchor_reader_t) { .anchors = data + len, .alloc = reader.len };
    mrq_read_anchors(&reader, certificates, is_file);
    self->anchors = (mrq_bytes_t) { data, len + reader.len };
}

void mrq_tls_context_add_pin(mrq_tls_context_t *self, mrq_bytes_t pin) {
    mrq_error_t err = { 0 };
    mrq_buf_t pins = { 0 };
    if (self->pins.len > 0) {
        pins = (mrq_buf_t) { m_new(uint8_t, self->pins.len), self->pins.len, self->pins.len };
        memcpy(pins.data, self->pins.data, self->pins.len);
    }
    mrq_check_error(mrq_rs_tls_add_pin(pin, &pins, &err), &err);
    self->pins = (mrq_bytes_t) { pins.data, pins.len };
}

void mrq_tls_context_set_identity(mrq_tls_context_t *self, mp_obj_t certfile, mp_obj_t keyfile) {
    mrq_error_t err = { 0 };
    certfile = mrq_data_or_file(certfile);
    keyfile = mrq_data_or_file(keyfile);
    mrq_buf_t identity = { 0 };
    mrq_check_error(mrq_rs_tls_identity(mrq_get_bytes_raise(certfile), mrq_get_bytes_raise(keyfile), &identity, &err), &err);
    self->identity = (mrq_bytes_t) { identity.data, identity.len };
    self->certfile = certfile;
    self->keyfile = keyfile;
}

static uint16_t size_in_range(mp_int_t size) {
    if (size < MIN_RECORD_SIZE || size > MAX_RECORD_SIZE) {
        mp_raise_ValueError(MP_ERROR_TEXT("record_size and write_size must be 512 to 16384"));
    }
    return size;
}

static mp_obj_t tls_context_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    enum { ARG_record_size, ARG_write_size };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_record_size, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = MAX_RECORD_SIZE} },
        { MP_QSTR_write_size, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = WRITE_SIZE} },
    };
    mp_arg_val_t vals[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all_kw_array(n_args, n_kw, args, MP_ARRAY_SIZE(allowed_args), allowed_args, vals);
    mrq_tls_context_t *self = mrq_tls_context_new();
    self->record_size = size_in_range(vals[ARG_record_size].u_int);
    self->write_size = size_in_range(vals[ARG_write_size].u_int);
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t tls_context_load_verify_locations(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_cadata, ARG_cafile };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_cadata, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        { MP_QSTR_cafile, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    mrq_tls_context_t *self = MP_OBJ_TO_PTR(pos_args[0]);
    if (args[ARG_cadata].u_obj == mp_const_none && args[ARG_cafile].u_obj == mp_const_none) {
        mp_raise_TypeError(MP_ERROR_TEXT("cadata or cafile is required"));
    }
    if (args[ARG_cadata].u_obj != mp_const_none) {
        mrq_tls_context_add_anchors(self, args[ARG_cadata].u_obj, false);
    }
    if (args[ARG_cafile].u_obj != mp_const_none) {
        mrq_tls_context_add_anchors(self, args[ARG_cafile].u_obj, true);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_KW(tls_context_load_verify_locations_obj, 1, tls_context_load_verify_locations);

static mp_obj_t tls_context_load_cert_chain(mp_obj_t self_in, mp_obj_t certfile, mp_obj_t keyfile) {
    mrq_tls_context_set_identity(MP_OBJ_TO_PTR(self_in), certfile, keyfile);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(tls_context_load_cert_chain_obj, tls_context_load_cert_chain);

static mp_obj_t tls_context_load_pin(mp_obj_t self_in, mp_obj_t pin) {
    mrq_tls_context_add_pin(MP_OBJ_TO_PTR(self_in), mrq_get_bytes_raise(pin));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(tls_context_load_pin_obj, tls_context_load_pin);

static mp_obj_t tls_context_get_ciphers(mp_obj_t self_in) {
    (void)self_in;
    mp_obj_t names = mp_obj_new_list(0, NULL);
    mrq_bytes_t name;
    for (uint8_t suite = 0; (name = mrq_rs_tls_suite_name(suite)).len > 0; ++suite) {
        mp_obj_list_append(names, mrq_new_str(name));
    }
    return names;
}
static MP_DEFINE_CONST_FUN_OBJ_1(tls_context_get_ciphers_obj, tls_context_get_ciphers);

// Selects the first suite that is built in: a handshake offers one.
static mp_obj_t tls_context_set_ciphers(mp_obj_t self_in, mp_obj_t names) {
    mrq_tls_context_t *self = MP_OBJ_TO_PTR(self_in);
    mp_obj_t iterable = mp_getiter(names, NULL);
    mp_obj_t name;
    while ((name = mp_iternext(iterable)) != MP_OBJ_STOP_ITERATION) {
        if (mrq_rs_tls_find_suite(mrq_get_bytes_raise(name), &self->suite)) {
            return mp_const_none;
        }
    }
    mp_raise_ValueError(MP_ERROR_TEXT("cipher suite not in this firmware"));
}
static MP_DEFINE_CONST_FUN_OBJ_2(tls_context_set_ciphers_obj, tls_context_set_ciphers);

static mp_obj_t tls_context_wrap_socket(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_sock, ARG_server_hostname, ARG_do_handshake_on_connect };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_sock, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_server_hostname, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE} },
        // Ignored: the handshake is always done here. asyncio passes False.
        { MP_QSTR_do_handshake_on_connect, MP_ARG_KW_ONLY | MP_ARG_BOOL, {.u_bool = true} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    mp_obj_t stream = MP_OBJ_NULL;
    mrq_error_t err = { 0 };
    mrq_check_error(mrq_tls_connect(MP_OBJ_TO_PTR(pos_args[0]), args[ARG_sock].u_obj, args[ARG_server_hostname].u_obj, &stream, &err), &err);
    return stream;
}
static MP_DEFINE_CONST_FUN_OBJ_KW(tls_context_wrap_socket_obj, 1, tls_context_wrap_socket);

static void tls_context_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    mrq_tls_context_t *self = MP_OBJ_TO_PTR(self_in);
    if (attr != MP_QSTR_verify_mode) {
        dest[1] = dest[0] == MP_OBJ_NULL ? MP_OBJ_SENTINEL : dest[1]; // go on in locals_dict
    } else if (dest[0] == MP_OBJ_NULL) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(self->verify ? CERT_REQUIRED : CERT_NONE);
    } else if (dest[1] != MP_OBJ_NULL) {
        mp_int_t mode = mp_obj_get_int(dest[1]);
        if (mode != CERT_NONE && mode != CERT_REQUIRED) {
            mp_raise_ValueError(MP_ERROR_TEXT("verify_mode must be CERT_NONE or CERT_REQUIRED"));
        }
        self->verify = mode == CERT_REQUIRED;
        dest[0] = MP_OBJ_NULL; // stored
    }
}

static const mp_rom_map_elem_t tls_context_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR_CERT_NONE), MP_ROM_INT(CERT_NONE) },
    { MP_ROM_QSTR(MP_QSTR_CERT_REQUIRED), MP_ROM_INT(CERT_REQUIRED) },
    { MP_ROM_QSTR(MP_QSTR_get_ciphers), MP_ROM_PTR(&tls_context_get_ciphers_obj) },
    { MP_ROM_QSTR(MP_QSTR_load_cert_chain), MP_ROM_PTR(&tls_context_load_cert_chain_obj) },
    { MP_ROM_QSTR(MP_QSTR_load_pin), MP_ROM_PTR(&tls_context_load_pin_obj) },
    { MP_ROM_QSTR(MP_QSTR_load_verify_locations), MP_ROM_PTR(&tls_context_load_verify_locations_obj) },
    { MP_ROM_QSTR(MP_QSTR_set_ciphers), MP_ROM_PTR(&tls_context_set_ciphers_obj) },
    { MP_ROM_QSTR(MP_QSTR_wrap_socket), MP_ROM_PTR(&tls_context_wrap_socket_obj) },
};
static MP_DEFINE_CONST_DICT(tls_context_locals_dict, tls_context_locals_dict_table);

MP_DEFINE_CONST_OBJ_TYPE(
    mrq_type_tls_context,
    MP_QSTR_TLSContext,
    MP_TYPE_FLAG_NONE,
    make_new, tls_context_make_new,
    attr, tls_context_attr,
    locals_dict, &tls_context_locals_dict
    );

#endif // MREQUESTS_TLS
