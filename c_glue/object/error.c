// Raises MRQ_ERROR_* codes: ValueError for wrong arguments and protocol violations, OSError for I/O.

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

_Noreturn static void raise_incomplete_body(const mrq_error_t *err) {
    vstr_t vstr;
    mp_print_t print;
    vstr_init_print(&vstr, 40, &print);
    mp_print_str(&print, "incomplete body: ");
    mp_obj_print_helper(&print, mp_obj_new_int_from_ull(err->done), PRINT_STR);
    if (err->total != MRQ_UNKNOWN) {
        mp_print_str(&print, " of ");
        mp_obj_print_helper(&print, mp_obj_new_int_from_ull(err->total), PRINT_STR);
    }
    mp_print_str(&print, " bytes");
    mrq_raise_os_error_str(MP_ECONNABORTED, mp_obj_new_str_from_utf8_vstr(&vstr));
}

static mp_rom_error_text_t value_error_text(uint8_t code) {
    switch (code) {
        case MRQ_ERROR_INVALID_METHOD:
            return MP_ERROR_TEXT("invalid method");
        case MRQ_ERROR_INVALID_URL:
            return MP_ERROR_TEXT("invalid URL: must be absolute, without line breaks and NUL");
        case MRQ_ERROR_UNSUPPORTED_SCHEME:
            return MP_ERROR_TEXT("unsupported URL scheme");
        case MRQ_ERROR_INVALID_HOST:
            return MP_ERROR_TEXT("invalid host in URL");
        case MRQ_ERROR_INVALID_PORT:
            return MP_ERROR_TEXT("invalid port in URL");
        case MRQ_ERROR_INVALID_FIELD_NAME:
            return MP_ERROR_TEXT("invalid header name");
        case MRQ_ERROR_INVALID_FIELD_VALUE:
            return MP_ERROR_TEXT("invalid header value");
        case MRQ_ERROR_BODY_MISMATCH:
            return MP_ERROR_TEXT("body does not match Content-Length or Transfer-Encoding");
        case MRQ_ERROR_INVALID_STATUS_LINE:
            return MP_ERROR_TEXT("invalid status line");
        case MRQ_ERROR_INVALID_FIELD:
            return MP_ERROR_TEXT("invalid header line");
        case MRQ_ERROR_LINE_TOO_LONG:
            return MP_ERROR_TEXT("header line too long");
        case MRQ_ERROR_HEAD_TOO_LARGE:
            return MP_ERROR_TEXT("headers too large");
        case MRQ_ERROR_TOO_MANY_FIELDS:
            return MP_ERROR_TEXT("too many headers");
        case MRQ_ERROR_INVALID_CONTENT_LENGTH:
            return MP_ERROR_TEXT("invalid Content-Length");
        case MRQ_ERROR_UNSUPPORTED_TRANSFER_ENCODING:
            return MP_ERROR_TEXT("unsupported Transfer-Encoding");
        case MRQ_ERROR_INVALID_CHUNK:
            return MP_ERROR_TEXT("invalid chunk");
        case MRQ_ERROR_TRAILERS_TOO_LARGE:
            return MP_ERROR_TEXT("trailers too large");
        case MRQ_ERROR_TOO_MANY_REDIRECTS:
            return MP_ERROR_TEXT("Maximum redirection count exceeded.");
        default:
            mrq_panic();
    }
}

#if MREQUESTS_TLS
static mp_obj_t text_of(const mrq_error_t *err) {
    return mp_obj_new_str((const char *)err->text.data, err->text.len);
}

static int tls_errno(uint8_t code) {
    switch (code) {
        case MRQ_ERROR_TLS_REFUSED:
            return MP_EACCES;
        case MRQ_ERROR_TLS_NOT_OFFERED:
            return MP_EOPNOTSUPP;
        case MRQ_ERROR_TLS_ABORTED:
            return MP_ECONNABORTED;
        case MRQ_ERROR_TLS_PROTOCOL:
            return MP_EIO;
        case MRQ_ERROR_TLS_TRUNCATED:
            return MP_ECONNRESET;
        default: // MRQ_ERROR_TLS_TOO_LARGE
            return MP_ENOBUFS;
    }
}
#endif

_Noreturn void mrq_raise(uint8_t code, const mrq_error_t *err) {
    #if MREQUESTS_TLS
    if (code == MRQ_ERROR_TLS_CONFIGURATION) {
        nlr_raise(mp_obj_new_exception_arg1(&mp_type_ValueError, text_of(err)));
    }
    if (code > MRQ_ERROR_TLS_CONFIGURATION) {
        mrq_raise_os_error_str(tls_errno(code), text_of(err));
    }
    #endif
    switch (code) {
        case MRQ_ERROR_RAISED:
            nlr_raise(MP_OBJ_FROM_PTR(err->raised));
        case MRQ_ERROR_OS:
        case MRQ_ERROR_PEER_CLOSED:
        case MRQ_ERROR_TRY_AGAIN:
            mp_raise_OSError(err->number);
        case MRQ_ERROR_NO_MEMORY:
            mp_raise_msg(&mp_type_MemoryError, MP_ERROR_TEXT("memory allocation failed"));
        case MRQ_ERROR_BUSY:
            mrq_raise_os_error(MP_EBUSY, "response is in use");
        case MRQ_ERROR_CLOSED:
            mrq_raise_os_error(MP_EBADF, "response is closed");
        case MRQ_ERROR_NO_RESPONSE:
            mrq_raise_os_error(MP_ECONNRESET, "connection closed before the response was complete");
        case MRQ_ERROR_INCOMPLETE_BODY:
            raise_incomplete_body(err);
        case MRQ_ERROR_NOT_REPLAYABLE:
            mrq_raise_os_error(MP_ESPIPE, "redirect requires the body again, which cannot be sent twice");
        default:
            mp_raise_ValueError(value_error_text(code));
    }
}

void mrq_check_error(uint8_t code, const mrq_error_t *err) {
    if (code != MRQ_OK) {
        mrq_raise(code, err);
    }
}

void mrq_check(uint8_t code) {
    mrq_error_t err = { 0 };
    mrq_check_error(code, &err);
}

_Noreturn void mrq_panic(void) {
    mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("mrequests: internal error"));
}
