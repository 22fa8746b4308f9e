// Catches exceptions. A mere clean-up uses nlr_push_jump_callback(), which needs no NLR buffer.

#include "object/object.h"

// Not inlined: nlr_push() returns twice without the compiler's knowledge. Only the exception is used after the second
// return, and callers' variables live in other frames.
MP_NOINLINE void *mrq_protect(void (*fun)(void *), void *arg) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        fun(arg);
        nlr_pop();
        return NULL;
    }
    return nlr.ret_val;
}

bool mrq_ignore_errors(void (*fun)(void *), void *arg) {
    void *exc = mrq_protect(fun, arg);
    if (exc != NULL && !mrq_is_instance(exc, &mp_type_Exception)) {
        mp_sched_exception(MP_OBJ_FROM_PTR(exc));
    }
    return exc == NULL;
}
