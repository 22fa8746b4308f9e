// URLs: RequestContext, parse_url() and the submodules urlencode, urlunquote and urlparseqs.
#ifndef MRQ_URL_URL_H
#define MRQ_URL_URL_H

#include "object/object.h"

// url.c

// A URL as a str, without its credentials and fragment.
mp_obj_t mrq_public_url(mrq_bytes_t url);

// request_context.c

extern const mp_obj_type_t mrq_type_request_context;
MP_DECLARE_CONST_FUN_OBJ_1(mrq_parse_url_obj);

// forms.c

extern const mp_obj_module_t mrq_module_urlencode;
extern const mp_obj_module_t mrq_module_urlunquote;
extern const mp_obj_module_t mrq_module_urlparseqs;

#endif // MRQ_URL_URL_H
