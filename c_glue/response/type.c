// The Response type: constructor, attributes, stream protocol.

#include "py/mperrno.h"
#include "py/objstr.h"

#include "response/response.h"
#include "url/url.h"

mrq_response_t *mrq_response_of(mp_obj_t obj) {
    if (mp_obj_is_exact_type(obj, &mrq_type_response)) {
        return MP_OBJ_TO_PTR(obj);
    }
    mp_obj_t native = mp_obj_cast_to_native_base(obj, MP_OBJ_FROM_PTR(&mrq_type_response));
    // Before __init__() of a subclass calls Response.__init__(), the cast gives another object.
    return native != MP_OBJ_NULL && mp_obj_is_type(native, &mrq_type_response) ? MP_OBJ_TO_PTR(native) : NULL;
}

mrq_response_t *mrq_response_new(mrq_connection_t *connection, bool save_headers) {
    mrq_response_t *self = mp_obj_malloc(mrq_response_t, &mrq_type_response);
    self->outer = MP_OBJ_NULL;
    self->connection = connection;
    self->status_code = mp_const_none;
    self->reason = mp_const_empty_bytes;
    self->headers = mp_const_none;
    self->encoding = MP_OBJ_NEW_QSTR(MP_QSTR_utf_hyphen_8);
    self->charset = MP_OBJ_NULL;
    self->url = mp_const_none;
    self->history = MP_OBJ_NULL;
    self->cached = mp_const_none;
    self->kept = NULL;
    self->flags = 0;
    self->state = MRQ_STATE_IDLE;
    mrq_rs_incoming_init(&self->incoming);
    if (save_headers) {
        self->headers = mrq_headers_new();
    }
    return self;
}

static mp_obj_t response_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    enum { ARG_sock, ARG_sockfile, ARG_save_headers };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_sock, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_sockfile, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_save_headers, MP_ARG_BOOL, {.u_bool = false} },
    };
    mp_arg_val_t vals[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all_kw_array(n_args, n_kw, args, MP_ARRAY_SIZE(allowed_args), allowed_args, vals);
    mrq_connection_t *connection = mrq_connection_over(vals[ARG_sock].u_obj, vals[ARG_sockfile].u_obj);
    return MP_OBJ_FROM_PTR(mrq_response_new(connection, vals[ARG_save_headers].u_bool));
}

static void response_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    mrq_response_t *self = MP_OBJ_TO_PTR(self_in);
    mp_print_str(print, "<Response [");
    mp_obj_print_helper(print, self->status_code, PRINT_REPR);
    mp_print_str(print, "]>");
}

/******************************************************************************/

static mp_obj_t load_attr(mrq_response_t *self, qstr attr);

static mp_obj_t response_raise_for_status(mp_obj_t self_in) {
    mrq_response_t *self = MP_OBJ_TO_PTR(self_in);
    if (mp_obj_is_small_int(self->status_code) && MP_OBJ_SMALL_INT_VALUE(self->status_code) >= 400) {
        vstr_t vstr;
        mp_print_t print;
        vstr_init_print(&vstr, 32, &print);
        mp_print_str(&print, "HTTP ");
        mp_obj_print_helper(&print, self->status_code, PRINT_STR);
        mrq_bytes_t reason = mrq_get_bytes_raise(self->reason);
        mp_print_str(&print, reason.len > 0 ? " " : "");
        mp_obj_print_helper(&print, mrq_new_str(reason), PRINT_STR);
        mp_print_str(&print, ": ");
        mp_obj_print_helper(&print, load_attr(self, MP_QSTR_url), PRINT_STR);
        mrq_raise_os_error_str(MP_OBJ_SMALL_INT_VALUE(self->status_code), mp_obj_new_str_from_vstr(&vstr));
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(response_raise_for_status_obj, response_raise_for_status);

/******************************************************************************/
// Closing

static mp_obj_t response_close(mp_obj_t self_in) {
    mrq_response_t *self = MP_OBJ_TO_PTR(self_in);
    self->cached = mp_const_none;
    mrq_response_abort(self);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(response_close_obj, response_close);

static mp_obj_t response___enter__(mp_obj_t self_in) {
    return mrq_response_self(MP_OBJ_TO_PTR(self_in));
}
static MP_DEFINE_CONST_FUN_OBJ_1(response___enter___obj, response___enter__);

static mp_obj_t response___exit__(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    mp_obj_t dest[2];
    mp_load_method(mrq_response_self(MP_OBJ_TO_PTR(args[0])), MP_QSTR_close, dest);
    return mp_call_method_n_kw(0, 0, dest);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(response___exit___obj, 4, 4, response___exit__);

/******************************************************************************/
// The stream protocol. Its functions get the instance, native or of a subclass.

static mp_uint_t response_stream_read(mp_obj_t self_in, void *buf, mp_uint_t size, int *errcode) {
    mrq_response_t *self = mrq_response_of(self_in);
    if (self == NULL) {
        *errcode = MP_EBADF;
        return MP_STREAM_ERROR;
    }
    // json.load() asks for single bytes: most are there.
    mp_uint_t len = self->state == MRQ_STATE_IDLE ? mrq_rs_take(&self->incoming, buf, size) : 0;
    if (len == 0 && size > 0) {
        len = mrq_response_read(self, buf, size, MRQ_READ_SOME);
    }
    if (len == MRQ_NOT_YET) {
        *errcode = MP_EAGAIN;
    }
    return len;
}

// Whether a read returns at once, without the connection.
static bool is_ready(mrq_response_t *self) {
    switch (self->state) {
        case MRQ_STATE_IDLE:
            return mrq_rs_is_ready(&self->incoming);
        case MRQ_STATE_HEAD:
        case MRQ_STATE_READING:
            return false;
        default:
            return true;
    }
}

static mp_uint_t response_stream_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode) {
    mrq_response_t *self = mrq_response_of(self_in);
    if (self == NULL) {
        *errcode = MP_EBADF;
        return MP_STREAM_ERROR;
    }
    switch (request) {
        case MP_STREAM_CLOSE:
            response_close(MP_OBJ_FROM_PTR(self));
            return 0;
        case MP_STREAM_POLL:
            return is_ready(self)
                ? arg & MP_STREAM_POLL_RD
                : mrq_connection_poll(self->connection, arg & ~MP_STREAM_POLL_WR, errcode);
        default:
            *errcode = MP_EINVAL;
            return MP_STREAM_ERROR;
    }
}

static const mp_stream_p_t response_stream_p = {
    .read = response_stream_read,
    .ioctl = response_stream_ioctl,
};

/******************************************************************************/
// Attributes

// Searched from the front: frequent names first.
static const mp_rom_map_elem_t response_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR_readinto), MP_ROM_PTR(&mrq_response_readinto_obj) },
    { MP_ROM_QSTR(MP_QSTR_read), MP_ROM_PTR(&mrq_response_read_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&response_close_obj) },
    { MP_ROM_QSTR(MP_QSTR_json), MP_ROM_PTR(&mrq_response_json_obj) },
    { MP_ROM_QSTR(MP_QSTR___enter__), MP_ROM_PTR(&response___enter___obj) },
    { MP_ROM_QSTR(MP_QSTR___exit__), MP_ROM_PTR(&response___exit___obj) },
    { MP_ROM_QSTR(MP_QSTR_readline), MP_ROM_PTR(&mrq_response_readline_obj) },
    { MP_ROM_QSTR(MP_QSTR_readlines), MP_ROM_PTR(&mrq_response_readlines_obj) },
    { MP_ROM_QSTR(MP_QSTR_raise_for_status), MP_ROM_PTR(&response_raise_for_status_obj) },
    { MP_ROM_QSTR(MP_QSTR_iter_content), MP_ROM_PTR(&mrq_response_iter_content_obj) },
    { MP_ROM_QSTR(MP_QSTR_iter_lines), MP_ROM_PTR(&mrq_response_iter_lines_obj) },
    { MP_ROM_QSTR(MP_QSTR_save), MP_ROM_PTR(&mrq_response_save_obj) },
    { MP_ROM_QSTR(MP_QSTR_saveinto), MP_ROM_PTR(&mrq_response_saveinto_obj) },
    { MP_ROM_QSTR(MP_QSTR_saveto), MP_ROM_PTR(&mrq_response_saveinto_obj) },
    { MP_ROM_QSTR(MP_QSTR__parse_header), MP_ROM_PTR(&mrq_response_parse_header_obj) },
    { MP_ROM_QSTR(MP_QSTR_add_header), MP_ROM_PTR(&mrq_response_add_header_obj) },
};
static MP_DEFINE_CONST_DICT(response_locals_dict, response_locals_dict_table);

static mp_obj_t content_length(mrq_response_t *self, mp_obj_t unknown) {
    uint64_t length = mrq_rs_content_length(&self->incoming);
    return length == MRQ_UNKNOWN ? unknown : mp_obj_new_int_from_ull(length);
}

static mp_obj_t load_attr(mrq_response_t *self, qstr attr) {
    switch (attr) {
        case MP_QSTR_status_code:
            return self->status_code;
        case MP_QSTR_reason:
            return self->reason;
        case MP_QSTR_headers:
            return self->headers;
        case MP_QSTR_encoding:
            return self->encoding;
        case MP_QSTR_url:
            return self->url == mp_const_none ? mp_const_none : mrq_public_url(mrq_get_bytes_raise(self->url));
        case MP_QSTR_ok:
            return mp_obj_new_bool(mp_obj_is_small_int(self->status_code) && MP_OBJ_SMALL_INT_VALUE(self->status_code) < 400);
        case MP_QSTR_charset:
            return self->charset == MP_OBJ_NULL ? MP_OBJ_NEW_QSTR(MP_QSTR_utf_hyphen_8) : self->charset;
        case MP_QSTR_chunked:
            return mp_obj_new_bool(mrq_rs_is_chunked(&self->incoming));
        case MP_QSTR_content_length:
            return mrq_rs_is_chunked(&self->incoming) ? mp_const_none : content_length(self, mp_const_none);
        case MP_QSTR__content_size:
            return content_length(self, MP_OBJ_NEW_SMALL_INT(0));
        case MP_QSTR__chunk_size:
            return MP_OBJ_NEW_SMALL_INT(0);
        case MP_QSTR_history:
            if (self->history == MP_OBJ_NULL) {
                self->history = mp_obj_new_list(0, NULL);
            }
            return self->history;
        case MP_QSTR__cached:
            return self->cached;
        case MP_QSTR__sock:
            return self->connection->sock != MP_OBJ_NULL && self->connection->sock != mp_const_none
                ? MP_OBJ_FROM_PTR(self->connection) : mp_const_none;
        case MP_QSTR__sf:
            return MP_OBJ_FROM_PTR(self);
        case MP_QSTR_content:
            return mrq_response_content(self);
        case MP_QSTR_text:
            return mrq_response_text(self);
        default:
            return MP_OBJ_NULL;
    }
}

static bool store_attr(mrq_response_t *self, qstr attr, mp_obj_t value) {
    switch (attr) {
        case MP_QSTR_status_code:
            self->status_code = value;
            return true;
        case MP_QSTR_reason:
            self->reason = value;
            return true;
        case MP_QSTR_headers:
            self->headers = value;
            return true;
        case MP_QSTR_encoding:
            self->encoding = value;
            return true;
        default:
            return false;
    }
}

static void response_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    mrq_response_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] == MP_OBJ_NULL) {
        dest[0] = load_attr(self, attr);
        if (dest[0] == MP_OBJ_NULL) {
            dest[1] = MP_OBJ_SENTINEL; // go on in locals_dict
        }
    } else if (dest[1] != MP_OBJ_NULL && store_attr(self, attr, dest[1])) {
        dest[0] = MP_OBJ_NULL; // stored
    }
}

MP_DEFINE_CONST_OBJ_TYPE(
    mrq_type_response,
    MP_QSTR_Response,
    MP_TYPE_FLAG_ITER_IS_ITERNEXT,
    make_new, response_make_new,
    print, response_print,
    attr, response_attr,
    iter, mrq_response_iternext,
    protocol, &response_stream_p,
    locals_dict, &response_locals_dict
    );
