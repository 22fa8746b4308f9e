// The heap and the stack share the RAM that the program leaves free.

#include "py/gc.h"
#include "py/runtime.h"
#include "py/stackctrl.h"

#include "board.h"

// Symbols of the linker script.
extern char _ebss[], _sstack[], _estack[];

// Stack for C code after MicroPython's last stack check.
#define STACK_MARGIN (2 * 1024)

// The unix port's default size. A larger heap makes each collection slower.
#define LARGEST_HEAP (2 * 1024 * 1024)

// 0 selects the largest heap.
static size_t wanted_heap;

void board_set_heap(size_t size) {
    wanted_heap = size;
}

void board_init_memory(void) {
    size_t size = MIN((size_t)(_sstack - _ebss), (size_t)LARGEST_HEAP);
    if (wanted_heap != 0) {
        size = MIN(size, wanted_heap);
    }
    gc_init(_ebss, _ebss + size);
    mp_stack_set_limit(_estack - _sstack - STACK_MARGIN);
}

// Neither a pointer nor a likely number.
#define PAINT (0xa5c35a3c)

register uint32_t *stack_pointer __asm__ ("sp");

size_t board_stack_peak(mp_obj_t function) {
    uint32_t *bottom = (uint32_t *)_sstack;
    uint32_t *top = stack_pointer;
    for (uint32_t *word = bottom; word < top; ++word) {
        *word = PAINT;
    }
    mp_call_function_0(function);
    while (bottom < top && *bottom == PAINT) {
        ++bottom;
    }
    return (top - bottom) * sizeof(*top);
}
