// The host's files as a file system of MicroPython.

#ifndef BOARD_HOSTFS_H
#define BOARD_HOSTFS_H

#include "py/obj.h"

// Opens a file of the host. The mode is that of open().
mp_obj_t hostfile_open(const char *path, const char *mode);

#endif // BOARD_HOSTFS_H
