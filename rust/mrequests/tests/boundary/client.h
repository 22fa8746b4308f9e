// A client in C without MicroPython: it drives the boundary over any connection, and writes what happens.
#ifndef MRQ_CLIENT_H
#define MRQ_CLIENT_H

#include <stdio.h>

#include "mrequests_glue.h"

// Results of send() and receive() besides a number of bytes.
enum {
    WOULD_BLOCK = -1,
    PEER_CLOSED = -2,
};

typedef struct _connection_t connection_t;
struct _connection_t {
    void (*open)(connection_t *self, const mrq_origin_t *origin);
    long (*send)(connection_t *self, mrq_bytes_t bytes);
    // 0 at the end of the connection.
    long (*receive)(connection_t *self, uint8_t *into, size_t room);
    void (*close)(connection_t *self);
};

// The way in which content is read: the extent of a read, and the size of its destination.
typedef struct _reading_t {
    uint8_t extent;
    size_t size;
} reading_t;

typedef struct _client_t {
    connection_t *connection;
    mrq_request_t request;
    // The body in pieces, and the next one. The last piece is empty.
    const mrq_bytes_t *pieces;
    size_t piece;
    // Whether all fields are written.
    bool keep_all;
    reading_t reading;
    FILE *out;
    // Whether the head of the connection's response has begun; its state.
    bool begun;
    mrq_incoming_t incoming;
} client_t;

mrq_bytes_t bytes_of(const char *text);
void print_bytes(FILE *out, const char *before, mrq_bytes_t bytes, const char *after);

// Adds a field to the request. No value: the default of that name is omitted. Returns whether there was no error, as
// the functions below.
bool client_add_field(client_t *client, const char *name, const char *value);

// Performs the request, and writes the steps that a caller notices, the content and the error.
bool client_fetch(client_t *client);

#endif // MRQ_CLIENT_H
