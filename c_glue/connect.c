// Opens the connection of a request: name resolution, socket, TLS, response object.

#include <string.h>

#include "py/mperrno.h"
#include "py/objexcept.h"
#include "py/objtype.h"

#include "mrequests.h"

// The same numbers on lwIP and on all systems that the unix port runs on.
#define SOL_TCP (6)
#define OPT_TCP_NODELAY (1)

void mrq_close_stream(mp_obj_t stream) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        const mp_obj_type_t *type = mp_obj_get_type(stream);
        if (MP_OBJ_TYPE_HAS_SLOT(type, protocol) && mp_get_stream(stream)->ioctl != NULL) {
            int errcode;
            mp_get_stream(stream)->ioctl(stream, MP_STREAM_CLOSE, 0, &errcode);
        } else if (stream != mp_const_none) {
            mp_obj_t dest[2];
            mp_load_method(stream, MP_QSTR_close, dest);
            mp_call_method_n_kw(0, 0, dest);
        }
        nlr_pop();
    }
}

// A module, or MP_OBJ_NULL where the firmware has none of that name.
static mp_obj_t import_maybe(qstr name) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t module = mp_import_name(name, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
        nlr_pop();
        return module;
    }
    if (!mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(((mp_obj_base_t *)nlr.ret_val)->type), MP_OBJ_FROM_PTR(&mp_type_ImportError))) {
        nlr_jump(nlr.ret_val);
    }
    return MP_OBJ_NULL;
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

// A handshake's failure is I/O, though the tls module says ValueError where a certificate is bad.
_Noreturn static void raise_handshake_failure(mp_obj_t context, void *exc) {
    const mp_obj_type_t *type = ((mp_obj_base_t *)exc)->type;
    if (type == &mp_type_ValueError && !mp_obj_is_instance_type(mp_obj_get_type(context))) {
        mp_obj_t args[2] = { MP_OBJ_NEW_SMALL_INT(MP_EACCES), mp_obj_exception_get_value(MP_OBJ_FROM_PTR(exc)) };
        nlr_raise(mp_obj_exception_make_new(&mp_type_OSError, 2, 0, args));
    }
    nlr_jump(exc);
}

static bool is_ip_address(mrq_bytes_t host) {
    size_t n = 0;
    while (n < host.len && (host.data[n] == '.' || ('0' <= host.data[n] && host.data[n] <= '9'))) {
        ++n;
    }
    return n == host.len || memchr(host.data, ':', host.len) != NULL;
}

static mp_obj_t wrap_socket(mrq_call_t *call, mp_obj_t transport, mrq_bytes_t host, mp_obj_t host_obj) {
    bool own_context = call->ssl_context == mp_const_none;
    mp_obj_t context = own_context ? new_default_context() : call->ssl_context;
    // Server name indication has no place for addresses (RFC 6066 section 3), but a context that
    // verifies has no other way to learn the name.
    if (own_context && is_ip_address(host)) {
        host_obj = mp_const_none;
    }
    mp_obj_t dest[5];
    mp_load_method(context, MP_QSTR_wrap_socket, dest);
    dest[2] = transport;
    dest[3] = MP_OBJ_NEW_QSTR(MP_QSTR_server_hostname);
    dest[4] = host_obj;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t stream = mp_call_method_n_kw(1, 1, dest);
        mp_get_stream_raise(stream, MP_STREAM_OP_READ | MP_STREAM_OP_WRITE | MP_STREAM_OP_IOCTL);
        nlr_pop();
        return stream;
    }
    raise_handshake_failure(context, nlr.ret_val);
}

// Small writes leave at once: they would wait for the acknowledgement of the ones before.
static void set_nodelay(mp_obj_t sock) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t dest[5];
        mp_load_method(sock, MP_QSTR_setsockopt, dest);
        dest[2] = MP_OBJ_NEW_SMALL_INT(SOL_TCP);
        dest[3] = MP_OBJ_NEW_SMALL_INT(OPT_TCP_NODELAY);
        dest[4] = MP_OBJ_NEW_SMALL_INT(1);
        mp_call_method_n_kw(3, 0, dest);
        nlr_pop();
    }
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

// TLS and the response object, over a socket that is connected.
static void establish(mrq_call_t *call, mrq_bytes_t host, mp_obj_t host_obj, bool tls, bool large) {
    mp_obj_t stream = call->sock;
    if (tls || large) {
        set_nodelay(call->sock);
    }
    // Python code in a subclass may close it, too.
    if (tls || call->wait.has_deadline || call->response_class != MP_OBJ_FROM_PTR(&mrq_type_response)) {
        stream = call->sock = mrq_transport_new(call->sock, &call->wait);
        if (tls) {
            stream = wrap_socket(call, call->sock, host, host_obj);
        }
        mrq_transport_connected(call->sock);
    } else {
        mrq_wait_apply(&call->wait, call->sock, false);
    }
    call->response = new_response(call, call->sock, stream);
}

// One address of getaddrinfo(). An exception is caught and returned.
static void *try_address(mrq_call_t *call, mp_obj_t module, mp_obj_t address, mrq_bytes_t host, mp_obj_t host_obj, bool tls, bool large, bool *connected) {
    nlr_buf_t nlr;
    call->sock = MP_OBJ_NULL;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t *items;
        mp_obj_get_array_fixed_n(address, 5, &items);
        call->sock = mp_call_function_n_kw(mp_load_attr(module, MP_QSTR_socket), 3, 0, items);
        mrq_wait_apply(&call->wait, call->sock, true);
        mp_obj_t dest[3];
        mp_load_method(call->sock, MP_QSTR_connect, dest);
        dest[2] = items[4];
        mp_call_method_n_kw(1, 0, dest);
        *connected = true;
        establish(call, host, host_obj, tls, large);
        nlr_pop();
        return NULL;
    }
    if (call->sock != MP_OBJ_NULL) {
        mrq_close_stream(call->sock);
    }
    return nlr.ret_val;
}

static bool is_os_error(void *exc) {
    return mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(((mp_obj_base_t *)exc)->type), MP_OBJ_FROM_PTR(&mp_type_OSError));
}

// Connects to the first address that answers, and puts the response object into call->response.
void mrq_open(mrq_call_t *call, mrq_bytes_t host, uint16_t port, bool tls, bool large) {
    mp_obj_t module = mp_import_name(MP_QSTR_socket, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
    mp_obj_t host_obj = mp_obj_new_str((const char *)host.data, host.len);
    mp_obj_t dest[6];
    mp_load_method(module, MP_QSTR_getaddrinfo, dest);
    dest[2] = host_obj;
    dest[3] = MP_OBJ_NEW_SMALL_INT(port);
    dest[4] = MP_OBJ_NEW_SMALL_INT(0);
    dest[5] = mp_load_attr(module, MP_QSTR_SOCK_STREAM);
    mp_obj_t addresses = mp_getiter(mp_call_method_n_kw(4, 0, dest), NULL);
    void *exc = NULL;
    mp_obj_t address;
    while ((address = mp_iternext(addresses)) != MP_OBJ_STOP_ITERATION) {
        bool connected = false;
        exc = try_address(call, module, address, host, host_obj, tls, large, &connected);
        if (exc == NULL) {
            return;
        }
        // Non-blocking mode ends here too: connect() has raised EINPROGRESS.
        if (connected || call->wait.connect_ms == 0 || !is_os_error(exc)) {
            break;
        }
    }
    if (exc == NULL) {
        mrq_raise_os_error(MP_EHOSTUNREACH, "host has no address");
    }
    nlr_jump(exc);
}
