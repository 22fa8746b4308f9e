// URLs as text.

#include "url/url.h"

mp_obj_t mrq_public_url(mrq_bytes_t url) {
    mrq_buf_t buf = { 0 };
    mrq_check(mrq_rs_public_url(url, &buf));
    return mrq_buf_to_str(&buf);
}
