/* A network card: VIRTIO 1.2, "Network Device". Receives and transmits, merges receive buffers,
 * says the MTU and whether the cable is plugged in, and has checksums left to it. Left out:
 * segmentation offload (a large MTU does as much), several queue pairs, filters (the network is the
 * guest's alone), VLANs, announcements. */
#ifndef DEVICES_VIRTIO_NET_H
#define DEVICES_VIRTIO_NET_H

#include "devices/virtio.h"

#define VIRTIO_NET_F_CSUM       ((u64)1 << 0)
#define VIRTIO_NET_F_GUEST_CSUM ((u64)1 << 1)
#define VIRTIO_NET_F_MTU        ((u64)1 << 3)
#define VIRTIO_NET_F_MAC        ((u64)1 << 5)
#define VIRTIO_NET_F_MRG_RXBUF  ((u64)1 << 15)
#define VIRTIO_NET_F_STATUS     ((u64)1 << 16)
#define VIRTIO_NET_F_CTRL_VQ    ((u64)1 << 17)
#define VIRTIO_NET_F_CTRL_RX    ((u64)1 << 18)

enum virtio_net_queue { VIRTIO_NET_RECEIVE, VIRTIO_NET_TRANSMIT, VIRTIO_NET_CONTROL };

/* In front of every frame, both ways. */
struct virtio_net_header {
    u8 flags;    /* enum virtio_net_flag */
    u8 gso_type; /* 0: the frame is no more than one packet */
    u16 header_size, gso_size;
    u16 checksum_start, checksum_offset;
    u16 buffers; /* receiving: how many buffers the frame takes. Missing in the oldest layout */
};

enum virtio_net_flag {
    VIRTIO_NET_NEEDS_CHECKSUM = 1, /* sum up from checksum_start, store checksum_offset behind it */
    VIRTIO_NET_DATA_VALID = 2,     /* the checksums in the frame need not be looked at */
};

enum virtio_net_control { VIRTIO_NET_CONTROL_RX = 0, VIRTIO_NET_CONTROL_MAC = 1 };
enum virtio_net_ack { VIRTIO_NET_OK = 0, VIRTIO_NET_ERR = 1 };

struct virtio_net_state {
    u64 is_listening; /* the driver has been seen running; what came before it is lost */
    u64 is_up;        /* the cable, as the driver was last told */
};

/* Its backend is a const struct host_net *. */
extern const struct virtio_type virtio_net_type;

#endif
