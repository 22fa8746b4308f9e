// Iteration over the content of a response: lines and chunks.

#include "py/objstr.h"

#include "response/response.h"

// Reads a line, of at most max_size bytes unless that is negative.
static void read_line(mrq_response_t *self, mp_int_t max_size, vstr_t *line) {
    while (max_size < 0 || line->len < (size_t)max_size) {
        bool has_begun = line->len > 0;
        char *byte = vstr_add_len(line, 1);
        if (!mrq_response_read_byte(self, byte, has_begun)) {
            vstr_cut_tail_bytes(line, 1);
            return;
        }
        if (*byte == '\n') {
            return;
        }
    }
}

static mp_obj_t readline(mrq_response_t *self, mp_int_t max_size) {
    vstr_t line;
    vstr_init(&line, 16);
    mrq_response_guard_t guard;
    mrq_response_guard(&guard, self);
    read_line(self, max_size, &line);
    nlr_pop_jump_callback(false);
    return mp_obj_new_bytes_from_vstr(&line);
}

static mp_obj_t response_readline(size_t n_args, const mp_obj_t *args) {
    bool all = n_args < 2 || args[1] == mp_const_none;
    return readline(MP_OBJ_TO_PTR(args[0]), all ? -1 : mp_obj_get_int(args[1]));
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(mrq_response_readline_obj, 1, 2, response_readline);

mp_obj_t mrq_response_iternext(mp_obj_t self_in) {
    mp_obj_t line = readline(MP_OBJ_TO_PTR(self_in), -1);
    return mp_obj_is_true(line) ? line : MP_OBJ_STOP_ITERATION;
}

static mp_obj_t response_readlines(mp_obj_t self_in) {
    mp_obj_t lines = mp_obj_new_list(0, NULL);
    mp_obj_t line;
    while ((line = mrq_response_iternext(self_in)) != MP_OBJ_STOP_ITERATION) {
        mp_obj_list_append(lines, line);
    }
    return lines;
}
MP_DEFINE_CONST_FUN_OBJ_1(mrq_response_readlines_obj, response_readlines);

/******************************************************************************/

// Has the type of MicroPython's polymorphic iterator, and so begins like it.
typedef struct _content_iter_t {
    mp_obj_base_t base;
    mp_fun_1_t iternext;
    // The response as its user sees it, or a stream of its cached content.
    mp_obj_t source;
    union {
        // Of iter_content().
        mp_int_t chunk_size;
        // Of iter_lines(): the native part, or NULL for cached content.
        mrq_response_t *response;
    };
} content_iter_t;

static content_iter_t *new_iter(mrq_response_t *self, mp_fun_1_t iternext) {
    content_iter_t *iter = mp_obj_malloc(content_iter_t, &mp_type_polymorph_iter);
    iter->iternext = iternext;
    iter->source = mrq_response_self(self);
    iter->response = self;
    #if MICROPY_PY_IO_BYTESIO
    if (self->cached != mp_const_none) {
        iter->source = mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_bytesio), self->cached);
        iter->response = NULL;
    }
    #endif
    return iter;
}

static mp_obj_t content_iternext(mp_obj_t iter_in) {
    content_iter_t *iter = MP_OBJ_TO_PTR(iter_in);
    mp_obj_t chunk = mrq_call_read(iter->source, iter->chunk_size);
    return mp_obj_is_true(chunk) ? chunk : MP_OBJ_STOP_ITERATION;
}

static mp_obj_t response_iter_content(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_chunk_size };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_chunk_size, MP_ARG_INT, {.u_int = 512} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    if (args[ARG_chunk_size].u_int <= 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("chunk_size must be positive"));
    }
    content_iter_t *iter = new_iter(MP_OBJ_TO_PTR(pos_args[0]), content_iternext);
    iter->chunk_size = args[ARG_chunk_size].u_int;
    return MP_OBJ_FROM_PTR(iter);
}
MP_DEFINE_CONST_FUN_OBJ_KW(mrq_response_iter_content_obj, 1, response_iter_content);

static mp_obj_t lines_iternext(mp_obj_t iter_in) {
    content_iter_t *iter = MP_OBJ_TO_PTR(iter_in);
    mp_obj_t line = iter->response != NULL
        ? mrq_response_iternext(MP_OBJ_FROM_PTR(iter->response))
        : mp_stream_unbuffered_iter(iter->source);
    if (line == MP_OBJ_STOP_ITERATION) {
        return line;
    }
    mrq_bytes_t bytes = mrq_get_bytes_raise(line);
    if (bytes.len > 0 && bytes.data[bytes.len - 1] == '\n') {
        --bytes.len;
        if (bytes.len > 0 && bytes.data[bytes.len - 1] == '\r') {
            --bytes.len;
        }
    }
    return mrq_new_bytes(bytes);
}

static mp_obj_t response_iter_lines(mp_obj_t self_in) {
    return MP_OBJ_FROM_PTR(new_iter(MP_OBJ_TO_PTR(self_in), lines_iternext));
}
MP_DEFINE_CONST_FUN_OBJ_1(mrq_response_iter_lines_obj, response_iter_lines);
