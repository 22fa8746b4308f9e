// Opens a connection: name resolution, socket, TLS.

#include "py/mperrno.h"
#include "py/objexcept.h"
#include "py/objstr.h"

#include "connection/connection.h"

// The same number on lwIP and on all systems that the unix port runs on.
#define SOL_TCP (6)
// The unix port's socket module lacks the constant; other ports have other values.
#define UNIX_TCP_NODELAY (1)

typedef struct _address_args_t {
    mrq_connection_t *self;
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
    mrq_connection_t *self = args->self;
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(args->address, 5, &items);
    self->sock = mp_call_function_n_kw(mp_load_attr(args->module, MP_QSTR_socket), 3, 0, items);
    check_time(mrq_wait_apply(&self->wait, self->sock, true));
    mrq_call_method(self->sock, MP_QSTR_connect, items[4]);
    args->connected = true;
}

static void set_nodelay(void *arg) {
    address_args_t *args = arg;
    mp_obj_t option[2];
    mp_load_method_maybe(args->module, MP_QSTR_TCP_NODELAY, option);
    mp_obj_t dest[5];
    mp_load_method(args->self->sock, MP_QSTR_setsockopt, dest);
    dest[2] = MP_OBJ_NEW_SMALL_INT(SOL_TCP);
    dest[3] = option[0] != MP_OBJ_NULL ? option[0] : MP_OBJ_NEW_SMALL_INT(UNIX_TCP_NODELAY);
    dest[4] = MP_OBJ_NEW_SMALL_INT(1);
    mp_call_method_n_kw(3, 0, dest);
}

// Adds transport and TLS to a connected socket.
static void establish(address_args_t *args) {
    mrq_connection_t *self = args->self;
    if (args->origin->tls || args->origin->large) {
        // Nagle's algorithm would hold small writes back until the earlier ones are acknowledged.
        // Not every port's sockets have the option.
        mrq_ignore_errors(set_nodelay, args);
    }
    if (!args->origin->tls && !self->wait.has_deadline && !self->is_shared) {
        check_time(mrq_wait_apply(&self->wait, self->sock, false));
        self->stream = self->sock;
        return;
    }
    self->stream = self->sock = mrq_transport_new(self->sock, &self->wait);
    if (args->origin->tls) {
        self->stream = mrq_https_wrap(self, args->origin, args->host, self->sock);
    }
    check_time(mrq_transport_connected(self->sock));
}

static void try_address(void *arg) {
    connect_socket(arg);
    establish(arg);
}

// Connects to one address. Returns the exception of a failure, or NULL.
static void *attempt(address_args_t *args) {
    mrq_connection_t *self = args->self;
    // The socket of an earlier attempt or hop is closed.
    self->sock = MP_OBJ_NULL;
    void *exc = mrq_protect(try_address, args);
    if (exc != NULL && self->sock != MP_OBJ_NULL) {
        mrq_close_stream(self->sock);
        self->sock = MP_OBJ_NULL;
    }
    return exc;
}

typedef struct _lookup_args_t {
    mp_obj_t module;
    mp_obj_t host;
    uint16_t port;
    mp_obj_t addresses;
    mp_obj_iter_buf_t iter;
} lookup_args_t;

static void do_lookup(void *arg) {
    lookup_args_t *args = arg;
    mp_obj_t dest[6];
    mp_load_method(args->module, MP_QSTR_getaddrinfo, dest);
    dest[2] = args->host;
    dest[3] = MP_OBJ_NEW_SMALL_INT(args->port);
    dest[4] = MP_OBJ_NEW_SMALL_INT(0);
    dest[5] = mp_load_attr(args->module, MP_QSTR_SOCK_STREAM);
    args->addresses = mp_getiter(mp_call_method_n_kw(4, 0, dest), &args->iter);
}

// For an unknown name, ports raise OSError without an errno or with a negative one.
static bool is_unknown_host(void *exc) {
    // Does not touch the value of a MemoryError: without memory, MicroPython 1.26 decompresses it to address 0.
    if (!mrq_is_instance(exc, &mp_type_OSError)) {
        return false;
    }
    mp_obj_t number = mp_obj_exception_get_value(MP_OBJ_FROM_PTR(exc));
    return !mp_obj_is_small_int(number) || MP_OBJ_SMALL_INT_VALUE(number) <= 0;
}

// Resolves a host to an iterator of addresses.
static mp_obj_t lookup(lookup_args_t *args) {
    void *exc = mrq_protect(do_lookup, args);
    if (exc == NULL) {
        return args->addresses;
    }
    if (!is_unknown_host(exc)) {
        nlr_jump(exc);
    }
    mrq_raise_os_error(MP_EHOSTUNREACH, "host name not found");
}

void mrq_connect(mrq_connection_t *self, const mrq_origin_t *origin) {
    mp_obj_t module = mrq_import(MP_QSTR_socket);
    // Not interned: the qstr search costs more than the object.
    mp_obj_t host = mp_obj_new_str_copy(&mp_type_str, origin->host.data, origin->host.len);
    lookup_args_t lookup_args = { .module = module, .host = host, .port = origin->port };
    mp_obj_t addresses = lookup(&lookup_args);
    address_args_t args = { self, origin, module, host, MP_OBJ_NULL, false };
    void *exc = NULL;
    while ((args.address = mp_iternext(addresses)) != MP_OBJ_STOP_ITERATION) {
        self->fallback = MP_OBJ_NULL;
        exc = attempt(&args);
        if (exc != NULL && self->fallback != MP_OBJ_NULL) {
            // The server supports nothing that the built-in TLS offers: try the port's.
            exc = attempt(&args);
        }
        if (exc == NULL) {
            return;
        }
        // In non-blocking mode connect() has raised EINPROGRESS.
        if (args.connected || self->wait.connect_ms == 0 || !mrq_is_instance(exc, &mp_type_OSError)) {
            break;
        }
    }
    if (exc == NULL) {
        mrq_raise_os_error(MP_EHOSTUNREACH, "host has no address");
    }
    nlr_jump(exc);
}
