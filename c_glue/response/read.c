// Reads content: read() and readinto().

#include <string.h>

#include "py/mperrno.h"

#include "response/response.h"

// Bytes of the first allocation where the length is unknown.
#define FIRST_SIZE (512)

static void abort_guarded_response(void *node) {
    mrq_response_abort(((mrq_response_guard_t *)node)->response);
}

// Receives for a read. Returns false if the read is over: nothing is there yet, or the response has failed.
static bool receive(mrq_response_t *self, mrq_read_t *read, bool *waits) {
    int errcode;
    read->received = mrq_connection_receive(self->connection, read->into, read->room, &errcode);
    if (self->state != MRQ_STATE_READING) {
        return false; // closed by Python code of the stream
    }
    if (read->received != MP_STREAM_ERROR) {
        return true;
    }
    *waits = mp_is_nonblocking_error(errcode);
    if (!*waits) {
        mrq_response_fail(self, MRQ_OK, errcode);
    }
    return false;
}

// Runs the steps of a read. Returns true if it waits for the connection. An exception aborts the response.
static bool run_steps(mrq_response_t *self, mrq_read_t *read) {
    bool waits = false;
    uint8_t code;
    mrq_response_guard_t guard = { .response = self };
    nlr_push_jump_callback(&guard.node, abort_guarded_response);
    self->state = MRQ_STATE_READING;
    do {
        code = mrq_rs_read(&self->incoming, read);
    } while (code == MRQ_OK && read->kind == MRQ_STEP_RECEIVE && receive(self, read, &waits));
    if (code != MRQ_OK) {
        mrq_response_fail(self, code, 0);
    } else if (self->state == MRQ_STATE_READING) {
        self->state = MRQ_STATE_IDLE;
    }
    nlr_pop_jump_callback(false);
    if (read->ended) {
        mrq_connection_close(self->connection);
    }
    return waits;
}

static mp_uint_t read_kept(mrq_response_t *self, void *data, size_t size, uint8_t extent) {
    mrq_kept_t *kept = self->kept;
    const uint8_t *from = kept->content.data + kept->taken;
    size = MIN(size, kept->content.len - kept->taken);
    const uint8_t *end = extent == MRQ_READ_LINE ? memchr(from, '\n', size) : NULL;
    if (end != NULL) {
        size = end - from + 1;
    }
    memcpy(data, from, size);
    kept->taken += size;
    if (kept->taken == kept->content.len) {
        self->kept = NULL;
        self->state = MRQ_STATE_IDLE;
    }
    return size;
}

mp_uint_t mrq_response_read_on(mrq_response_t *self, void *data, size_t size, uint8_t extent) {
    if (self->state == MRQ_STATE_KEPT) {
        return read_kept(self, data, size, extent);
    }
    if (self->state != MRQ_STATE_IDLE) {
        return 0;
    }
    mrq_read_t read = { .data = data, .size = size, .extent = extent };
    bool waits = run_steps(self, &read);
    return read.done == 0 && waits ? MRQ_NOT_YET : read.done;
}

mp_uint_t mrq_response_read(mrq_response_t *self, void *data, size_t size, uint8_t extent) {
    mp_uint_t len = mrq_response_read_on(self, data, size, extent);
    if (len == 0) {
        mrq_response_check(self);
    }
    return len;
}

void mrq_response_keep(mrq_response_t *self, mrq_buf_t *content) {
    if (content->len > 0) {
        self->kept = m_new_obj(mrq_kept_t);
        *self->kept = (mrq_kept_t) { .content = *content };
        self->state = MRQ_STATE_KEPT;
    }
    *content = (mrq_buf_t) { 0 };
}

static void take_kept(mrq_response_t *self, mrq_buf_t *content) {
    mrq_kept_t *kept = self->kept;
    *content = kept->content;
    content->len -= kept->taken;
    memmove(content->data, content->data + kept->taken, content->len);
    self->kept = NULL;
    self->state = MRQ_STATE_IDLE;
}

// Makes room for `more` bytes and a NUL.
static void grow(mrq_buf_t *content, uint64_t more) {
    if (more >= SIZE_MAX - content->len) {
        m_malloc_fail(SIZE_MAX);
    }
    size_t alloc = content->len + (size_t)more + 1;
    if (alloc > content->alloc) {
        content->data = m_renew(uint8_t, content->data, content->alloc, alloc);
        content->alloc = alloc;
    }
}

bool mrq_response_read_rest(mrq_response_t *self, mrq_buf_t *content) {
    if (self->state == MRQ_STATE_KEPT) {
        take_kept(self, content);
    }
    uint64_t remaining = mrq_rs_remaining(&self->incoming);
    // One allocation if the length is known.
    uint64_t more = remaining != MRQ_UNKNOWN ? remaining : FIRST_SIZE;
    uint64_t end = remaining != MRQ_UNKNOWN ? content->len + remaining : MRQ_UNKNOWN;
    mp_uint_t len;
    do {
        grow(content, more);
        len = mrq_response_read(self, content->data + content->len, content->alloc - 1 - content->len, MRQ_READ_FILL);
        if (len == MRQ_NOT_YET) {
            return false;
        }
        content->len += len;
        if (remaining == MRQ_UNKNOWN) {
            // Grows by a quarter, so that large bodies are not copied too often.
            more = content->len == content->alloc - 1 ? MAX(FIRST_SIZE, content->len / 4) : 1;
        } else {
            more = 0;
        }
    } while (len > 0 && content->len < end);
    return true;
}

static mp_obj_t read_rest(mrq_response_t *self) {
    mrq_buf_t content = { 0 };
    bool waits = !mrq_response_read_rest(self, &content);
    return waits && content.len == 0 ? mp_const_none : mrq_buf_to_bytes(&content);
}

// Reads up to `size` bytes. Allocates no more than the content that is left.
static mp_obj_t read_up_to(mrq_response_t *self, size_t size) {
    mrq_buf_t content = { 0 };
    uint64_t remaining = self->state == MRQ_STATE_KEPT ? self->kept->content.len : mrq_rs_remaining(&self->incoming);
    size = MIN((uint64_t)size, remaining);
    grow(&content, size);
    mp_uint_t len = mrq_response_read(self, content.data, size, MRQ_READ_FILL);
    if (len == MRQ_NOT_YET) {
        return mp_const_none;
    }
    content.len = len;
    return mrq_buf_to_bytes(&content);
}

static mp_obj_t response_read(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_size };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_size, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(MRQ_MAX_READ_SIZE)} },
    };
    mrq_response_t *self = MP_OBJ_TO_PTR(pos_args[0]);
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    mp_int_t size = args[ARG_size].u_obj == mp_const_none ? -1 : mp_obj_get_int(args[ARG_size].u_obj);
    mrq_response_check(self);
    mrq_response_guard_t guard;
    mrq_response_guard(&guard, self);
    mp_obj_t content = size < 0 ? read_rest(self) : read_up_to(self, size);
    nlr_pop_jump_callback(false);
    return content;
}
MP_DEFINE_CONST_FUN_OBJ_KW(mrq_response_read_obj, 1, response_read);

static mp_obj_t response_readinto(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_buf, ARG_size };
    static const mp_arg_t allowed_args[] = {
        { MP_QSTR_buf, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL} },
        { MP_QSTR_size, MP_ARG_INT, {.u_int = 0} },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed_args)];
    if (n_args == 2 && kw_args->used == 0) {
        // Fast path: readinto(buf) in a loop.
        args[ARG_buf].u_obj = pos_args[1];
        args[ARG_size].u_int = 0;
    } else {
        mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed_args), allowed_args, args);
    }
    mp_buffer_info_t bufinfo;
    mp_get_buffer_raise(args[ARG_buf].u_obj, &bufinfo, MP_BUFFER_WRITE);
    size_t size = bufinfo.len;
    if (args[ARG_size].u_int > 0 && (size_t)args[ARG_size].u_int < size) {
        size = args[ARG_size].u_int;
    }
    mp_uint_t len = mrq_response_read(MP_OBJ_TO_PTR(pos_args[0]), bufinfo.buf, size, MRQ_READ_FILL);
    return len == MRQ_NOT_YET ? mp_const_none : MP_OBJ_NEW_SMALL_INT(len);
}
MP_DEFINE_CONST_FUN_OBJ_KW(mrq_response_readinto_obj, 1, response_readinto);
