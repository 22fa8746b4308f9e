// lwIP without an operating system, polled, with one Ethernet interface and a fixed address.

#ifndef BOARD_LWIPOPTS_H
#define BOARD_LWIPOPTS_H

#include <stdint.h>

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define MEM_ALIGNMENT 4
#define LWIP_TESTMODE 1 // extmod/network_lwip.c calls sys_timeouts_get_next_timeout()
typedef uint32_t sys_prot_t;

#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_IPV6 0
#define LWIP_RAW 1
#define LWIP_IGMP 1
#define LWIP_DHCP 1 // extmod/network_lwip.c calls it
#define LWIP_DHCP_DOES_ACD_CHECK 0
#define TCP_LISTEN_BACKLOG 1
#define SO_REUSE 1

#define LWIP_DNS 1
#define DNS_MAX_RETRIES 2
#define DNS_LOCAL_HOSTLIST 1
#define DNS_LOCAL_HOSTLIST_INIT { DNS_LOCAL_HOSTLIST_ELEM("localhost", IPADDR4_INIT_BYTES(127, 0, 0, 1)) }

// Packets for 127.0.0.0/8 leave by the interface: QEMU delivers them to the host's loopback.
#define LWIP_HAVE_LOOPIF 0
#define LWIP_NETIF_LOOPBACK 0
#define LWIP_HOOK_FILENAME "lwip_hooks.h"
#define LWIP_HOOK_IP4_ROUTE_SRC(src, dest) network_route()

#define TCP_MSS 1460
// The LAN9118 buffers 10 kB: full windows of two connections, with headers.
#define TCP_WND (3 * TCP_MSS)
#define TCP_SND_BUF (4 * TCP_MSS)
// Received frames are allocated here: a peer may fill its window with many small ones.
#define MEM_SIZE (128 * 1024)
#define MEMP_NUM_TCP_PCB 32
#define MEMP_NUM_TCP_SEG 64

// For board.open_sockets().
#define LWIP_STATS 1
#define MEMP_STATS 1
#define LINK_STATS 0
#define ETHARP_STATS 0
#define IP_STATS 0
#define IPFRAG_STATS 0
#define ICMP_STATS 0
#define IGMP_STATS 0
#define UDP_STATS 0
#define TCP_STATS 0
#define MEM_STATS 0
#define SYS_STATS 0

#define LWIP_RAND() network_random()
uint32_t network_random(void);

#define sys_now mp_hal_ticks_ms

#endif // BOARD_LWIPOPTS_H
