// The Ethernet chip LAN9118 (SMSC), polled.

#include <string.h>

#include "lwip/pbuf.h"

#include "nic.h"

typedef struct _lan9118_t {
    volatile uint32_t rx_data[8];
    volatile uint32_t tx_data[8];
    volatile uint32_t rx_status;
    volatile uint32_t rx_status_peek;
    volatile uint32_t tx_status;
    volatile uint32_t tx_status_peek;
    volatile uint32_t id_rev;
    volatile uint32_t irq_cfg;
    volatile uint32_t int_sts;
    volatile uint32_t int_en;
    volatile uint32_t reserved0;
    volatile uint32_t byte_test;
    volatile uint32_t fifo_int;
    volatile uint32_t rx_cfg;
    volatile uint32_t tx_cfg;
    volatile uint32_t hw_cfg;
    volatile uint32_t rx_dp_ctrl;
    volatile uint32_t rx_fifo_inf;
    volatile uint32_t tx_fifo_inf;
    volatile uint32_t reserved1[8];
    volatile uint32_t mac_csr_cmd;
    volatile uint32_t mac_csr_data;
} lan9118_t;

#define LAN9118 ((lan9118_t *)0x40200000)

#define IRQ_CFG_ENABLED_PUSH_PULL_HIGH (0x111)
#define INT_RX_STATUS_FIFO_LEVEL (1 << 3)
#define TX_CFG_ON (1 << 1)
#define TX_A_FIRST_AND_LAST (3 << 12)

// Registers of the MAC, accessed through mac_csr_cmd.
enum { MAC_CR = 1, MAC_ADDRH = 2, MAC_ADDRL = 3 };
#define MAC_CR_RX_ON (1 << 2)
#define MAC_CR_TX_ON (1 << 3)
#define MAC_CSR_BUSY (1u << 31)

#define CRC_SIZE (4)

static void write_mac_register(uint32_t index, uint32_t value) {
    LAN9118->mac_csr_data = value;
    LAN9118->mac_csr_cmd = MAC_CSR_BUSY | index;
    while (LAN9118->mac_csr_cmd & MAC_CSR_BUSY) {
    }
}

void nic_init(void) {
    static const uint8_t mac[] = NIC_MAC;
    uint32_t low, high = mac[5] << 8 | mac[4];
    memcpy(&low, mac, sizeof(low));

    write_mac_register(MAC_ADDRL, low);
    write_mac_register(MAC_ADDRH, high);
    write_mac_register(MAC_CR, MAC_CR_RX_ON | MAC_CR_TX_ON);
    LAN9118->tx_cfg = TX_CFG_ON;
    // A received frame ends the sleep.
    LAN9118->fifo_int = 0;
    LAN9118->int_en = INT_RX_STATUS_FIFO_LEVEL;
    LAN9118->irq_cfg = IRQ_CFG_ENABLED_PUSH_PULL_HIGH;
}

err_t nic_send(struct pbuf *frame) {
    // Static, because tests measure the stack.
    static uint32_t words[(NIC_FRAME_SIZE + 3) / 4];
    uint16_t size = pbuf_copy_partial(frame, words, sizeof(words), 0);
    LAN9118->tx_data[0] = TX_A_FIRST_AND_LAST | size;
    LAN9118->tx_data[0] = size;
    for (size_t i = 0; i < (size + 3u) / 4; ++i) {
        LAN9118->tx_data[0] = words[i];
    }
    // Discards the status: TCP detects lost frames.
    (void)LAN9118->tx_status;
    return ERR_OK;
}

static uint32_t frames_waiting(void) {
    return LAN9118->rx_fifo_inf >> 16 & 0xff;
}

struct pbuf *nic_receive(void) {
    // Clears the interrupt before the check, so that a later frame raises it again.
    LAN9118->int_sts = INT_RX_STATUS_FIFO_LEVEL;
    if (frames_waiting() == 0) {
        return NULL;
    }
    static uint32_t words[(NIC_FRAME_SIZE + CRC_SIZE + 3) / 4];
    uint16_t size = LAN9118->rx_status >> 16 & 0x3fff;
    for (size_t i = 0; i < (size + 3u) / 4; ++i) {
        uint32_t word = LAN9118->rx_data[0];
        if (i < sizeof(words) / sizeof(words[0])) {
            words[i] = word;
        }
    }
    struct pbuf *frame = pbuf_alloc(PBUF_RAW, LWIP_MIN(size, sizeof(words)) - CRC_SIZE, PBUF_RAM);
    if (frame != NULL) {
        pbuf_take(frame, words, frame->tot_len);
    }
    return frame;
}
