// The connection of a call: name resolution, socket, TLS, timeouts.
#ifndef MRQ_CONNECTION_CONNECTION_H
#define MRQ_CONNECTION_CONNECTION_H

#include "object/object.h"

// wait.c

// A timeout in milliseconds that never elapses.
#define MRQ_FOREVER (UINT32_MAX)

// The timeouts of a call.
typedef struct _mrq_wait_t {
    // As the caller gave them: None or seconds.
    mp_obj_t connect_timeout;
    mp_obj_t read_timeout;
    uint32_t connect_ms;
    uint32_t read_ms;
    // The end of the whole call by mp_hal_ticks_ms(), if has_deadline.
    uint32_t deadline;
    bool has_deadline;
} mrq_wait_t;
void mrq_wait_init(mrq_wait_t *self, mp_obj_t timeout, mp_obj_t deadline);
// Sets the timeout of a socket's next operation. Returns false past the deadline.
bool mrq_wait_apply(const mrq_wait_t *self, mp_obj_t sock, bool connecting);

// transport.c

// A stream over a socket that keeps the deadline and can be closed more than once.
mp_obj_t mrq_transport_new(mp_obj_t sock, const mrq_wait_t *wait);
// Switches to the read timeout. Returns false past the deadline.
bool mrq_transport_connected(mp_obj_t transport);

// The connection of a call.
typedef struct _mrq_connection_t {
    mrq_wait_t wait;
    // None: the default.
    mp_obj_t ssl_context;
    // The port's TLS, if the built-in one found nothing in common with the server; else MP_OBJ_NULL.
    mp_obj_t fallback;
    // The socket, or the transport around it; MP_OBJ_NULL where there is no connection.
    mp_obj_t sock;
    // The stream of the response: `sock`, or TLS over it.
    mp_obj_t stream;
    bool may_fall_back;
    // Python code gets the socket, and may close it too.
    bool is_shared;
} mrq_connection_t;

// https.c

// Evaluates `verify` and `cert`: sets self->ssl_context if they ask for one.
void mrq_https_choose(mrq_connection_t *self, mp_obj_t verify, mp_obj_t cert);
// The TLS stream over a transport. `host` is the str of the origin's host.
mp_obj_t mrq_https_wrap(mrq_connection_t *self, const mrq_origin_t *origin, mp_obj_t host, mp_obj_t transport);
#if MREQUESTS_TLS
MP_DECLARE_CONST_FUN_OBJ_1(mrq_set_ca_obj);
#endif

// connect.c

// Connects to an origin, TLS handshake included: sets self->sock and self->stream.
void mrq_connect(mrq_connection_t *self, const mrq_origin_t *origin);

#endif // MRQ_CONNECTION_CONNECTION_H
