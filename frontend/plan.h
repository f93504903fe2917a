/* What to boot and on which machine, decided from the options and from the files they name. */
#ifndef FRONTEND_PLAN_H
#define FRONTEND_PLAN_H

#include "devices/machine.h"
#include "frontend/guests.h"
#include "frontend/options.h"
#include "frontend/net.h"
#include "loader/loader.h"

#define PLAN_APPEND 4096

struct plan {
    struct load_plan load;
    struct machine_config config;
    bool has_net;    /* the guest gets a network */
    bool offers_ssh; /* its one forward is our own idea, not the user's */
    struct net_config net;
    char sentence[1024]; /* for the banner: what is booted, and how that was decided */
    /* What load points into. */
    struct guest_files guest, opensbi;
    char append[PLAN_APPEND];
};

/* Decides. what is the FILE or GUEST word, or NULL. Runs recipes when a guest or OpenSBI is needed.
 * Returns EXIT_DONE, or the code to exit with, and then message holds one sentence. The plan must
 * stay where it is; its strings are the options' or its own. */
enum exit_code plan_make(struct plan *plan, const struct options *options, const char *what,
                         char *message, size_t message_size);

#endif
