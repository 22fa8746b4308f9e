// lwIP over the machine's network interface, with the address that QEMU's user network expects.

#include <stdlib.h>

#include "py/mphal.h"
#include "py/runtime.h"

#include "lwip/dns.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"
#include "lwip/timeouts.h"

#include "board.h"
#include "lwip_hooks.h"
#include "nic.h"

static struct netif interface;

static err_t send_frame(struct netif *netif, struct pbuf *frame) {
    return nic_send(frame);
}

static err_t init_interface(struct netif *netif) {
    static const uint8_t mac[] = NIC_MAC;
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->mtu = 1500;
    netif->hwaddr_len = sizeof(mac);
    memcpy(netif->hwaddr, mac, sizeof(mac));
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
    netif->output = etharp_output;
    netif->linkoutput = send_frame;
    return ERR_OK;
}

void network_init(void) {
    ip4_addr_t address, mask, gateway;
    ip_addr_t dns = IPADDR4_INIT_BYTES(10, 0, 2, 3);
    IP4_ADDR(&address, 10, 0, 2, 15);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    IP4_ADDR(&gateway, 10, 0, 2, 2);

    nic_init();
    lwip_init();
    netif_add(&interface, &address, &mask, &gateway, NULL, init_interface, netif_input);
    netif_set_default(&interface);
    netif_set_up(&interface);
    dns_setserver(0, &dns);
}

void network_panic(const char *message) {
    mp_printf(&mp_plat_print, "lwIP: %s\n", message);
    exit(1);
}

struct netif *network_route(void) {
    return &interface;
}

uint32_t network_random(void) {
    uint32_t number;
    board_random(&number, sizeof(number));
    return number;
}

void network_poll(void) {
    struct pbuf *frame;
    while ((frame = nic_receive()) != NULL) {
        if (interface.input(frame, &interface) != ERR_OK) {
            pbuf_free(frame);
        }
    }
    sys_check_timeouts();
}

// lwIP keeps a socket closed by Python until the peer closes too, but without an owner.
static size_t count(struct tcp_pcb *list, bool owned) {
    size_t found = 0;
    for (struct tcp_pcb *pcb = list; pcb != NULL; pcb = pcb->next) {
        found += (pcb->callback_arg != NULL) == owned;
    }
    return found;
}

size_t network_open_sockets(void) {
    // Sockets not yet connected are on no list: counts all used ones without those that are closing.
    size_t closing = count(tcp_active_pcbs, false) + count(tcp_tw_pcbs, false);
    return lwip_stats.memp[MEMP_TCP_PCB]->used - closing + count((struct tcp_pcb *)tcp_listen_pcbs.listen_pcbs, true);
}
