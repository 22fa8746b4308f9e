// The limit: a C program that only connects, sends and receives. TLS is mbedtls, which the port has too.
//
// usage: limit KIND URL MODE CALLS    as the Python workers, see workers/common.py

#include <arpa/inet.h>
#include <fcntl.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PIECE (4096)
#define MOST_OF_HEAD (16384)

static struct sockaddr_in address;
static char request[MOST_OF_HEAD];
static size_t request_size;
static bool is_https;
static const char *path_to_save;

// Receives heads and bodies, except a body that is read as a whole.
static char buffer[MOST_OF_HEAD];

static bool is_check;
static uint32_t crc = 0xffffffff;

static int connection;
static mbedtls_ssl_context tls;
static mbedtls_ssl_config tls_config;
static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context generator;

static void require(bool condition, const char *what) {
    if (!condition) {
        perror(what);
        exit(1);
    }
}

// Takes a piece of the body.
static size_t take(const char *data, size_t size) {
    if (is_check) {
        for (size_t i = 0; i < size; i++) {
            crc ^= (uint8_t)data[i];
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
            }
        }
    }
    return size;
}

static int send_below(void *unused, const unsigned char *data, size_t size) {
    (void)unused;
    return send(connection, data, size, 0);
}

static int receive_below(void *unused, unsigned char *data, size_t size) {
    (void)unused;
    return recv(connection, data, size, 0);
}

// As the clients in MicroPython do: a new context for each connection, no certificate is checked.
static void start_tls(void) {
    mbedtls_ssl_init(&tls);
    mbedtls_ssl_config_init(&tls_config);
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&generator);
    require(!mbedtls_ctr_drbg_seed(&generator, mbedtls_entropy_func, &entropy, NULL, 0), "seed");
    mbedtls_ssl_config_defaults(&tls_config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_authmode(&tls_config, MBEDTLS_SSL_VERIFY_NONE);
    mbedtls_ssl_conf_rng(&tls_config, mbedtls_ctr_drbg_random, &generator);
    require(!mbedtls_ssl_setup(&tls, &tls_config), "mbedtls_ssl_setup");
    mbedtls_ssl_set_bio(&tls, NULL, send_below, receive_below, NULL);
    require(!mbedtls_ssl_handshake(&tls), "handshake");
}

static void end_tls(void) {
    mbedtls_ssl_free(&tls);
    mbedtls_ssl_config_free(&tls_config);
    mbedtls_ctr_drbg_free(&generator);
    mbedtls_entropy_free(&entropy);
}

static void open_connection(void) {
    connection = socket(AF_INET, SOCK_STREAM, 0);
    require(!connect(connection, (struct sockaddr *)&address, sizeof(address)), "connect");
    if (is_https) {
        // Without it the handshake waits for a delayed acknowledgement.
        int on = 1;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        start_tls();
        require(mbedtls_ssl_write(&tls, (unsigned char *)request, request_size) == (int)request_size, "write");
    } else {
        require(send(connection, request, request_size, 0) == (ssize_t)request_size, "send");
    }
}

static void close_connection(void) {
    if (is_https) {
        end_tls();
    }
    close(connection);
}

static size_t receive(char *data, size_t size) {
    ssize_t received;
    if (is_https) {
        received = mbedtls_ssl_read(&tls, (unsigned char *)data, size);
    } else {
        received = recv(connection, data, size, 0);
    }
    require(received > 0, "receive");
    return received;
}

// A response of which the head, and `received` bytes in all, are in the buffer. The body begins at `body`.
typedef struct {
    char *body;
    size_t received;
    size_t size;
    bool is_chunked;
} response_t;

static response_t receive_head(void) {
    response_t r = {0};
    char *end = NULL;
    while (end == NULL) {
        require(r.received + PIECE < sizeof(buffer), "a long head");
        char *unseen = buffer + (r.received > 3 ? r.received - 3 : 0);
        r.received += receive(buffer + r.received, PIECE);
        buffer[r.received] = '\0';
        end = strstr(unseen, "\r\n\r\n");
    }
    require(!strncmp(buffer, "HTTP/1.1 200 ", 13), "status");
    *end = '\0';
    r.body = end + 4;
    char *length = strstr(buffer, "\r\nContent-Length: ");
    r.is_chunked = length == NULL;
    if (length != NULL) {
        r.size = strtoul(length + 18, NULL, 10);
    }
    return r;
}

// The body in one piece of memory.
static size_t content(void) {
    response_t r = receive_head();
    char *body = malloc(r.size);
    size_t done = buffer + r.received - r.body;
    memcpy(body, r.body, done);
    while (done < r.size) {
        done += receive(body + done, r.size - done);
    }
    take(body, done);
    free(body);
    return done;
}

// The body in lines, which are found in the buffer.
static size_t lines(void) {
    response_t r = receive_head();
    char *line = r.body, *end = buffer + r.received;
    size_t done = 0;
    while (done < r.size) {
        char *line_end = memchr(line, '\n', end - line);
        if (line_end == NULL) {
            end += receive(end, buffer + sizeof(buffer) - end);
        } else {
            done += take(line, line_end + 1 - line);
            line = line_end + 1;
        }
    }
    return done;
}

// The body of a response with chunks; they are looked at in the buffer, as many as have arrived.
static size_t chunks(response_t r) {
    enum { SIZE, DATA, DATA_END, LAST } state = SIZE;
    char *next = r.body, *end = buffer + r.received;
    size_t left = 0, done = 0;
    for (;;) {
        if (next == end) {
            next = buffer;
            end = buffer + receive(buffer, PIECE);
        }
        if (state == DATA) {
            size_t count = (size_t)(end - next) < left ? (size_t)(end - next) : left;
            done += take(next, count);
            next += count;
            left -= count;
            state = left > 0 ? DATA : DATA_END;
            continue;
        }
        char c = *next++;
        if (c == '\n') {
            if (state == LAST) {
                return done;
            }
            state = state == DATA_END ? SIZE : left > 0 ? DATA : LAST;
        } else if (state == SIZE && c != '\r') {
            left = left * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        }
    }
}

// The body in pieces of 4 kB, into a file where `file` is one.
static size_t pieces(int file) {
    response_t r = receive_head();
    if (r.is_chunked) {
        return chunks(r);
    }
    char *data = r.body;
    size_t count = buffer + r.received - r.body, done = 0;
    for (;;) {
        if (file >= 0) {
            require(write(file, data, count) == (ssize_t)count, "write");
        }
        done += take(data, count);
        if (done >= r.size) {
            return done;
        }
        data = buffer;
        count = receive(buffer, PIECE);
    }
}

static size_t readinto(void) {
    return pieces(-1);
}

static size_t save(void) {
    int file = open(path_to_save, O_CREAT | O_TRUNC | O_WRONLY, 0644);
    require(file >= 0, path_to_save);
    size_t size = pieces(file);
    close(file);
    return size;
}

typedef size_t (*kind_t)(void);

static size_t repeat(kind_t kind, long calls) {
    size_t size = 0;
    for (long call = 0; call < calls; call++) {
        open_connection();
        size += kind();
        close_connection();
    }
    return size;
}

static double seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void prepare_request(const char *kind, const char *url) {
    char host[64], path[64];
    int port;
    require(sscanf(url, "%*[a-z]://%63[^:]:%d%63s", host, &port, path) == 3, url);
    is_https = !strncmp(url, "https", 5);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, host, &address.sin_addr);

    bool is_post = !strcmp(kind, "post");
    request_size = sprintf(request, "%s %s HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n", is_post ? "POST" : "GET", path, host, port);
    size_t payload_size = 0;
    if (is_post) {
        FILE *file = fopen(getenv("BENCH_PAYLOAD"), "rb");
        require(file != NULL, "BENCH_PAYLOAD");
        payload_size = fread(buffer, 1, PIECE, file);
        fclose(file);
        request_size += sprintf(request + request_size, "Content-Type: application/json\r\nContent-Length: %zu\r\n", payload_size);
    }
    request_size += sprintf(request + request_size, "\r\n");
    memcpy(request + request_size, buffer, payload_size);
    request_size += payload_size;
}

static const struct {
    const char *name;
    kind_t function;
} kinds[] = {{"content", content}, {"post", content}, {"readinto", readinto}, {"save", save}, {"lines", lines}};

int main(int argc, char **argv) {
    require(argc == 5, "usage: limit KIND URL MODE CALLS");
    const char *mode = argv[3];
    long calls = atol(argv[4]);
    kind_t kind = NULL;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!strcmp(kinds[i].name, argv[1])) {
            kind = kinds[i].function;
        }
    }
    if (kind == NULL) {
        printf("{\"missing\": \"%s\"}\n", argv[1]);
        return 0;
    }
    path_to_save = getenv("BENCH_FILE");
    prepare_request(argv[1], argv[2]);
    is_check = !strcmp(mode, "check");
    if (!strcmp(mode, "clocks")) {
        repeat(kind, 2);
    }
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    size_t size = repeat(kind, calls);
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    wall = seconds(CLOCK_MONOTONIC) - wall;
    printf("{\"bytes\": %zu, \"crc\": %u, \"cpu\": %f, \"wall\": %f}\n", size, crc ^ 0xffffffff, cpu, wall);
    return 0;
}
