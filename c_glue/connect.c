// Opens the connection of a request: name resolution, socket, TLS, response object.

#include <string.h>

#include "py/mperrno.h"
#include "py/objexcept.h"
#include "py/objtype.h"

#include "mrequests.h"

// The same numbers on lwIP and on all systems that the unix port runs on.
#define SOL_TCP (6)
#define OPT_TCP_NODELAY (1)

static bool is_instance(void *exc, const mp_obj_type_t *type) {
    return mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(((mp_obj_base_t *)exc)->type), MP_OBJ_FROM_PTR(type));
}

static void do_close(void *arg) {
    mp_obj_t stream = *(mp_obj_t *)arg;
    const mp_obj_type_t *type = mp_obj_get_type(stream);
    if (MP_OBJ_TYPE_HAS_SLOT(type, protocol) && mp_get_stream(stream)->ioctl != NULL) {
        int errcode;
        mp_get_stream(stream)->ioctl(stream, MP_STREAM_CLOSE, 0, &errcode);
    } else if (stream != mp_const_none) {
        mp_obj_t dest[2];
        mp_load_method(stream, MP_QSTR_close, dest);
        mp_call_method_n_kw(0, 0, dest);
    }
}

void mrq_close_stream(mp_obj_t stream) {
    mrq_protect(do_close, &stream);
}

typedef struct _import_args_t {
    qstr name;
    mp_obj_t module;
} import_args_t;

static void do_import(void *arg) {
    import_args_t *args = arg;
    args->module = mrq_import(args->name);
}

// A module, or MP_OBJ_NULL where the firmware has none of that name.
static mp_obj_t import_maybe(qstr name) {
    import_args_t args = { name, MP_OBJ_NULL };
    void *exc = mrq_protect(do_import, &args);
    if (exc != NULL && !is_instance(exc, &mp_type_ImportError)) {
        nlr_jump(exc);
    }
    return args.module;
}

// Encrypts, does not verify: what a caller without a context gets, as the reference documents.
static mp_obj_t new_default_context(void) {
    mp_obj_t tls = import_maybe(MP_QSTR_tls);
    if (tls == MP_OBJ_NULL) {
        tls = import_maybe(MP_QSTR_ssl);
    }
    if (tls == MP_OBJ_NULL) {
        mrq_raise_os_error(MP_EOPNOTSUPP, "https: no TLS in this firmware");
    }
    mp_obj_t context = mp_call_function_1(mp_load_attr(tls, MP_QSTR_SSLContext), mp_load_attr(tls, MP_QSTR_PROTOCOL_TLS_CLIENT));
    mp_store_attr(context, MP_QSTR_verify_mode, mp_load_attr(tls, MP_QSTR_CERT_NONE));
    return context;
}

static bool is_ip_address(mrq_bytes_t host) {
    size_t n = 0;
    while (n < host.len && (host.data[n] == '.' || ('0' <= host.data[n] && host.data[n] <= '9'))) {
        ++n;
    }
    return n == host.len || memchr(host.data, ':', host.len) != NULL;
}

typedef struct _wrap_args_t {
    mp_obj_t context;
    mp_obj_t transport;
    mp_obj_t host;
    mp_obj_t stream;
} wrap_args_t;

static void do_wrap(void *arg) {
    wrap_args_t *args = arg;
    mp_obj_t dest[5];
    mp_load_method(args->context, MP_QSTR_wrap_socket, dest);
    dest[2] = args->transport;
    dest[3] = MP_OBJ_NEW_QSTR(MP_QSTR_server_hostname);
    dest[4] = args->host;
    args->stream = mp_call_method_n_kw(1, 1, dest);
    mp_get_stream_raise(args->stream, MP_STREAM_OP_READ | MP_STREAM_OP_WRITE | MP_STREAM_OP_IOCTL);
}

static mp_obj_t wrap_socket(mrq_call_t *call, const mrq_origin_t *origin, mp_obj_t host) {
    wrap_args_t args = { .context = call->ssl_context, .transport = call->sock, .host = host };
    // Server name indication has no place for addresses (RFC 6066 section 3), but a context that
    // verifies has no other way to learn the name.
    if (call->ssl_context == mp_const_none) {
        args.context = new_default_context();
        args.host = is_ip_address(origin->host) ? mp_const_none : host;
    }
    void *exc = mrq_protect(do_wrap, &args);
    if (exc == NULL) {
        return args.stream;
    }
    // A handshake's failure is I/O, though the tls module says ValueError where a certificate is bad.
    if (is_instance(exc, &mp_type_ValueError) && !mp_obj_is_instance_type(mp_obj_get_type(args.context))) {
        mrq_raise_os_error_str(MP_EACCES, mp_obj_exception_get_value(MP_OBJ_FROM_PTR(exc)));
    }
    nlr_jump(exc);
}

static void set_nodelay(void *arg) {
    mp_obj_t dest[5];
    mp_load_method(*(mp_obj_t *)arg, MP_QSTR_setsockopt, dest);
    dest[2] = MP_OBJ_NEW_SMALL_INT(SOL_TCP);
    dest[3] = MP_OBJ_NEW_SMALL_INT(OPT_TCP_NODELAY);
    dest[4] = MP_OBJ_NEW_SMALL_INT(1);
    mp_call_method_n_kw(3, 0, dest);
}

static mp_obj_t new_response(mrq_call_t *call, mp_obj_t sock, mp_obj_t stream) {
    if (call->response_class == MP_OBJ_FROM_PTR(&mrq_type_response)) {
        return MP_OBJ_FROM_PTR(mrq_response_new(sock, stream, call->save_headers));
    }
    mp_obj_t args[4] = { sock, stream, MP_OBJ_NEW_QSTR(MP_QSTR_save_headers), mp_obj_new_bool(call->save_headers) };
    mp_obj_t obj = mp_call_function_n_kw(call->response_class, 2, 1, args);
    mrq_response_t *self = mrq_response_of(obj);
    if (self == NULL) {
        mp_raise_TypeError(MP_ERROR_TEXT("response_class must derive from Response"));
    }
    self->outer = obj == MP_OBJ_FROM_PTR(self) ? MP_OBJ_NULL : obj;
    return obj;
}

typedef struct _address_args_t {
    mrq_call_t *call;
    const mrq_origin_t *origin;
    mp_obj_t module;
    mp_obj_t host;
    mp_obj_t address;
    bool connected;
} address_args_t;

static void check_time(bool left) {
    if (!left) {
        mp_raise_OSError(MP_ETIMEDOUT);
    }
}

static void connect_socket(address_args_t *args) {
    mrq_call_t *call = args->call;
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(args->address, 5, &items);
    call->sock = mp_call_function_n_kw(mp_load_attr(args->module, MP_QSTR_socket), 3, 0, items);
    check_time(mrq_wait_apply(&call->wait, call->sock, true));
    mrq_call_method(call->sock, MP_QSTR_connect, items[4]);
    args->connected = true;
}

// TLS and the response object, over a socket that is connected.
static void establish(address_args_t *args) {
    mrq_call_t *call = args->call;
    mp_obj_t stream = call->sock;
    if (args->origin->tls || args->origin->large) {
        // Small writes leave at once: they would wait for the acknowledgement of the ones before.
        // Not every port's sockets have the option.
        mrq_protect(set_nodelay, &call->sock);
    }
    // Python code in a subclass may close it, too.
    if (args->origin->tls || call->wait.has_deadline || call->response_class != MP_OBJ_FROM_PTR(&mrq_type_response)) {
        stream = call->sock = mrq_transport_new(call->sock, &call->wait);
        if (args->origin->tls) {
            stream = wrap_socket(call, args->origin, args->host);
        }
        check_time(mrq_transport_connected(call->sock));
    } else {
        check_time(mrq_wait_apply(&call->wait, call->sock, false));
    }
    call->response = new_response(call, call->sock, stream);
}

static void try_address(void *arg) {
    connect_socket(arg);
    establish(arg);
}

typedef struct _lookup_args_t {
    mp_obj_t module;
    mp_obj_t host;
    uint16_t port;
    mp_obj_t addresses;
} lookup_args_t;

static void do_lookup(void *arg) {
    lookup_args_t *args = arg;
    mp_obj_t dest[6];
    mp_load_method(args->module, MP_QSTR_getaddrinfo, dest);
    dest[2] = args->host;
    dest[3] = MP_OBJ_NEW_SMALL_INT(args->port);
    dest[4] = MP_OBJ_NEW_SMALL_INT(0);
    dest[5] = mp_load_attr(args->module, MP_QSTR_SOCK_STREAM);
    args->addresses = mp_getiter(mp_call_method_n_kw(4, 0, dest), NULL);
}

// The addresses of a host. What ports raise for an unknown name has no errno, or a negative one.
static mp_obj_t lookup(lookup_args_t *args) {
    void *exc = mrq_protect(do_lookup, args);
    if (exc == NULL) {
        return args->addresses;
    }
    mp_obj_t number = mp_obj_exception_get_value(MP_OBJ_FROM_PTR(exc));
    if (!is_instance(exc, &mp_type_OSError) || (mp_obj_is_small_int(number) && MP_OBJ_SMALL_INT_VALUE(number) > 0)) {
        nlr_jump(exc);
    }
    mrq_raise_os_error(MP_EHOSTUNREACH, "host name not found");
}

void mrq_open(mrq_call_t *call, const mrq_origin_t *origin) {
    mp_obj_t module = mrq_import(MP_QSTR_socket);
    mp_obj_t host = mp_obj_new_str((const char *)origin->host.data, origin->host.len);
    lookup_args_t lookup_args = { module, host, origin->port, MP_OBJ_NULL };
    mp_obj_t addresses = lookup(&lookup_args);
    address_args_t args = { call, origin, module, host, MP_OBJ_NULL, false };
    void *exc = NULL;
    while ((args.address = mp_iternext(addresses)) != MP_OBJ_STOP_ITERATION) {
        call->response = MP_OBJ_NULL;
        exc = mrq_protect(try_address, &args);
        if (exc == NULL) {
            return;
        }
        if (call->sock != MP_OBJ_NULL) {
            mrq_close_stream(call->sock);
            call->sock = MP_OBJ_NULL;
        }
        // Non-blocking mode ends here too: connect() has raised EINPROGRESS.
        if (args.connected || call->wait.connect_ms == 0 || !is_instance(exc, &mp_type_OSError)) {
            break;
        }
    }
    if (exc == NULL) {
        mrq_raise_os_error(MP_EHOSTUNREACH, "host has no address");
    }
    nlr_jump(exc);
}
