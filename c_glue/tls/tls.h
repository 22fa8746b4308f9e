// The built-in TLS client: TLSContext and TLSSocket.
#ifndef MRQ_TLS_TLS_H
#define MRQ_TLS_TLS_H

#include "object/object.h"

#if MREQUESTS_TLS

// context.c

typedef struct _mrq_tls_context_t {
    mp_obj_base_t base;
    // Blocks on the heap that are never changed, only replaced: contexts share them.
    mrq_bytes_t anchors;
    mrq_bytes_t pins;
    mrq_bytes_t identity;
    // The sources of the identity, or MP_OBJ_NULL.
    mp_obj_t certfile;
    mp_obj_t keyfile;
    uint16_t record_size;
    uint16_t write_size;
    uint8_t suite;
    bool verify;
} mrq_tls_context_t;
extern const mp_obj_type_t mrq_type_tls_context;
mrq_tls_context_t *mrq_tls_context_new(void);
// `certificates`: data, or the name of a file.
void mrq_tls_context_add_anchors(mrq_tls_context_t *self, mp_obj_t certificates, bool is_file);
void mrq_tls_context_add_pin(mrq_tls_context_t *self, mrq_bytes_t pin);
void mrq_tls_context_set_identity(mrq_tls_context_t *self, mp_obj_t certfile, mp_obj_t keyfile);

// socket.c

extern const mp_obj_type_t mrq_type_tls_socket;
// Handshake over the stream `sock`; `host` is a str or None. On MRQ_OK *stream is a TLSSocket.
uint8_t mrq_tls_connect(mrq_tls_context_t *context, mp_obj_t sock, mp_obj_t host, mp_obj_t *stream, mrq_error_t *err);

// port.c

// Raises OSError if a handshake would not fit on the stack.
void mrq_tls_check_stack(bool with_identity);
void mrq_tls_seed(uint8_t *seed, size_t size);
// Seconds since 1970; 0 if the port has no clock.
uint64_t mrq_tls_now(void);

// files.c

// Whether `obj` is a str without a PEM marker, which names a file. Anything else is the data.
bool mrq_is_file_name(mp_obj_t obj);
// The content of a file, or the data.
mp_obj_t mrq_data_or_file(mp_obj_t obj);
// Reads certificates; a file in pieces.
void mrq_read_anchors(mrq_anchor_reader_t *reader, mp_obj_t certificates, bool is_file);

#endif // MREQUESTS_TLS

#endif // MRQ_TLS_TLS_H
