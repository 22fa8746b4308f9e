#include <string.h>

#include "client.h"

mrq_bytes_t bytes_of(const char *text) {
    return (mrq_bytes_t) { (const uint8_t *)text, strlen(text) };
}

void print_bytes(FILE *out, const char *before, mrq_bytes_t bytes, const char *after) {
    fprintf(out, "%s%.*s%s", before, (int)bytes.len, (const char *)bytes.data, after);
}

static void open_connection(client_t *client, const mrq_step_t *step) {
    const mrq_origin_t *origin = &step->origin;
    print_bytes(client->out, "open ", origin->host, "");
    fprintf(client->out, " %u%s%s%s", origin->port, origin->tls ? " tls" : "", origin->is_address ? " address" : "", origin->large ? " large" : "");
    print_bytes(client->out, " for ", step->bytes, "\n");
    client->connection->open(client->connection, origin);
}

static void begin_head(client_t *client) {
    mrq_rs_incoming_init(&client->incoming);
    mrq_rs_begin_head(&client->incoming, client->keep_all);
    client->begun = true;
}

static void print_field(client_t *client, const mrq_step_t *step) {
    static const char *const names[] = { "field ", "encoding ", "charset " };
    print_bytes(client->out, names[step->field], step->field == MRQ_FIELD_OTHER ? step->bytes : step->value, "\n");
}

static void follow_redirect(client_t *client, const mrq_step_t *step) {
    fprintf(client->out, "%u", step->status);
    print_bytes(client->out, " redirected ", step->bytes, "\n");
    client->connection->close(client->connection);
    client->begun = false;
}

// Performs a step of a call.
static void perform(client_t *client, mrq_step_t *step) {
    connection_t *connection = client->connection;
    long len;
    switch (step->kind) {
        case MRQ_STEP_OPEN:
            open_connection(client, step);
            break;
        case MRQ_STEP_SEND:
            while ((len = connection->send(connection, step->bytes)) == WOULD_BLOCK) {
            }
            step->peer_closed = len == PEER_CLOSED;
            step->done = step->peer_closed ? 0 : len;
            break;
        case MRQ_STEP_PIECE:
            step->piece = client->pieces[client->piece++];
            break;
        case MRQ_STEP_REWIND:
            client->piece = 0;
            break;
        case MRQ_STEP_HEAD:
            begin_head(client);
            break;
        case MRQ_STEP_RECEIVE:
            while ((len = connection->receive(connection, step->into, step->room)) == WOULD_BLOCK) {
            }
            step->done = len;
            break;
        case MRQ_STEP_STATUS:
            fprintf(client->out, "%u", step->status);
            print_bytes(client->out, " ", step->bytes, "\n");
            break;
        case MRQ_STEP_FIELD:
            print_field(client, step);
            break;
        case MRQ_STEP_REDIRECTED:
            follow_redirect(client, step);
            break;
    }
}

// Performs a call up to the end of the final response's head.
static uint8_t call(client_t *client) {
    mrq_exchange_t exchange;
    mrq_step_t step = { 0 };
    mrq_rs_call_init(&exchange);
    for (;;) {
        uint8_t code = mrq_rs_call_step(&exchange, &client->request, client->begun ? &client->incoming : NULL, &step);
        if (code != MRQ_OK || step.kind == MRQ_STEP_DONE) {
            return code;
        }
        perform(client, &step);
    }
}

// Performs a read, or a part of it if the connection would block: the next read goes on there.
static uint8_t read_content(client_t *client, mrq_read_t *read) {
    for (;;) {
        uint8_t code = mrq_rs_read(&client->incoming, read);
        if (code != MRQ_OK || read->kind == MRQ_STEP_DONE) {
            return code;
        }
        long len = client->connection->receive(client->connection, read->into, read->room);
        if (len == WOULD_BLOCK) {
            return MRQ_OK;
        }
        read->received = len;
    }
}

// Writes the content that is there without a step.
static void print_available(client_t *client, uint8_t *data) {
    if (client->reading.extent == MRQ_READ_LINE) {
        mrq_bytes_t line = mrq_rs_take_line(&client->incoming);
        print_bytes(client->out, "", line, "");
    } else {
        size_t len = mrq_rs_take(&client->incoming, data, client->reading.size);
        print_bytes(client->out, "", (mrq_bytes_t) { data, len }, "");
    }
}

static uint8_t print_content(client_t *client) {
    uint8_t data[client->reading.size];
    for (;;) {
        print_available(client, data);
        mrq_read_t read = { .data = data, .size = client->reading.size, .extent = client->reading.extent };
        uint8_t code = read_content(client, &read);
        print_bytes(client->out, "", (mrq_bytes_t) { data, read.done }, "");
        if (code != MRQ_OK || read.ended) {
            fprintf(client->out, "\n");
            return code;
        }
    }
}

static void print_error(client_t *client, uint8_t code) {
    mrq_error_t err = { 0 };
    mrq_rs_explain(code, client->begun ? &client->incoming : NULL, &err);
    fprintf(client->out, "error %u", err.kind);
    print_bytes(client->out, ": ", err.text, "\n");
}

// Writes the error of a code, if it is one. Returns whether it is none.
static bool finish(client_t *client, uint8_t code) {
    if (code != MRQ_OK) {
        print_error(client, code);
    }
    return code == MRQ_OK;
}

bool client_add_field(client_t *client, const char *name, const char *value) {
    mrq_buf_t *fields = &client->request.fields;
    return finish(client, value == NULL ? mrq_rs_omit_field(fields, bytes_of(name)) : mrq_rs_put_field(fields, bytes_of(name), bytes_of(value)));
}

bool client_fetch(client_t *client) {
    uint8_t code = call(client);
    if (code == MRQ_OK) {
        code = print_content(client);
    }
    client->connection->close(client->connection);
    return finish(client, code);
}
