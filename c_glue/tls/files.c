// Certificates and keys from files.

#include "tls/tls.h"

#if MREQUESTS_TLS

mp_obj_t mrq_read_file(mp_obj_t name) {
    mp_obj_t file = mp_call_function_2(mp_load_global(MP_QSTR_open), name, MP_OBJ_NEW_QSTR(MP_QSTR_rb));
    mrq_stream_guard_t guard;
    mrq_stream_guard(&guard, file);
    mp_obj_t dest[2];
    mp_load_method(file, MP_QSTR_read, dest);
    mp_obj_t data = mp_call_method_n_kw(0, 0, dest);
    nlr_pop_jump_callback(true);
    return data;
}

mp_obj_t mrq_data_or_file(mp_obj_t obj) {
    return mrq_is_str(obj) && !mrq_rs_tls_is_pem(mrq_get_bytes_raise(obj)) ? mrq_read_file(obj) : obj;
}

#endif // MREQUESTS_TLS
