// Selects the TLS of an https call: the caller's context, the built-in client or the port's.

#include "py/mperrno.h"
#include "py/objexcept.h"
#include "py/objtype.h"

#include "connection/connection.h"
#include "tls/tls.h"

typedef struct _import_args_t {
    qstr name;
    mp_obj_t module;
} import_args_t;

static void do_import(void *arg) {
    import_args_t *args = arg;
    args->module = mrq_import(args->name);
}

// Imports a module; MP_OBJ_NULL if the firmware has none of that name.
static mp_obj_t import_maybe(qstr name) {
    import_args_t args = { name, MP_OBJ_NULL };
    void *exc = mrq_protect(do_import, &args);
    if (exc != NULL && !mrq_is_instance(exc, &mp_type_ImportError)) {
        nlr_jump(exc);
    }
    return args.module;
}

// An SSLContext of the port; MP_OBJ_NULL if the port has no TLS.
static mp_obj_t new_port_context(qstr verify_mode) {
    mp_obj_t tls = import_maybe(MP_QSTR_tls);
    if (tls == MP_OBJ_NULL) {
        tls = import_maybe(MP_QSTR_ssl);
    }
    if (tls == MP_OBJ_NULL) {
        return MP_OBJ_NULL;
    }
    mp_obj_t context = mp_call_function_1(mp_load_attr(tls, MP_QSTR_SSLContext), mp_load_attr(tls, MP_QSTR_PROTOCOL_TLS_CLIENT));
    mp_store_attr(context, MP_QSTR_verify_mode, mp_load_attr(tls, verify_mode));
    return context;
}

#if MREQUESTS_TLS

// The TLSContext made by the last set_ca(), or NULL.
MP_REGISTER_ROOT_POINTER(void *mrequests_tls_context);

static mrq_tls_context_t *context_trusting(mp_obj_t ca) {
    mrq_tls_context_t *context = mrq_tls_context_new();
    mrq_bytes_t text = mrq_get_bytes_raise(ca);
    if (mrq_rs_tls_is_pin(text)) {
        mrq_tls_context_add_pin(context, text);
    } else {
        mrq_tls_context_add_anchors(context, ca, mrq_is_file_name(ca));
    }
    return context;
}

static mp_obj_t set_ca(mp_obj_t ca) {
    MP_STATE_VM(mrequests_tls_context) = ca == mp_const_none ? NULL : context_trusting(ca);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_1(mrq_set_ca_obj, set_ca);

// The context of calls without `verify` and `ssl_context`, or NULL.
static mrq_tls_context_t *configured_context(void) {
    if (MP_STATE_VM(mrequests_tls_context) == NULL && mrq_rs_tls_has_bundle()) {
        MP_STATE_VM(mrequests_tls_context) = mrq_tls_context_new();
    }
    return MP_STATE_VM(mrequests_tls_context);
}

static mrq_tls_context_t *context_for(mp_obj_t verify) {
    if (verify == mp_const_false) {
        return NULL;
    }
    if (verify != mp_const_none && verify != mp_const_true) {
        return context_trusting(verify);
    }
    mrq_tls_context_t *context = configured_context();
    if (context == NULL && verify == mp_const_true) {
        mp_raise_ValueError(MP_ERROR_TEXT("verify=True needs trust anchors: mrequests.set_ca()"));
    }
    return context;
}

// A context for one call, with a client certificate.
static mrq_tls_context_t *with_identity(const mrq_tls_context_t *trust, mp_obj_t cert) {
    mp_obj_t *pair;
    mp_obj_get_array_fixed_n(cert, 2, &pair);
    mrq_tls_context_t *context = mrq_tls_context_new();
    context->verify = trust != NULL;
    if (trust != NULL) {
        context->anchors = trust->anchors;
        context->pins = trust->pins;
    }
    mrq_tls_context_set_identity(context, pair[0], pair[1]);
    return context;
}

void mrq_https_choose(mrq_connector_t *self, mp_obj_t verify, mp_obj_t cert) {
    if (self->ssl_context != mp_const_none) {
        if (verify != mp_const_none || cert != mp_const_none) {
            mp_raise_ValueError(MP_ERROR_TEXT("verify and cert cannot be combined with ssl_context"));
        }
        return;
    }
    mrq_tls_context_t *context = context_for(verify);
    if (cert != mp_const_none) {
        if (context == NULL && verify != mp_const_false) {
            mp_raise_ValueError(MP_ERROR_TEXT("cert needs trust anchors, or verify=False"));
        }
        context = with_identity(context, cert);
    }
    if (context != NULL) {
        self->ssl_context = MP_OBJ_FROM_PTR(context);
        self->may_fall_back = context->pins.len == 0;
    }
}

typedef struct _anchor_args_t {
    mp_obj_t port_context;
    mp_obj_t certificate;
} anchor_args_t;

static void do_load_anchor(void *arg) {
    anchor_args_t *args = arg;
    mrq_call_method(args->port_context, MP_QSTR_load_verify_locations, args->certificate);
}

// Loads the trust anchors into the port's context. Returns false if it accepts none of them.
static bool load_anchors(mp_obj_t port_context, mrq_bytes_t anchors) {
    bool loaded = false;
    mrq_buf_t certificate = { 0 };
    for (size_t i = 0;; ++i) {
        mrq_error_t err = { 0 };
        mrq_check_error(mrq_rs_tls_anchor(anchors, i, &certificate, &err), &err);
        if (certificate.len == 0) {
            return loaded;
        }
        anchor_args_t args = { port_context, mrq_buf_to_bytes(&certificate) };
        // Skips anchors that the port cannot read, such as those on an unsupported curve.
        loaded |= mrq_ignore_errors(do_load_anchor, &args);
    }
}

typedef struct _fallback_args_t {
    const mrq_tls_context_t *context;
    mp_obj_t port_context;
} fallback_args_t;

// Makes a context of the port with the same trust anchors.
static void do_fall_back(void *arg) {
    fallback_args_t *args = arg;
    const mrq_tls_context_t *context = args->context;
    mp_obj_t port_context = new_port_context(context->verify ? MP_QSTR_CERT_REQUIRED : MP_QSTR_CERT_NONE);
    if (port_context == MP_OBJ_NULL || (context->verify && !load_anchors(port_context, context->anchors))) {
        return;
    }
    if (context->certfile != MP_OBJ_NULL) {
        mp_obj_t dest[4];
        mp_load_method(port_context, MP_QSTR_load_cert_chain, dest);
        dest[2] = context->certfile;
        dest[3] = context->keyfile;
        mp_call_method_n_kw(2, 0, dest);
    }
    args->port_context = port_context;
}

static mp_obj_t wrap_built_in(mrq_connector_t *self, mrq_tls_context_t *context, mp_obj_t connection, mp_obj_t host) {
    mrq_error_t err = { 0 };
    mp_obj_t stream = MP_OBJ_NULL;
    uint8_t code = mrq_tls_connect(context, connection, host, &stream, &err);
    if (code == MRQ_ERROR_NOT_OFFERED && self->may_fall_back) {
        fallback_args_t args = { context, MP_OBJ_NULL };
        // If the port's TLS cannot verify, the first error is the one to report.
        mrq_ignore_errors(do_fall_back, &args);
        // Raises a pending Ctrl-C before the next connection is made.
        mp_handle_pending(true);
        self->fallback = args.port_context;
    }
    mrq_check_error(code, &err);
    return stream;
}

// The default context: encrypts, does not verify.
static mp_obj_t new_default_context(void) {
    mp_obj_t context = new_port_context(MP_QSTR_CERT_NONE);
    if (context == MP_OBJ_NULL) {
        mrq_tls_context_t *built_in = mrq_tls_context_new();
        built_in->verify = false;
        context = MP_OBJ_FROM_PTR(built_in);
    }
    return context;
}

#else

void mrq_https_choose(mrq_connector_t *self, mp_obj_t verify, mp_obj_t cert) {
    (void)self;
    if ((verify != mp_const_none && verify != mp_const_false) || cert != mp_const_none) {
        mp_raise_ValueError(MP_ERROR_TEXT("verify and cert need firmware with MREQUESTS_TLS=1"));
    }
}

static mp_obj_t new_default_context(void) {
    mp_obj_t context = new_port_context(MP_QSTR_CERT_NONE);
    if (context == MP_OBJ_NULL) {
        mrq_raise_os_error(MP_EOPNOTSUPP, "https: no TLS in this firmware");
    }
    return context;
}

#endif // MREQUESTS_TLS

typedef struct _wrap_args_t {
    mp_obj_t context;
    mp_obj_t connection;
    mp_obj_t host;
    mp_obj_t stream;
} wrap_args_t;

static void do_wrap(void *arg) {
    wrap_args_t *args = arg;
    mp_obj_t dest[5];
    mp_load_method(args->context, MP_QSTR_wrap_socket, dest);
    dest[2] = args->connection;
    dest[3] = MP_OBJ_NEW_QSTR(MP_QSTR_server_hostname);
    dest[4] = args->host;
    args->stream = mp_call_method_n_kw(1, 1, dest);
}

mp_obj_t mrq_https_wrap(mrq_connector_t *self, const mrq_origin_t *origin, mp_obj_t host, mp_obj_t connection) {
    wrap_args_t args = { .context = self->ssl_context, .connection = connection, .host = host };
    if (self->fallback != MP_OBJ_NULL) {
        args.context = self->fallback;
    }
    // Server name indication excludes addresses (RFC 6066 section 3); a caller's context needs the host to verify it.
    if (args.context == mp_const_none) {
        args.context = new_default_context();
        args.host = origin->is_address ? mp_const_none : host;
    }
    #if MREQUESTS_TLS
    if (mp_obj_is_type(args.context, &mrq_type_tls_context)) {
        return wrap_built_in(self, MP_OBJ_TO_PTR(args.context), connection, args.host);
    }
    #endif
    void *exc = mrq_protect(do_wrap, &args);
    if (exc == NULL) {
        return args.stream;
    }
    // The port's tls module raises ValueError for a bad certificate; here it is an I/O error.
    if (mrq_is_instance(exc, &mp_type_ValueError) && !mp_obj_is_instance_type(mp_obj_get_type(args.context))) {
        mrq_raise_os_error_str(MP_EACCES, mp_obj_exception_get_value(MP_OBJ_FROM_PTR(exc)));
    }
    nlr_jump(exc);
}
