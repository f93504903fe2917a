/* IPv4 datagrams that a guest sends in fragments, joined before libslirp sees them: a last fragment
 * that comes first makes its own joining (4.7) read and write anywhere, and ends this process. IETF
 * RFC 791, "Fragmentation and Reassembly".
 *
 * Left out: fragments out of order, and of several datagrams at once; those are lost. Nothing
 * reorders frames between the guest's driver and us. */
#ifndef FRONTEND_FRAGMENTS_H
#define FRONTEND_FRAGMENTS_H

#include "devices/host.h"

struct fragments {
    size_t size;                   /* bytes of the frame so far; 0: no datagram is begun */
    u8 frame[HOST_NET_FRAME_MOST]; /* the first fragment, and what follows it */
};

/* A frame of *size bytes that the guest sends, at most HOST_NET_FRAME_MOST. Returns the frame to
 * pass on, and its size: the same, or the whole datagram whose last fragment it brought, valid
 * until the next call. NULL: it is kept, or lost. */
const u8 *fragments_join(struct fragments *fragments, const u8 *frame, size_t *size);

#endif
