// The driver of a network interface, which is polled.

#ifndef BOARD_NIC_H
#define BOARD_NIC_H

#include "lwip/netif.h"

// Where QEMU's user network numbers its machines from: any local address does.
#define NIC_MAC { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 }

#define NIC_FRAME_SIZE (1514)

void nic_init(void);

// Sends a frame.
err_t nic_send(struct pbuf *frame);

// Returns a frame that has arrived, or NULL.
struct pbuf *nic_receive(void);

#endif // BOARD_NIC_H
