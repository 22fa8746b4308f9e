// Timeouts of socket operations and the deadline of a call.

#include "py/mphal.h"

#include "connection/connection.h"

// A longer timeout never elapses: ticks wrap around.
#define MAX_WAIT_MS (0x1fffffff)

_Noreturn static void raise_negative(void) {
    mp_raise_ValueError(MP_ERROR_TEXT("timeout and deadline must be 0 or more"));
}

static uint32_t to_ms(mp_obj_t seconds) {
    if (seconds == mp_const_none) {
        return MRQ_FOREVER;
    }
    #if MICROPY_PY_BUILTINS_FLOAT
    mp_float_t ms = mp_obj_get_float(seconds) * 1000;
    // The negation catches NaN.
    if (!(ms >= 0)) {
        raise_negative();
    }
    if (ms > MAX_WAIT_MS) {
        return MRQ_FOREVER;
    }
    // Rounds up: a timeout of 0 would select non-blocking mode.
    uint32_t whole = (uint32_t)ms;
    return whole < ms ? whole + 1 : whole;
    #else
    mp_int_t s = mp_obj_get_int(seconds);
    if (s < 0) {
        raise_negative();
    }
    return s > MAX_WAIT_MS / 1000 ? MRQ_FOREVER : (uint32_t)s * 1000;
    #endif
}

static mp_obj_t to_seconds(uint32_t ms) {
    #if MICROPY_PY_BUILTINS_FLOAT
    return mp_obj_new_float((mp_float_t)ms / 1000);
    #else
    return MP_OBJ_NEW_SMALL_INT((ms + 999) / 1000);
    #endif
}

void mrq_wait_set_timeout(mrq_wait_t *self, mp_obj_t timeout) {
    self->ms = to_ms(timeout);
    self->timeout = self->ms == MRQ_FOREVER ? mp_const_none : timeout;
}

void mrq_wait_init(mrq_wait_t *connecting, mrq_wait_t *reading, mp_obj_t timeout, mp_obj_t deadline) {
    mp_obj_t pair[2] = { timeout, timeout };
    if (mrq_is_list_or_tuple(timeout)) {
        mrq_get_pair(timeout, pair);
    }
    uint32_t deadline_ms = to_ms(deadline);
    connecting->has_deadline = deadline_ms != MRQ_FOREVER;
    connecting->deadline = (uint32_t)mp_hal_ticks_ms() + deadline_ms;
    *reading = *connecting;
    mrq_wait_set_timeout(connecting, pair[0]);
    mrq_wait_set_timeout(reading, pair[1]);
}

bool mrq_wait_apply(const mrq_wait_t *self, mp_obj_t sock) {
    mp_obj_t timeout = self->timeout;
    if (self->has_deadline) {
        int32_t left = (int32_t)(self->deadline - (uint32_t)mp_hal_ticks_ms());
        if (left <= 0) {
            return false;
        }
        if ((uint32_t)left < self->ms) {
            timeout = to_seconds(left);
        }
    }
    mrq_call_method(sock, MP_QSTR_settimeout, timeout);
    return true;
}
