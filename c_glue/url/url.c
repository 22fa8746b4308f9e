// URLs as text.

#include "url/url.h"

mp_obj_t mrq_public_url(mrq_bytes_t url) {
    mrq_buf_t buf = { 0 };
    mrq_check(mrq_rs_public_url(url, &buf));
    return mrq_buf_to_str(&buf);
}

bool mrq_is_ipv6(mrq_bytes_t host) {
    // Not memchr(): rp2's linker script places libc's in RAM.
    size_t n = 0;
    while (n < host.len && host.data[n] != ':') {
        ++n;
    }
    return n < host.len;
}
