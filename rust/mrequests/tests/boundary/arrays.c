// Drives the boundary over arrays of bytes: each scenario in pieces of several sizes, and without memory at each
// allocation in turn.
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "memory.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

typedef struct _scenario_t {
    const char *method;
    const char *url;
    // The body: bytes, or pieces of `length` bytes in total.
    const char *body;
    const char *pieces[3];
    uint64_t length;
    bool keep_all;
    // Whether the peer closes the connection after the bytes in `sent`.
    bool closes_early;
    // The bytes that the peer of each connection sends.
    const char *answers[2];
    // The requests and the client's output.
    const char *sent;
    const char *out;
} scenario_t;

#define FIELDS "Host: h\r\nX-Test: 1\r\n"
#define TEN(text) text text text text text text text text text text
#define END "Connection: close\r\n\r\n"

static const scenario_t scenarios[] = {
    {
        .method = "GET", .url = "http://h/path?query#fragment",
        .answers = { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain; charset=latin1\r\n\r\nhello" },
        .sent = "GET /path?query HTTP/1.1\r\n" FIELDS END,
        .out = "open h 80 for http://h/path?query#fragment\n200 OK\ncharset latin1\nhello\n",
    },
    {
        .method = "HEAD", .url = "https://192.0.2.1:8443", .keep_all = true,
        .answers = { "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.0 404\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\n" },
        .sent = "HEAD / HTTP/1.1\r\nHost: 192.0.2.1:8443\r\nX-Test: 1\r\n" END,
        .out = "open 192.0.2.1 8443 tls address for https://192.0.2.1:8443\n404 \nfield Content-Length: 5\nencoding gzip\n\n",
    },
    {
        .method = "POST", .url = "http://h/", .body = "a=b",
        .answers = { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\nA;x=y\r\ntwo\nthree\n\r\n0\r\nTrailer: t\r\n\r\n" },
        .sent = "POST / HTTP/1.1\r\n" FIELDS "Content-Type: text/plain\r\nContent-Length: 3\r\n" END "a=b",
        .out = "open h 80 for http://h/\n200 OK\none\ntwo\nthree\n\n",
    },
    {
        .method = "PUT", .url = "http://h/", .pieces = { "one", "three", "" }, .length = 8,
        .answers = { "HTTP/1.1 204 No Content\r\n\r\n" },
        .sent = "PUT / HTTP/1.1\r\n" FIELDS "Content-Type: text/plain\r\nContent-Length: 8\r\n" END "onethree",
        .out = "open h 80 large for http://h/\n204 No Content\n\n",
    },
    {
        .method = "POST", .url = "http://h/a", .pieces = { "one", "three", "" }, .length = MRQ_UNKNOWN,
        .answers = {
            "HTTP/1.1 307 Again\r\nLocation: /b\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\nuntil the end",
        },
        .sent = "POST /a HTTP/1.1\r\n" FIELDS "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n" END "3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"
            "POST /b HTTP/1.1\r\n" FIELDS "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n" END "3\r\none\r\n5\r\nthree\r\n0\r\n\r\n",
        .out = "open h 80 large for http://h/a\n307 Again\nfield Location: /b\n307 redirected http://h/a\nopen h 80 large for http://h/b\n200 OK\nuntil the end\n",
    },
    {
        .method = "POST", .url = "http://h/a", .body = "a=b",
        .answers = {
            "HTTP/1.1 303 See Other\r\nLocation: //[::1]:81/b\r\nContent-Length: 7\r\n\r\nignored",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        },
        .sent = "POST /a HTTP/1.1\r\n" FIELDS "Content-Type: text/plain\r\nContent-Length: 3\r\n" END "a=b"
            "GET /b HTTP/1.1\r\nHost: [::1]:81\r\nX-Test: 1\r\n" END,
        .out = "open h 80 for http://h/a\n303 See Other\nfield Location: //[::1]:81/b\n303 redirected http://h/a\nopen ::1 81 address for http://[::1]:81/b\n200 OK\n\n",
    },
    // A field line longer than the read-ahead.
    {
        .method = "GET", .url = "http://h/", .keep_all = true,
        .answers = { "HTTP/1.1 200 OK\r\nContent-Type: text/plain; x=" TEN(TEN("123456")) "; charset=latin1\r\nContent-Length: 0\r\n\r\n" },
        .sent = "GET / HTTP/1.1\r\n" FIELDS END,
        .out = "open h 80 for http://h/\n200 OK\ncharset latin1\nfield Content-Length: 0\n\n",
    },
    // The peer answers and closes before it has received the whole body.
    {
        .method = "POST", .url = "http://h/", .pieces = { "one", "three", "" }, .length = 8, .closes_early = true,
        .answers = { "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno" },
        .sent = "POST / HTTP/1.1\r\n" FIELDS "Content-Type: text/plain\r\nContent-Length: 8\r\n" END "one",
        .out = "open h 80 large for http://h/\n413 Too Large\nno\n",
    },

    // Errors of the caller, before a connection is opened.
    { .method = "G T", .url = "http://h/", .sent = "", .out = "error 2: invalid method\n" },
    { .method = "GET", .url = "ftp://h/", .sent = "", .out = "error 2: unsupported URL scheme\n" },
    { .method = "GET", .url = "http://h:0/", .sent = "", .out = "error 2: invalid port in URL\n" },
    // Errors of the peer.
    {
        .method = "GET", .url = "http://h/", .answers = { "SSH-2.0\r\n" },
        .sent = "GET / HTTP/1.1\r\n" FIELDS END,
        .out = "open h 80 for http://h/\nerror 2: invalid status line\n",
    },
    {
        .method = "GET", .url = "http://h/", .answers = { "HTTP/1.1 200 OK\r\n" },
        .sent = "GET / HTTP/1.1\r\n" FIELDS END,
        .out = "open h 80 for http://h/\n200 OK\nerror 4: connection closed before the response was complete\n",
    },
    {
        .method = "GET", .url = "http://h/", .answers = { "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n" },
        .sent = "GET / HTTP/1.1\r\n" FIELDS END "GET / HTTP/1.1\r\n" FIELDS END,
        .out = "open h 80 for http://h/\n302 Found\nfield Location: /\n302 redirected http://h/\nopen h 80 for http://h/\n302 Found\nfield Location: /\nerror 2: Maximum redirection count exceeded.\n",
    },
    {
        .method = "GET", .url = "http://h/", .answers = { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello" },
        .sent = "GET / HTTP/1.1\r\n" FIELDS END,
        .out = "open h 80 for http://h/\n200 OK\nhello\nerror 5: incomplete body: 5 of 10 bytes\n",
    },
    {
        .method = "GET", .url = "http://h/", .answers = { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\n" },
        .sent = "GET / HTTP/1.1\r\n" FIELDS END,
        .out = "open h 80 for http://h/\n200 OK\nhello\nerror 5: incomplete body: 5 bytes\n",
    },
    {
        .method = "GET", .url = "http://h/", .answers = { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n" },
        .sent = "GET / HTTP/1.1\r\n" FIELDS END,
        .out = "open h 80 for http://h/\n200 OK\nhello\nerror 2: invalid chunk\n",
    },
};

// A connection whose peer is an array, in pieces of at most `cut` bytes.
typedef struct _array_t {
    connection_t base;
    const scenario_t *scenario;
    size_t cut;
    // Whether the next operation would block, as each second one does if `cut` is 1.
    bool blocks;
    size_t opened;
    const char *answer;
    FILE *sent;
} array_t;

static bool would_block(array_t *self) {
    self->blocks = self->cut == 1 && !self->blocks;
    return self->blocks;
}

static void array_open(connection_t *base, const mrq_origin_t *origin) {
    (void)origin;
    array_t *self = (array_t *)base;
    self->answer = self->scenario->answers[self->opened++];
}

static long array_send(connection_t *base, mrq_bytes_t bytes) {
    array_t *self = (array_t *)base;
    if (would_block(self)) {
        return WOULD_BLOCK;
    }
    if (self->scenario->closes_early && (size_t)ftell(self->sent) >= strlen(self->scenario->sent)) {
        return PEER_CLOSED;
    }
    return fwrite(bytes.data, 1, bytes.len < self->cut ? bytes.len : self->cut, self->sent);
}

static long array_receive(connection_t *base, uint8_t *into, size_t room) {
    array_t *self = (array_t *)base;
    if (would_block(self)) {
        return WOULD_BLOCK;
    }
    size_t len = strnlen(self->answer, room < self->cut ? room : self->cut);
    memcpy(into, self->answer, len);
    self->answer += len;
    return len;
}

static void array_close(connection_t *base) {
    ((array_t *)base)->answer = NULL;
}

// The result of a scenario: the requests, and the client's output.
typedef struct _result_t {
    char *sent;
    char *out;
} result_t;

static void free_result(result_t *result) {
    free(result->sent);
    free(result->out);
    memory_collect();
}

static mrq_request_t request_of(const scenario_t *scenario) {
    mrq_request_t request = {
        .method = bytes_of(scenario->method),
        .url = bytes_of(scenario->url),
        .allow_redirects = true,
        .max_redirects = 1,
    };
    if (scenario->body != NULL) {
        request.body = bytes_of(scenario->body);
        request.body_kind = MRQ_BODY_BYTES;
        request.content_type = bytes_of("text/plain");
    } else if (scenario->pieces[0] != NULL) {
        request.body_length = scenario->length;
        request.body_kind = MRQ_BODY_PIECES;
        request.content_type = bytes_of("text/plain");
    }
    return request;
}

static result_t run(const scenario_t *scenario, size_t cut, reading_t reading) {
    result_t result;
    size_t sent_size, out_size;
    array_t array = {
        .base = { array_open, array_send, array_receive, array_close },
        .scenario = scenario, .cut = cut, .sent = open_memstream(&result.sent, &sent_size),
    };
    mrq_bytes_t pieces[3];
    for (size_t i = 0; i < 3 && scenario->pieces[i] != NULL; i++) {
        pieces[i] = bytes_of(scenario->pieces[i]);
    }
    client_t client = {
        .connection = &array.base, .request = request_of(scenario), .pieces = pieces, .keep_all = scenario->keep_all,
        .reading = reading, .out = open_memstream(&result.out, &out_size),
    };
    if (client_add_field(&client, "X-Test", "1") && client_add_field(&client, "User-Agent", NULL)) {
        client_fetch(&client);
    }
    fclose(array.sent);
    fclose(client.out);
    return result;
}

static void expect(const scenario_t *scenario, const char *what, const char *expected, const char *found) {
    if (strcmp(expected, found) != 0) {
        fprintf(stderr, "%s %s, %s: expected\n%s\nfound\n%s\n", scenario->method, scenario->url, what, expected, found);
        exit(1);
    }
}

static void check(const scenario_t *scenario, size_t cut, reading_t reading) {
    memory_allow(SIZE_MAX);
    result_t result = run(scenario, cut, reading);
    expect(scenario, "sent", scenario->sent, result.sent);
    expect(scenario, "out", scenario->out, result.out);
    free_result(&result);
}

// The last line of some output.
static const char *last_line(const char *out) {
    const char *line = out;
    for (const char *c = out; *c != '\0'; c++) {
        if (*c == '\n' && c[1] != '\0') {
            line = c + 1;
        }
    }
    return line;
}

static void check_without_memory(const scenario_t *scenario) {
    const reading_t reading = { MRQ_READ_SOME, 16 };
    memory_allow(SIZE_MAX);
    result_t result = run(scenario, SIZE_MAX, reading);
    size_t needed = memory_allocations();
    free_result(&result);
    for (size_t allowed = 0; allowed < needed; allowed++) {
        memory_allow(allowed);
        result = run(scenario, SIZE_MAX, reading);
        // The last allocation may be for numbers in the text of an error.
        bool is_in_text = allowed + 1 == needed && strstr(scenario->out, "incomplete body: ") != NULL;
        expect(scenario, "without memory", is_in_text ? "error 5: incomplete body\n" : "error 1: memory allocation failed\n", last_line(result.out));
        free_result(&result);
    }
}

int main(void) {
    static const reading_t readings[] = { { MRQ_READ_SOME, 16 }, { MRQ_READ_FILL, 7 }, { MRQ_READ_FILL, 4096 }, { MRQ_READ_LINE, 16 } };
    static const size_t cuts[] = { SIZE_MAX, 7, 1 };
    for (size_t i = 0; i < LENGTH(scenarios); i++) {
        for (size_t j = 0; j < LENGTH(readings); j++) {
            for (size_t k = 0; k < LENGTH(cuts); k++) {
                check(&scenarios[i], cuts[k], readings[j]);
            }
        }
        check_without_memory(&scenarios[i]);
    }
}
