// Heap memory for Rust.

#include "object/object.h"

uint8_t *mrq_realloc(uint8_t *data, size_t old_size, size_t new_size) {
    (void)old_size;
    if (new_size == 0) {
        m_del(uint8_t, data, old_size);
        return NULL;
    }
    return m_renew_maybe(uint8_t, data, old_size, new_size, true);
}
