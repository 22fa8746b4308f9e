#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "mrequests_glue.h"

#define MOST_BLOCKS (64)

typedef struct _block_t {
    uint8_t *data;
    size_t size;
} block_t;

static block_t blocks[MOST_BLOCKS];
static size_t allowed = SIZE_MAX;
static size_t allocations;

// The entry of a block; that of NULL is a free one.
static block_t *find(const uint8_t *data) {
    for (size_t i = 0; i < MOST_BLOCKS; i++) {
        if (blocks[i].data == data) {
            return &blocks[i];
        }
    }
    abort();
}

static void poison_and_free(block_t *block) {
    memset(block->data, 0xdb, block->size);
    free(block->data);
    *block = (block_t) { 0 };
}

static uint8_t *allocate(size_t size) {
    if (allocations == allowed) {
        return NULL;
    }
    allocations++;
    block_t *block = find(NULL);
    *block = (block_t) { malloc(size), size };
    memset(block->data, 0xa5, size);
    return block->data;
}

uint8_t *mrq_realloc(uint8_t *data, size_t old_size, size_t new_size) {
    uint8_t *moved = new_size == 0 ? NULL : allocate(new_size);
    if (data == NULL || (new_size > 0 && moved == NULL)) {
        return moved;
    }
    block_t *old = find(data);
    assert(old_size == old->size);
    if (moved != NULL) {
        memcpy(moved, data, old_size < new_size ? old_size : new_size);
    }
    poison_and_free(old);
    return moved;
}

_Noreturn void mrq_panic(void) {
    fputs("panic in Rust\n", stderr);
    abort();
}

void memory_allow(size_t number) {
    allowed = number;
    allocations = 0;
}

size_t memory_allocations(void) {
    return allocations;
}

void memory_collect(void) {
    for (size_t i = 0; i < MOST_BLOCKS; i++) {
        if (blocks[i].data != NULL) {
            poison_and_free(&blocks[i]);
        }
    }
}
