// Catching exceptions.

#include "object/object.h"

// nlr_push() returns twice, and compilers are not told: nothing but the exception is used here
// after the second return, and callers' variables are safe in their own frames.
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
