// llhttp, doing what the engine does: it finds the fields of a head, and moves the content of a body to a destination.

#include <string.h>

#include <llhttp.h>

typedef struct _sink_t {
    size_t fields;
    char *to;
} sink_t;

static int take_field(llhttp_t *parser, const char *at, size_t len) {
    (void)at;
    (void)len;
    ++((sink_t *)parser->data)->fields;
    return 0;
}

// What a caller notes of a span: that it is there.
static int take_span(llhttp_t *parser, const char *at, size_t len) {
    (void)parser;
    (void)at;
    (void)len;
    return 0;
}

static int take_content(llhttp_t *parser, const char *at, size_t len) {
    sink_t *sink = parser->data;
    memcpy(sink->to, at, len);
    sink->to += len;
    return 0;
}

static int pause_after_head(llhttp_t *parser) {
    (void)parser;
    return HPE_PAUSED;
}

static const llhttp_settings_t for_heads = {
    .on_status = take_span,
    .on_header_field = take_field,
    .on_header_value = take_span,
    .on_headers_complete = pause_after_head,
};

static const llhttp_settings_t for_bodies = { .on_body = take_content };

// Parses a head; returns the number of its fields.
size_t micro_llhttp_head(const char *head, size_t len) {
    sink_t sink = { 0, NULL };
    llhttp_t parser;
    llhttp_init(&parser, HTTP_RESPONSE, &for_heads);
    parser.data = &sink;
    llhttp_execute(&parser, head, len);
    return sink.fields;
}

static sink_t body;
static llhttp_t body_parser;

// Makes the parser ready for a chunked body that goes to a destination.
void micro_llhttp_start_body(char *to) {
    static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    body.to = to;
    llhttp_init(&body_parser, HTTP_RESPONSE, &for_bodies);
    body_parser.data = &body;
    llhttp_execute(&body_parser, head, sizeof(head) - 1);
}

// Decodes a piece of the body; returns whether it is well-formed.
int micro_llhttp_body(const char *piece, size_t len) {
    return llhttp_execute(&body_parser, piece, len) == HPE_OK;
}
