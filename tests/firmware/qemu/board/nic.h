// The driver of a network interface, without interrupts.

#ifndef BOARD_NIC_H
#define BOARD_NIC_H

#include "lwip/netif.h"

// QEMU's default MAC address; any local one works.
#define NIC_MAC { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 }

#define NIC_FRAME_SIZE (1514)

void nic_init(void);

// Sends a frame.
err_t nic_send(struct pbuf *frame);

// Returns the next received frame, or NULL.
struct pbuf *nic_receive(void);

#endif // BOARD_NIC_H
