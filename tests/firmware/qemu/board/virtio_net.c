// A legacy virtio network device in the first slot of QEMU's machine virt, polled.
// Section numbers are those of the virtio specification 1.1.

#include <stdbool.h>

#include "lwip/pbuf.h"

#include "machine.h"
#include "nic.h"

// 4.2.4 Legacy interface.
typedef struct _virtio_mmio_t {
    volatile uint32_t magic;
    volatile uint32_t version;
    volatile uint32_t device_id;
    volatile uint32_t vendor_id;
    volatile uint32_t host_features;
    volatile uint32_t host_features_sel;
    volatile uint32_t reserved0[2];
    volatile uint32_t guest_features;
    volatile uint32_t guest_features_sel;
    volatile uint32_t guest_page_size;
    volatile uint32_t reserved1;
    volatile uint32_t queue_sel;
    volatile uint32_t queue_num_max;
    volatile uint32_t queue_num;
    volatile uint32_t queue_align;
    volatile uint32_t queue_pfn;
    volatile uint32_t reserved2[3];
    volatile uint32_t queue_notify;
    volatile uint32_t reserved3[3];
    volatile uint32_t interrupt_status;
    volatile uint32_t interrupt_ack;
    volatile uint32_t reserved4[2];
    volatile uint32_t status;
} virtio_mmio_t;

#define VIRTIO ((virtio_mmio_t *)0x10001000)
#define STATUS_ACKNOWLEDGE (1)
#define STATUS_DRIVER (2)
#define STATUS_DRIVER_OK (4)
// 6.3 Legacy interface: a frame and its header may share a descriptor.
#define FEATURE_ANY_LAYOUT (1 << 27)

#define PAGE_SIZE (4096)
#define QUEUE_SIZE (16)
#define DESCRIPTOR_WRITE (2)

#define SEND_TIMEOUT_US (1000000)

// 2.6 Split virtqueues.
typedef struct _descriptor_t {
    uint64_t address;
    uint32_t size;
    uint16_t flags;
    uint16_t next;
} descriptor_t;

typedef struct _queue_t {
    descriptor_t descriptors[QUEUE_SIZE];
    struct {
        uint16_t flags;
        volatile uint16_t index;
        uint16_t ring[QUEUE_SIZE];
    } available;
    struct {
        uint16_t flags;
        volatile uint16_t index;
        struct {
            uint32_t id;
            uint32_t size;
        } ring[QUEUE_SIZE];
    } used __attribute__((aligned(PAGE_SIZE)));
} queue_t;

// 5.1.6 The header before each frame; no negotiated feature uses it.
typedef struct _buffer_t {
    uint8_t header[10];
    uint8_t frame[NIC_FRAME_SIZE];
} buffer_t;

enum { RX, TX, QUEUES };

static queue_t queues[QUEUES] __attribute__((aligned(PAGE_SIZE)));
static buffer_t buffers[QUEUES][QUEUE_SIZE];
static uint16_t received;

static void barrier(void) {
    __asm__ volatile ("fence" : : : "memory");
}

// Descriptor i always refers to buffer i, and is entry i of the ring.
static void init_queue(int index, uint16_t flags) {
    queue_t *queue = &queues[index];
    for (int i = 0; i < QUEUE_SIZE; ++i) {
        queue->descriptors[i].address = (uintptr_t)&buffers[index][i];
        queue->descriptors[i].size = sizeof(buffer_t);
        queue->descriptors[i].flags = flags;
        queue->available.ring[i] = i;
    }
    VIRTIO->queue_sel = index;
    VIRTIO->queue_num = QUEUE_SIZE;
    VIRTIO->queue_align = PAGE_SIZE;
    VIRTIO->queue_pfn = (uintptr_t)queue / PAGE_SIZE;
}

// Hands the next buffer to the device.
static void submit(int index) {
    barrier();
    ++queues[index].available.index;
    barrier();
    VIRTIO->queue_notify = index;
}

void nic_init(void) {
    VIRTIO->status = 0;
    VIRTIO->status = STATUS_ACKNOWLEDGE | STATUS_DRIVER;
    VIRTIO->guest_features_sel = 0;
    VIRTIO->guest_features = FEATURE_ANY_LAYOUT;
    VIRTIO->guest_page_size = PAGE_SIZE;
    init_queue(RX, DESCRIPTOR_WRITE);
    init_queue(TX, 0);
    VIRTIO->status = STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_DRIVER_OK;
    for (int i = 0; i < QUEUE_SIZE; ++i) {
        submit(RX);
    }
}

// Waits for a free entry in the ring. A missing device never frees one.
static bool has_room(queue_t *queue) {
    uint64_t end = machine_ticks_us() + SEND_TIMEOUT_US;
    while ((uint16_t)(queue->available.index - queue->used.index) == QUEUE_SIZE) {
        if (machine_ticks_us() > end) {
            return false;
        }
    }
    return true;
}

err_t nic_send(struct pbuf *frame) {
    queue_t *queue = &queues[TX];
    if (!has_room(queue)) {
        // Drops the frame, so TCP sends it again; an error would end a write.
        return ERR_OK;
    }
    unsigned int slot = queue->available.index % QUEUE_SIZE;
    buffer_t *buffer = &buffers[TX][slot];
    size_t size = pbuf_copy_partial(frame, buffer->frame, sizeof(buffer->frame), 0);
    queue->descriptors[slot].size = sizeof(buffer->header) + size;
    submit(TX);
    return ERR_OK;
}

struct pbuf *nic_receive(void) {
    // Acknowledges the interrupt before the check, so that a later frame raises it again.
    VIRTIO->interrupt_ack = VIRTIO->interrupt_status;
    queue_t *queue = &queues[RX];
    if (queue->used.index == received) {
        return NULL;
    }
    barrier();
    unsigned int slot = received++ % QUEUE_SIZE;
    buffer_t *buffer = &buffers[RX][queue->used.ring[slot].id];
    struct pbuf *frame = pbuf_alloc(PBUF_RAW, queue->used.ring[slot].size - sizeof(buffer->header), PBUF_RAM);
    if (frame != NULL) {
        pbuf_take(frame, buffer->frame, frame->tot_len);
    }
    queue->available.ring[queue->available.index % QUEUE_SIZE] = queue->used.ring[slot].id;
    submit(RX);
    return frame;
}
