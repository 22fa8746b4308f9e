// A MicroPython file system with the host's files.

#ifndef BOARD_HOSTFS_H
#define BOARD_HOSTFS_H

#include "py/obj.h"

// Opens a file of the host, with a mode as for open().
mp_obj_t hostfile_open(const char *path, const char *mode);

#endif // BOARD_HOSTFS_H
