/* A shared folder as a guest sees it: a server of 9P2000.L, the protocol as Linux's v9fs speaks it,
 * for one folder of the host (share.h). It is the struct host_share that virtio-9p is plugged into.
 *
 * Left out, and refused: authentication, extended attributes, device nodes. Locks are granted
 * without asking the host: the guest's own kernel keeps its programs apart. */
#ifndef LOADER_P9_H
#define LOADER_P9_H

#include "devices/host.h"
#include "loader/share.h"

#define P9_MESSAGE_MOST ((u32)512 << 10) /* bytes; a client asks for as many or fewer */

/* Shares a folder under a tag of 1 to 31 bytes. NULL and one sentence when it cannot be opened. */
struct host_share *p9_open(const char *folder, const char *tag, enum share_mode mode, char *message,
                           size_t message_size);
/* NULL is harmless. */
void p9_close(struct host_share *share);

#endif
