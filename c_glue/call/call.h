// A call of request(): arguments, body, the exchange with the server.
#ifndef MRQ_CALL_CALL_H
#define MRQ_CALL_CALL_H

#include "connection/connection.h"
#include "response/response.h"

// A call, on the stack of request().
typedef struct _mrq_call_t {
    mrq_exchange_t exchange;
    mrq_connector_t connector;
    // The current connection, or NULL.
    mrq_connection_t *connection;
    // The requested URL, str or bytes: the caller's, with params, or that of the last redirect.
    mp_obj_t url;
    mp_obj_t response_class;
    // The response of the current connection, and its native part, which a subclass can exchange; NULL before the head.
    mp_obj_t response;
    mrq_response_t *native;
    // List of (status, url), or MP_OBJ_NULL.
    mp_obj_t history;
    // The source of a body that comes in pieces, and its latest piece.
    mp_obj_t body;
    mp_obj_t piece;
    // The encoding of pieces that are str; None or a name.
    mp_obj_t encoding;
    // The start of a stream that can seek back to it.
    mp_off_t body_start;
    uint8_t body_source;
    bool body_can_rewind;
    bool save_headers;
} mrq_call_t;

// request.c

MP_DECLARE_CONST_FUN_OBJ_KW(mrq_request_obj);
mp_obj_t mrq_request(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args);

// body.c

// Evaluates `data` and `json`: sets the body of `request`, and of `call` if it comes in pieces.
void mrq_set_body(mrq_call_t *call, mrq_request_t *request, mp_obj_t data, mp_obj_t json, mp_obj_t encoding);
// The next bytes of a body that comes in pieces; empty at its end.
mrq_bytes_t mrq_body_next_piece(mrq_call_t *call);
// Goes back to the start of the body; returns false if it cannot.
bool mrq_body_rewind(mrq_call_t *call);

// perform.c

// Sends the request, follows redirects, reads the head; returns the response.
mp_obj_t mrq_perform(mrq_call_t *call, const mrq_request_t *request);

#endif // MRQ_CALL_CALL_H
