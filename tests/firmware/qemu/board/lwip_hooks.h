// Hooks that lwIP calls: see lwipopts.h.

#ifndef BOARD_LWIP_HOOKS_H
#define BOARD_LWIP_HOOKS_H

struct netif;

struct netif *network_route(void);

#endif // BOARD_LWIP_HOOKS_H
