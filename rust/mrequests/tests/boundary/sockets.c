// Drives the boundary over a socket: sockets METHOD URL [BODY]
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "memory.h"

typedef struct _socket_t {
    connection_t base;
    int fd;
} socket_t;

// Ends the program if an operation of the socket failed.
static long check(const char *operation, long result) {
    if (result < 0) {
        perror(operation);
        exit(1);
    }
    return result;
}

static struct addrinfo *resolve(const mrq_origin_t *origin) {
    char host[256], port[6];
    snprintf(host, sizeof(host), "%.*s", (int)origin->host.len, (const char *)origin->host.data);
    snprintf(port, sizeof(port), "%u", origin->port);
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *addresses;
    int error = getaddrinfo(host, port, &hints, &addresses);
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", host, gai_strerror(error));
        exit(1);
    }
    return addresses;
}

static void socket_open(connection_t *base, const mrq_origin_t *origin) {
    struct addrinfo *address = resolve(origin);
    int fd = check("socket", socket(address->ai_family, address->ai_socktype, address->ai_protocol));
    check("connect", connect(fd, address->ai_addr, address->ai_addrlen));
    freeaddrinfo(address);
    ((socket_t *)base)->fd = fd;
}

static long socket_send(connection_t *base, mrq_bytes_t bytes) {
    ssize_t len = send(((socket_t *)base)->fd, bytes.data, bytes.len, MSG_NOSIGNAL);
    if (len < 0 && (errno == EPIPE || errno == ECONNRESET)) {
        return PEER_CLOSED;
    }
    return check("send", len);
}

static long socket_receive(connection_t *base, uint8_t *into, size_t room) {
    return check("recv", recv(((socket_t *)base)->fd, into, room, 0));
}

static void socket_close(connection_t *base) {
    socket_t *self = (socket_t *)base;
    close(self->fd);
    self->fd = -1;
}

int main(int argc, char **argv) {
    socket_t socket = { .base = { socket_open, socket_send, socket_receive, socket_close }, .fd = -1 };
    client_t client = {
        .connection = &socket.base,
        .request = { .method = bytes_of(argv[1]), .url = bytes_of(argv[2]), .allow_redirects = true, .max_redirects = 5 },
        .reading = { MRQ_READ_SOME, 4096 },
        .out = stdout,
    };
    if (argc > 3) {
        client.request.body = bytes_of(argv[3]);
        client.request.body_kind = MRQ_BODY_BYTES;
    }
    bool is_complete = client_fetch(&client);
    memory_collect();
    return is_complete ? 0 : 1;
}
