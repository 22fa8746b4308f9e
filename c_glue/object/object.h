// Helpers for Python objects: exceptions, streams, text, pairs. All other folders build on these.
#ifndef MRQ_OBJECT_OBJECT_H
#define MRQ_OBJECT_OBJECT_H

#include "py/obj.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "mrequests_glue.h"

// objects.c

// Returns a module. One that is loaded or built in needs no search of the file system.
mp_obj_t mrq_import(qstr name);
// Calls a method with one argument.
mp_obj_t mrq_call_method(mp_obj_t obj, qstr name, mp_obj_t arg);
bool mrq_is_instance(void *exc, const mp_obj_type_t *type);
// An attr handler's load: a method of `locals`, else an attribute of `other`.
void mrq_load_attr_or_of(const mp_obj_dict_t *locals, mp_obj_t other, qstr attr, mp_obj_t *dest);

// protect.c

// Runs fun(arg) and returns the exception object that it raised, or NULL.
void *mrq_protect(void (*fun)(void *), void *arg);
// Runs fun(arg) and drops any Exception. Other exceptions, such as KeyboardInterrupt, are
// scheduled: the script gets them a moment later. Returns whether nothing was raised.
bool mrq_ignore_errors(void (*fun)(void *), void *arg);

// error.c

_Noreturn void mrq_raise_error(const mrq_error_t *err);
_Noreturn void mrq_raise_os_error(int number, const char *text);
_Noreturn void mrq_raise_os_error_str(int number, mp_obj_t text);
// Raises `err`, unless `code` is MRQ_OK.
void mrq_check_error(uint8_t code, const mrq_error_t *err);
// Raises the error of a code, unless it is MRQ_OK.
void mrq_check(uint8_t code);

// stream.c

// A stream has MicroPython's stream protocol, or the methods readinto() or read(), write() and close().

// Reads up to `size` bytes; `size` is not 0. Returns their number, 0 at the end, or MP_STREAM_ERROR with an errno: EAGAIN
// if there is nothing yet. Exceptions of Python code pass.
mp_uint_t mrq_stream_read(mp_obj_t stream, void *data, mp_uint_t size, int *errcode);
// Writes up to `size` bytes, at least one, in the same way.
mp_uint_t mrq_stream_write(mp_obj_t stream, const void *data, mp_uint_t size, int *errcode);
// Returns MP_STREAM_ERROR after a failed operation of a protocol, and sets *errcode: EIO without a reason.
mp_uint_t mrq_stream_failure(int *errcode);
// Calls ioctl() of a stream's protocol. A stream without it polls as ready.
mp_uint_t mrq_stream_ioctl(mp_obj_t stream, mp_uint_t request, uintptr_t arg, int *errcode);
// The protocol of a native stream or of io.IOBase. NULL for other Python objects: their methods count, also those that
// override a native stream's.
const mp_stream_p_t *mrq_own_protocol(mp_obj_t obj);
// Writes all bytes, or raises. Calls the methods of an instance of a subclass.
void mrq_write_all(mp_obj_t target, mrq_bytes_t bytes);
// Calls obj.read(size).
mp_obj_t mrq_call_read(mp_obj_t obj, mp_int_t size);
void mrq_close_stream_raise(mp_obj_t stream);
// The same without raising.
void mrq_close_stream(mp_obj_t stream);
// Closes `stream` if an exception passes before nlr_pop_jump_callback().
typedef struct _mrq_stream_guard_t {
    nlr_jump_callback_node_t node;
    mp_obj_t stream;
} mrq_stream_guard_t;
void mrq_stream_guard(mrq_stream_guard_t *self, mp_obj_t stream);

// text.c

// The bytes of a string literal.
#define MRQ_BYTES(literal) ((mrq_bytes_t) { (const uint8_t *)(literal), sizeof(literal) - 1 })
// mp_obj_is_str(), not inlined: saves flash.
bool mrq_is_str(mp_obj_t obj);
// Borrows the bytes of a str or of any object with the buffer protocol.
bool mrq_get_bytes(mp_obj_t obj, mrq_bytes_t *bytes);
mrq_bytes_t mrq_get_bytes_raise(mp_obj_t obj);
// A str or bytes as it is; a copy of any other buffer, which Python code may change.
mp_obj_t mrq_own_text(mp_obj_t obj);
// A str (of valid UTF-8) or bytes that takes over `data`, which ends with a NUL.
mp_obj_t mrq_own(const mp_obj_type_t *type, const uint8_t *data, size_t len);
// The same from a buffer, which is emptied.
mp_obj_t mrq_buf_to_str(mrq_buf_t *buf);
mp_obj_t mrq_buf_to_bytes(mrq_buf_t *buf);
// A str (of valid UTF-8) or bytes with a copy of the bytes. Neither interned nor hashed: few of them need that.
mp_obj_t mrq_copy(const mp_obj_type_t *type, mrq_bytes_t bytes);
mp_obj_t mrq_new_bytes(mrq_bytes_t bytes);
// Bytes that are not UTF-8 become U+FFFD.
mp_obj_t mrq_new_str(mrq_bytes_t bytes);
// The text of str(obj).
mrq_bytes_t mrq_print(mp_obj_t obj);
// Encodes the text of a str. `encoding` is a name, or None for UTF-8.
void mrq_encode(mrq_bytes_t *text, mp_obj_t encoding);

// pairs.c

// Whether an object is a list or tuple, or derives from one.
bool mrq_is_list_or_tuple(mp_obj_t obj);
// The two items of such an object.
void mrq_get_pair(mp_obj_t obj, mp_obj_t pair[2]);
// Whether an object is a list or tuple, or has items(): mrq_put_form() takes it.
bool mrq_is_pairs(mp_obj_t obj);
// An iteration over the (key, value) pairs of a dict, or of an iterable of pairs.
typedef struct _mrq_pairs_t {
    mp_obj_t iterable;
    mp_map_t *map;
    size_t next;
} mrq_pairs_t;
void mrq_pairs_init(mrq_pairs_t *self, mp_obj_t obj);
bool mrq_pairs_next(mrq_pairs_t *self, mp_obj_t *key, mp_obj_t *value);
enum {
    // A sequence as a value gives one pair for each of its members.
    MRQ_FORM_DOSEQ = 1,
    MRQ_FORM_SKIP_NONE = 2,
};
// Appends pairs to a form (application/x-www-form-urlencoded).
void mrq_put_form(mrq_buf_t *form, mp_obj_t pairs, unsigned flags, mrq_bytes_t safe, mp_obj_t encoding);

#endif // MRQ_OBJECT_OBJECT_H
