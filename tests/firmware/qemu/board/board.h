// Functions that the files of the module `board` share.

#ifndef BOARD_H
#define BOARD_H

#include "py/obj.h"

// clock.c
void board_set_time(uint64_t seconds);

// random.c: raises OSError if the host has no random numbers
void board_random(void *buf, size_t size);

// memory.c
void board_init_memory(void);
void board_set_heap(size_t size);
size_t board_stack_peak(mp_obj_t function);

// hostfs.c
void board_mount(const char *directory);

// wire.c
extern const mp_obj_type_t board_type_wire;

// network.c
void network_init(void);
void network_poll(void);
size_t network_open_sockets(void);

#endif // BOARD_H
