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

void mrq_wait_init(mrq_wait_t *self, mp_obj_t timeout, mp_obj_t deadline) {
    mp_obj_t pair[2] = { timeout, timeout };
    if (mrq_is_list_or_tuple(timeout)) {
        mrq_get_pair(timeout, pair);
    }
    self->connect_timeout = pair[0];
    self->read_timeout = pair[1];
    self->connect_ms = to_ms(self->connect_timeout);
    self->read_ms = to_ms(self->read_timeout);
    if (self->connect_ms == MRQ_FOREVER) {
        self->connect_timeout = mp_const_none;
    }
    if (self->read_ms == MRQ_FOREVER) {
        self->read_timeout = mp_const_none;
    }
    uint32_t deadline_ms = to_ms(deadline);
    self->has_deadline = deadline_ms != MRQ_FOREVER;
    self->deadline = (uint32_t)mp_hal_ticks_ms() + deadline_ms;
}

bool mrq_wait_apply(const mrq_wait_t *self, mp_obj_t sock, bool connecting) {
    uint32_t ms = connecting ? self->connect_ms : self->read_ms;
    if (self->has_deadline) {
        int32_t left = (int32_t)(self->deadline - (uint32_t)mp_hal_ticks_ms());
        if (left <= 0) {
            return false;
        }
        if ((uint32_t)left < ms) {
            mrq_call_method(sock, MP_QSTR_settimeout, to_seconds(left));
            return true;
        }
    }
    if (connecting ? ms != MRQ_FOREVER : ms != self->connect_ms || self->has_deadline) {
        mrq_call_method(sock, MP_QSTR_settimeout, connecting ? self->connect_timeout : self->read_timeout);
    }
    return true;
}
