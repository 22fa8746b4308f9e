// Raises errors: those of Rust, by their kind, and OSError with a text.

#include "py/mperrno.h"
#include "py/objexcept.h"

#include "object/object.h"

_Noreturn void mrq_raise_os_error_str(int number, mp_obj_t text) {
    mp_obj_t args[2] = { MP_OBJ_NEW_SMALL_INT(number), text };
    nlr_raise(mp_obj_exception_make_new(&mp_type_OSError, 2, 0, args));
}

_Noreturn void mrq_raise_os_error(int number, const char *text) {
    mrq_raise_os_error_str(number, mp_obj_new_str_from_cstr(text));
}

_Noreturn void mrq_raise_error(const mrq_error_t *err) {
    // The errno of each kind that is an OSError.
    static const uint8_t errnos[] = {
        [MRQ_ERROR_RESET] = MP_ECONNRESET,
        [MRQ_ERROR_ABORTED] = MP_ECONNABORTED,
        [MRQ_ERROR_REFUSED] = MP_EACCES,
        [MRQ_ERROR_NOT_OFFERED] = MP_EOPNOTSUPP,
        [MRQ_ERROR_IO] = MP_EIO,
        [MRQ_ERROR_TOO_LARGE] = MP_ENOBUFS,
    };
    mp_obj_t text = mp_obj_new_str((const char *)err->text.data, err->text.len);
    switch (err->kind) {
        case MRQ_ERROR_MEMORY:
            nlr_raise(mp_obj_new_exception_arg1(&mp_type_MemoryError, text));
        case MRQ_ERROR_VALUE:
            nlr_raise(mp_obj_new_exception_arg1(&mp_type_ValueError, text));
        case MRQ_ERROR_UNICODE:
            nlr_raise(mp_obj_new_exception_arg1(&mp_type_UnicodeError, text));
        default:
            mrq_raise_os_error_str(errnos[err->kind], text);
    }
}

void mrq_check_error(uint8_t code, const mrq_error_t *err) {
    if (code != MRQ_OK) {
        mrq_raise_error(err);
    }
}

void mrq_check(uint8_t code) {
    if (code != MRQ_OK) {
        mrq_error_t err;
        mrq_rs_explain(code, NULL, &err);
        mrq_raise_error(&err);
    }
}

_Noreturn void mrq_panic(void) {
    mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("mrequests: internal error"));
}
