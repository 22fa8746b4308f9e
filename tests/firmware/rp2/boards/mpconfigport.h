// The port's configuration without the options that need mbedTLS.

#include "ports/rp2/mpconfigport.h"

#undef MICROPY_SSL_MBEDTLS
#undef MICROPY_PY_CRYPTOLIB
#undef MICROPY_PY_HASHLIB_MD5
#undef MICROPY_PY_HASHLIB_SHA1
