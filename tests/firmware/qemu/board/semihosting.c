#include <string.h>

#include "py/mperrno.h"

#include "semihosting.h"

enum {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_SEEK = 0x0a,
    SYS_FLEN = 0x0c,
    SYS_REMOVE = 0x0e,
    SYS_ERRNO = 0x13,
};

typedef uintptr_t word_t;

static int call(word_t number, const word_t *args) {
    #if defined(__riscv)
    register word_t result __asm__ ("a0") = number;
    register const word_t *block __asm__ ("a1") = args;
    // RISC-V semihosting requires these three instructions uncompressed and in one page.
    __asm__ volatile (
        ".option push\n"
        ".option norvc\n"
        ".balign 16\n"
        "slli x0, x0, 0x1f\n"
        "ebreak\n"
        "srai x0, x0, 7\n"
        ".option pop\n"
        : "+r" (result) : "r" (block) : "memory");
    #else
    register word_t result __asm__ ("r0") = number;
    register const word_t *block __asm__ ("r1") = args;
    __asm__ volatile ("bkpt 0xab" : "+r" (result) : "r" (block) : "memory");
    #endif
    return result;
}

// A call that returns a negative number on failure.
static int checked_call(word_t number, const word_t *args) {
    int result = call(number, args);
    if (result >= 0) {
        return result;
    }
    int error = call(SYS_ERRNO, NULL);
    return error > 0 ? -error : -MP_EIO;
}

int host_open(const char *path, int mode) {
    const word_t args[] = { (word_t)path, mode, strlen(path) };
    return checked_call(SYS_OPEN, args);
}

int host_close(int handle) {
    const word_t args[] = { handle };
    return checked_call(SYS_CLOSE, args);
}

// SYS_READ and SYS_WRITE return the number of bytes not transferred; for some errors that is all of them.
static int transferred(size_t size, int left) {
    if (left < 0) {
        return -MP_EIO;
    }
    return size - left;
}

int host_read(int handle, void *buf, size_t size) {
    const word_t args[] = { handle, (word_t)buf, size };
    return transferred(size, call(SYS_READ, args));
}

int host_write(int handle, const void *buf, size_t size) {
    const word_t args[] = { handle, (word_t)buf, size };
    return transferred(size, call(SYS_WRITE, args));
}

int host_seek(int handle, size_t position) {
    const word_t args[] = { handle, position };
    return checked_call(SYS_SEEK, args);
}

int host_length(int handle) {
    const word_t args[] = { handle };
    return checked_call(SYS_FLEN, args);
}

int host_remove(const char *path) {
    const word_t args[] = { (word_t)path, strlen(path) };
    return checked_call(SYS_REMOVE, args);
}
