// Gives MicroPython from 1.24 on the names of its newest version.
#ifndef MRQ_COMPAT_H
#define MRQ_COMPAT_H

#include "py/obj.h"
#include "py/unicode.h"

#if MICROPY_VERSION >= MICROPY_MAKE_VERSION(1, 25, 0)
#include "py/cstack.h"
#else
#include "py/stackctrl.h"
#define mp_cstack_usage mp_stack_usage
#endif

#if MICROPY_VERSION < MICROPY_MAKE_VERSION(1, 27, 0)
// The macro of 1.26 lacks var_field, and does not compile without finalisers.
#undef mp_obj_malloc_var_with_finaliser
#if MICROPY_ENABLE_FINALISER
#define mp_obj_malloc_var_with_finaliser(struct_type, var_field, var_type, var_num, obj_type) \
    ((struct_type *)mp_obj_malloc_with_finaliser_helper(offsetof(struct_type, var_field) + sizeof(var_type) * (var_num), obj_type))
#else
#define mp_obj_malloc_var_with_finaliser mp_obj_malloc_var
#endif
#endif

#if MICROPY_VERSION < MICROPY_MAKE_VERSION(1, 29, 0)
#define unicode_encoding_check(encoding, p, len) utf8_check(p, len)
#endif

#endif // MRQ_COMPAT_H
