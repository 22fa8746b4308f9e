// The port's services for TLS: random numbers, time, stack limit.

#include "py/mperrno.h"
#include "py/mphal.h"

#include "object/compat.h"
#include "tls/tls.h"

#if MREQUESTS_TLS

#if !MICROPY_PY_OS_URANDOM
#error "TLS needs random numbers: this port has no os.urandom(). Build with MREQUESTS_TLS=0, or enable MICROPY_PY_OS_URANDOM."
#endif

// Stack of a handshake with the longest chain that is verified, in bytes: see docs/tls.md. With a client certificate
// the server's chain is verified deeper in the stack.
#define STACK_SIZE (12 * 256 * sizeof(void *))
#define STACK_SIZE_WITH_IDENTITY (16 * 256 * sizeof(void *))

// Seconds from 1970 to 2000, the epoch of some ports.
#define EPOCH_2000 (946684800)

void mrq_tls_check_stack(bool with_identity) {
    #if MICROPY_STACK_CHECK
    size_t needed = with_identity ? STACK_SIZE_WITH_IDENTITY : STACK_SIZE;
    if (mp_cstack_usage() + needed > MP_STATE_THREAD(stack_limit)) {
        mrq_raise_os_error(MP_ENOMEM, "not enough stack for a TLS handshake");
    }
    #else
    (void)with_identity;
    #endif
}

void mrq_tls_seed(uint8_t *seed, size_t size) {
    mp_obj_t bytes = mp_call_function_1(mp_load_attr(mrq_import(MP_QSTR_os), MP_QSTR_urandom), MP_OBJ_NEW_SMALL_INT(size));
    mp_buffer_info_t bufinfo;
    mp_get_buffer_raise(bytes, &bufinfo, MP_BUFFER_READ);
    if (bufinfo.len != size) {
        mrq_raise_os_error(MP_EIO, "os.urandom() returned too few bytes");
    }
    memcpy(seed, bufinfo.buf, size);
}

static uint64_t to_seconds(mp_obj_t time) {
    #if MICROPY_PY_BUILTINS_FLOAT
    if (mp_obj_is_float(time)) {
        mp_float_t seconds = mp_obj_get_float(time);
        return seconds > 0 ? (uint64_t)seconds : 0;
    }
    #endif
    // Not by way of a float, which on boards is precise to two minutes only.
    return (mp_uint_t)mp_obj_get_int_truncated(time);
}

static void do_now(void *arg) {
    uint64_t *now = arg;
    mp_obj_t module = mrq_import(MP_QSTR_time);
    uint64_t seconds = to_seconds(mp_call_function_0(mp_load_attr(module, MP_QSTR_time)));
    mp_obj_t *epoch;
    size_t len;
    mp_obj_get_array(mp_call_function_1(mp_load_attr(module, MP_QSTR_gmtime), MP_OBJ_NEW_SMALL_INT(0)), &len, &epoch);
    *now = epoch[0] == MP_OBJ_NEW_SMALL_INT(2000) ? seconds + EPOCH_2000 : seconds;
}

uint64_t mrq_tls_now(void) {
    uint64_t now = 0;
    // 0 means a port without a clock.
    mrq_ignore_errors(do_now, &now);
    return now;
}

#endif // MREQUESTS_TLS
