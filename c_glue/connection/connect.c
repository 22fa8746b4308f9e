// Opens a connection: name resolution, socket, TLS.

#include "py/mperrno.h"
#include "py/objexcept.h"
#include "py/objmodule.h"
#include "py/objstr.h"

#include "connection/connection.h"

// The same number on lwIP and on all systems that the unix port runs on.
#define SOL_TCP (6)
// The unix port's socket module lacks the constant; other ports have other values.
#define UNIX_TCP_NODELAY (1)

// An attempt to connect to one address.
typedef struct _attempt_t {
    mrq_connector_t *connector;
    const mrq_origin_t *origin;
    mp_obj_t module;
    mp_obj_t host;
    mp_obj_t address;
    mrq_connection_t *connection;
    bool connected;
} attempt_t;

static void check_time(bool left) {
    if (!left) {
        mp_raise_OSError(MP_ETIMEDOUT);
    }
}

static void connect_socket(attempt_t *self) {
    mrq_connection_t *connection = self->connection;
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(self->address, 5, &items);
    connection->sock = mp_call_function_n_kw(mp_load_attr(self->module, MP_QSTR_socket), 3, 0, items);
    connection->wait = self->connector->connecting;
    if (connection->wait.ms != MRQ_FOREVER || connection->wait.has_deadline) {
        check_time(mrq_wait_apply(&connection->wait, connection->sock));
    }
    mrq_call_method(connection->sock, MP_QSTR_connect, items[4]);
    self->connected = true;
}

static void set_nodelay(void *arg) {
    attempt_t *self = arg;
    mp_obj_t option[2];
    mp_load_method_maybe(self->module, MP_QSTR_TCP_NODELAY, option);
    mp_obj_t dest[5];
    mp_load_method(self->connection->sock, MP_QSTR_setsockopt, dest);
    dest[2] = MP_OBJ_NEW_SMALL_INT(SOL_TCP);
    dest[3] = option[0] != MP_OBJ_NULL ? option[0] : MP_OBJ_NEW_SMALL_INT(UNIX_TCP_NODELAY);
    dest[4] = MP_OBJ_NEW_SMALL_INT(1);
    mp_call_method_n_kw(3, 0, dest);
}

// Adds TLS to a connected socket, and switches to the timeout of reads.
static void establish(attempt_t *self) {
    mrq_connector_t *connector = self->connector;
    mrq_connection_t *connection = self->connection;
    if (self->origin->tls || self->origin->large) {
        // Nagle's algorithm would hold small writes back until the earlier ones are acknowledged.
        // Not every port's sockets have the option.
        mrq_ignore_errors(set_nodelay, self);
    }
    if (self->origin->tls) {
        connection->tls = mrq_https_wrap(connector, self->origin, self->host, MP_OBJ_FROM_PTR(connection));
    }
    check_time(mrq_connection_establish(connection, &connector->reading));
}

static void try_address(void *arg) {
    attempt_t *self = arg;
    // TLS of an earlier attempt may refer to its connection.
    self->connection = mrq_connection_new();
    connect_socket(self);
    establish(self);
}

// Connects to one address. Returns the exception of a failure, or NULL.
static void *attempt(attempt_t *self) {
    self->connection = NULL;
    void *exc = mrq_protect(try_address, self);
    if (exc != NULL && self->connection != NULL) {
        mrq_connection_close(self->connection);
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

// The port's module, which is static, once found: the search takes longer than the socket.
MP_REGISTER_ROOT_POINTER(mp_obj_t mrequests_socket);

// The module `socket` that the script has loaded, perhaps one of its own, else the port's.
static mp_obj_t socket_module(void) {
    mp_map_t *loaded = &MP_STATE_VM(mp_loaded_modules_dict).map;
    mp_map_elem_t *elem = mp_map_lookup(loaded, MP_OBJ_NEW_QSTR(MP_QSTR_socket), MP_MAP_LOOKUP);
    if (elem != NULL) {
        return elem->value;
    }
    if (MP_STATE_VM(mrequests_socket) == MP_OBJ_NULL) {
        MP_STATE_VM(mrequests_socket) = mp_module_get_builtin(MP_QSTR_socket, true);
    }
    return MP_STATE_VM(mrequests_socket) != MP_OBJ_NULL ? MP_STATE_VM(mrequests_socket) : mrq_import(MP_QSTR_socket);
}

mrq_connection_t *mrq_connect(mrq_connector_t *self, const mrq_origin_t *origin) {
    mp_obj_t module = socket_module();
    mp_obj_t host = mrq_copy(&mp_type_str, origin->host);
    lookup_args_t lookup_args = { .module = module, .host = host, .port = origin->port };
    mp_obj_t addresses = lookup(&lookup_args);
    attempt_t args = { .connector = self, .origin = origin, .module = module, .host = host };
    void *exc = NULL;
    while ((args.address = mp_iternext(addresses)) != MP_OBJ_STOP_ITERATION) {
        self->fallback = MP_OBJ_NULL;
        exc = attempt(&args);
        if (exc != NULL && self->fallback != MP_OBJ_NULL) {
            // The server supports nothing that the built-in TLS offers: try the port's.
            exc = attempt(&args);
        }
        if (exc == NULL) {
            return args.connection;
        }
        // In non-blocking mode connect() has raised EINPROGRESS.
        if (args.connected || self->connecting.ms == 0 || !mrq_is_instance(exc, &mp_type_OSError)) {
            break;
        }
    }
    if (exc == NULL) {
        mrq_raise_os_error(MP_EHOSTUNREACH, "host has no address");
    }
    nlr_jump(exc);
}
