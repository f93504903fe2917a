/* The names of what runs in the machine, for everybody who shows an address: those of the files
 * that were loaded, those that a Linux kernel has of itself, wherever it came from, and of its
 * modules. They are collected when first asked for, and followed when the guest starts another
 * kernel. */
#ifndef FRONTEND_NAMES_H
#define FRONTEND_NAMES_H

#include "loader/guest_linux.h"
#include "loader/loader.h"

struct names {
    struct machine *machine;        /* NULL: none, and no names */
    const struct image_set *images; /* NULL: nothing was loaded */
    struct symbols *symbols;        /* NULL: not asked for yet */
    struct guest_kernel kernel; /* whose names these are; size 0: nobody's, or those of a file */
    struct guest_linux guest;   /* what more is known of it */
    bool is_new_life;           /* since the reset nobody has looked */
};

/* Takes over nothing; both must live as long. */
void names_init(struct names *names, struct machine *machine, const struct image_set *images);
void names_free(struct names *names);
/* The machine begins anew: it may start something else. */
void names_reset(struct names *names);
/* NULL when there is no memory. Valid until the machine runs on. */
struct symbols *names_get(struct names *names);
/* After that: the Linux that runs; NULL when none was found. */
const struct guest_linux *names_guest(const struct names *names);

#endif
