// Memory functions under the names that compiled Rust code calls on ARM (Run-time ABI for the Arm Architecture,
// "Memory copying, clearing, and setting"). Some ports' C libraries lack them.

#include <string.h>

#include "py/mpconfig.h"

#if defined(__arm__) && !defined(__linux__)

#define ALIAS(name) __attribute__((weak, alias(#name)))

MP_WEAK void __aeabi_memcpy(void *dest, const void *src, size_t n) {
    memcpy(dest, src, n);
}
void __aeabi_memcpy4(void *dest, const void *src, size_t n) ALIAS(__aeabi_memcpy);
void __aeabi_memcpy8(void *dest, const void *src, size_t n) ALIAS(__aeabi_memcpy);

MP_WEAK void __aeabi_memmove(void *dest, const void *src, size_t n) {
    memmove(dest, src, n);
}
void __aeabi_memmove4(void *dest, const void *src, size_t n) ALIAS(__aeabi_memmove);
void __aeabi_memmove8(void *dest, const void *src, size_t n) ALIAS(__aeabi_memmove);

MP_WEAK void __aeabi_memset(void *dest, size_t n, int c) {
    memset(dest, c, n);
}
void __aeabi_memset4(void *dest, size_t n, int c) ALIAS(__aeabi_memset);
void __aeabi_memset8(void *dest, size_t n, int c) ALIAS(__aeabi_memset);

MP_WEAK void __aeabi_memclr(void *dest, size_t n) {
    memset(dest, 0, n);
}
void __aeabi_memclr4(void *dest, size_t n) ALIAS(__aeabi_memclr);
void __aeabi_memclr8(void *dest, size_t n) ALIAS(__aeabi_memclr);

#endif
