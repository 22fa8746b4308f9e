// lwIP's settings for the C compiler and its library.

#ifndef BOARD_ARCH_CC_H
#define BOARD_ARCH_CC_H

#define LWIP_NO_CTYPE_H 1
#define LWIP_NO_UNISTD_H 1

#define LWIP_PLATFORM_DIAG(message)
#define LWIP_PLATFORM_ASSERT(message) network_panic(message)
void network_panic(const char *message);

#endif // BOARD_ARCH_CC_H
