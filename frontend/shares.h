/* The folders that a guest is given: the option -s, and the open folders behind virtio-9p. */
#ifndef FRONTEND_SHARES_H
#define FRONTEND_SHARES_H

#include "devices/host.h"
#include "frontend/values.h"

#define SHARES_MOST 4
#define SHARES_PATH 4096
#define SHARES_TAG  32 /* as in struct host_share */

struct shares_config {
    struct {
        char path[SHARES_PATH];
        char tag[SHARES_TAG]; /* what the guest mounts */
        bool read_only;
        unsigned slot; /* 1 + the number of its virtio slot; 0: the next one that is free */
    } folders[SHARES_MOST];
    unsigned count;
};

struct shares {
    struct host_share *open[SHARES_MOST]; /* NULL: not open */
};

/* DIR[:TAG][,ro], one more each time. Writes a struct shares_config. */
value_reader value_share;

/* Opens them all and plugs them in. False and one sentence when one cannot be opened; then, too,
 * shares_close() is to be called. */
bool shares_open(struct shares *shares, const struct shares_config *config, struct host *host,
                 char *message, size_t message_size);
void shares_close(struct shares *shares);

#endif
