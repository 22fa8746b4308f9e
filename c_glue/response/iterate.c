// Iteration over the content of a response: lines and chunks.

#include "py/mperrno.h"
#include "py/objstr.h"

#include "response/response.h"

// Bytes of the first allocation for a line, and the least by which it grows.
#define LINE_SIZE (64)

// Reads a line, of at most max_size bytes. Returns false if its rest is not there yet.
static bool read_line(mrq_response_t *self, size_t max_size, mrq_buf_t *line) {
    mp_uint_t len;
    do {
        if (line->len + 1 >= line->alloc) {
            size_t alloc = line->alloc + MAX(LINE_SIZE, line->alloc / 4);
            line->data = m_renew(uint8_t, line->data, line->alloc, alloc);
            line->alloc = alloc;
        }
        size_t room = MIN(line->alloc - 1, max_size) - line->len;
        len = mrq_response_read_on(self, line->data + line->len, room, MRQ_READ_LINE);
        if (len == MRQ_NOT_YET) {
            return false;
        }
        line->len += len;
    } while (len > 0 && line->len < max_size && line->data[line->len - 1] != '\n');
    if (line->len == 0) {
        mrq_response_check(self);
    }
    return true;
}

// As for any stream: None if there is nothing yet, part of a line if its rest is not there yet.
static mp_obj_t readline(mrq_response_t *self, size_t max_size) {
    mrq_buf_t line = { 0 };
    mrq_response_guard_t guard;
    mrq_response_guard(&guard, self);
    bool waits = !read_line(self, max_size, &line);
    mp_obj_t obj = waits && line.len == 0 ? mp_const_none : mrq_buf_to_bytes(&line);
    nlr_pop_jump_callback(false);
    return obj;
}

static mp_obj_t response_readline(size_t n_args, const mp_obj_t *args) {
    mp_int_t size = n_args < 2 || args[1] == mp_const_none ? -1 : mp_obj_get_int(args[1]);
    return readline(MP_OBJ_TO_PTR(args[0]), size < 0 ? SIZE_MAX : (size_t)size);
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(mrq_response_readline_obj, 1, 2, response_readline);

static mp_obj_t response_readlines(mp_obj_t self_in) {
    mp_obj_t lines = mp_obj_new_list(0, NULL);
    mp_obj_t line;
    while (mp_obj_is_true(line = readline(MP_OBJ_TO_PTR(self_in), SIZE_MAX))) {
        mp_obj_list_append(lines, line);
    }
    return line == mp_const_none && !mp_obj_is_true(lines) ? mp_const_none : lines;
}
MP_DEFINE_CONST_FUN_OBJ_1(mrq_response_readlines_obj, response_readlines);

static mp_obj_t line_of(mrq_bytes_t line, bool with_end) {
    return mrq_new_bytes(with_end ? line : mrq_rs_without_line_end(line));
}

// A whole line. Keeps a part of it if its rest is not there yet.
static mp_obj_t read_whole_line(mrq_response_t *self, bool with_end) {
    if (self->state == MRQ_STATE_IDLE) {
        mrq_bytes_t line = mrq_rs_take_line(&self->incoming);
        if (line.len > 0) {
            return line_of(line, with_end);
        }
    }
    mrq_buf_t line = { 0 };
    if (!read_line(self, SIZE_MAX, &line)) {
        mrq_response_keep(self, &line);
        return mp_const_none;
    }
    return line.len == 0 ? MP_OBJ_STOP_ITERATION : line_of((mrq_bytes_t) { line.data, line.len }, with_end);
}

static mp_obj_t next_line(mrq_response_t *self, bool with_end) {
    mrq_response_guard_t guard;
    mrq_response_guard(&guard, self);
    mp_obj_t line = read_whole_line(self, with_end);
    nlr_pop_jump_callback(false);
    if (line == mp_const_none) {
        mp_raise_OSError(MP_EAGAIN);
    }
    return line;
}

mp_obj_t mrq_response_iternext(mp_obj_t self_in) {
    return next_line(MP_OBJ_TO_PTR(self_in), true);
}

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
    if (chunk == mp_const_none) {
        mp_raise_OSError(MP_EAGAIN);
    }
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
    if (iter->response != NULL) {
        return next_line(iter->response, false);
    }
    mp_obj_t line = mp_stream_unbuffered_iter(iter->source);
    return line == MP_OBJ_STOP_ITERATION ? line : line_of(mrq_get_bytes_raise(line), false);
}

static mp_obj_t response_iter_lines(mp_obj_t self_in) {
    return MP_OBJ_FROM_PTR(new_iter(MP_OBJ_TO_PTR(self_in), lines_iternext));
}
MP_DEFINE_CONST_FUN_OBJ_1(mrq_response_iter_lines_obj, response_iter_lines);
