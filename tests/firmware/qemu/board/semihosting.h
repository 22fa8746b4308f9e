// Files of the host, through QEMU's semihosting calls, which are the same for Arm and RISC-V.

#ifndef BOARD_SEMIHOSTING_H
#define BOARD_SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

// The modes of fopen(), as SYS_OPEN numbers them. All are binary.
enum {
    HOST_OPEN_R = 1,
    HOST_OPEN_RP = 3,
    HOST_OPEN_W = 5,
    HOST_OPEN_WP = 7,
    HOST_OPEN_A = 9,
    HOST_OPEN_AP = 11,
};

// Each function returns a negative errno on failure.
int host_open(const char *path, int mode);
int host_close(int handle);
int host_read(int handle, void *buf, size_t size);
int host_write(int handle, const void *buf, size_t size);
int host_seek(int handle, size_t position);
int host_length(int handle);
int host_remove(const char *path);

#endif // BOARD_SEMIHOSTING_H
