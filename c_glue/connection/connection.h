// A connection: name resolution, socket, TLS, timeouts.
#ifndef MRQ_CONNECTION_CONNECTION_H
#define MRQ_CONNECTION_CONNECTION_H

#include "object/object.h"

// wait.c

// A timeout in milliseconds that never elapses.
#define MRQ_FOREVER (UINT32_MAX)

// The timeout of a socket's operations, and the deadline of the call.
typedef struct _mrq_wait_t {
    // None or seconds, and the same in milliseconds; 0: the socket does not block.
    mp_obj_t timeout;
    uint32_t ms;
    // By mp_hal_ticks_ms(), if has_deadline.
    uint32_t deadline;
    bool has_deadline;
} mrq_wait_t;
// Evaluates `timeout` and `deadline` of a call.
void mrq_wait_init(mrq_wait_t *connecting, mrq_wait_t *reading, mp_obj_t timeout, mp_obj_t deadline);
// Replaces the timeout by None or seconds.
void mrq_wait_set_timeout(mrq_wait_t *self, mp_obj_t timeout);
// Sets the timeout of a socket's next operation. Returns false past the deadline.
bool mrq_wait_apply(const mrq_wait_t *self, mp_obj_t sock);

// connection.c

// A socket, or any stream in its place, and the TLS over it. As a stream it is the socket, for TLS.
typedef struct _mrq_connection_t {
    mp_obj_base_t base;
    // MP_OBJ_NULL once closed.
    mp_obj_t sock;
    // The stream over the socket; MP_OBJ_NULL without one.
    mp_obj_t tls;
    // The read function of a native socket that can be read as it is: no deadline, nothing over it. Else NULL.
    mp_uint_t (*read)(mp_obj_t sock, void *data, mp_uint_t size, int *errcode);
    mrq_wait_t wait;
} mrq_connection_t;
mrq_connection_t *mrq_connection_new(void);
// A connection over objects of Python code. `stream` is the source of content, `sock` is closed with it.
mrq_connection_t *mrq_connection_over(mp_obj_t sock, mp_obj_t stream);
// Sets the timeouts after connecting. Returns false past the deadline.
bool mrq_connection_establish(mrq_connection_t *self, const mrq_wait_t *wait);
// The stream that content comes from.
mp_obj_t mrq_connection_stream(mrq_connection_t *self);
// Receives up to `size` bytes: see mrq_stream_read().
mp_uint_t mrq_connection_receive(mrq_connection_t *self, void *data, size_t size, int *errcode);
// Sends up to `size` bytes: see mrq_stream_write().
mp_uint_t mrq_connection_send(mrq_connection_t *self, const void *data, size_t size, int *errcode);
// The flags of `flags` (MP_STREAM_POLL_*) that the stream is ready for.
mp_uint_t mrq_connection_poll(mrq_connection_t *self, uintptr_t flags, int *errcode);
// Closes the stream and the socket. Never raises; may be repeated.
void mrq_connection_close(mrq_connection_t *self);

// The way to connect in a call.
typedef struct _mrq_connector_t {
    // While connecting, and afterwards.
    mrq_wait_t connecting;
    mrq_wait_t reading;
    // None: the default.
    mp_obj_t ssl_context;
    // The port's TLS, if the built-in one found nothing in common with the server; else MP_OBJ_NULL.
    mp_obj_t fallback;
    bool may_fall_back;
} mrq_connector_t;

// https.c

// Evaluates `verify` and `cert`: sets self->ssl_context if they ask for one.
void mrq_https_choose(mrq_connector_t *self, mp_obj_t verify, mp_obj_t cert);
// The TLS stream over a connection. `host` is the str of the origin's host.
mp_obj_t mrq_https_wrap(mrq_connector_t *self, const mrq_origin_t *origin, mp_obj_t host, mp_obj_t connection);
#if MREQUESTS_TLS
MP_DECLARE_CONST_FUN_OBJ_1(mrq_set_ca_obj);
#endif

// connect.c

// Connects to an origin, TLS handshake included.
mrq_connection_t *mrq_connect(mrq_connector_t *self, const mrq_origin_t *origin);

#endif // MRQ_CONNECTION_CONNECTION_H
