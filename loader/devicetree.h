/* The device tree: what the guest is told about the machine (Devicetree Specification; bindings of
 * the Linux kernel). Rendered from the board's table, so that a chip that is on the board is in the
 * tree; in content like the one QEMU's virt shows. */
#ifndef LOADER_DEVICETREE_H
#define LOADER_DEVICETREE_H

#include "devices/machine.h"
#include "loader/file.h"
#include "memory/types.h"

/* What goes into /chosen for one boot. */
struct tree_choice {
    const char *append; /* the command line; NULL leaves the tree's own */
    paddr initrd;
    u64 initrd_size; /* bytes; 0: no initrd */
};

/* Adds what the framebuffer shows at power-on, if it shows anything, to a tree that is complete and
 * may grow to room bytes: "simple-framebuffer" below /chosen, and its memory as reserved. Returns 0
 * or libfdt's error. */
int devicetree_add_screen(void *tree, size_t room, const struct machine *machine);

/* The machine's own tree, without a choice; the caller frees it. NULL and one sentence when there
 * is no memory for it. */
void *devicetree_build(const struct machine *machine, size_t *size, char *message,
                       size_t message_size);
/* A tree from a file (--dtb), checked from end to end; the caller frees it. */
void *devicetree_read(const struct file *file, size_t *size, char *message, size_t message_size);
/* A packed copy of a tree of the two functions above, with the choice in /chosen; the caller frees
 * it. */
void *devicetree_choose(const void *tree, size_t tree_size, const struct tree_choice *choice,
                        size_t *size, char *message, size_t message_size);
/* At most so many bytes does devicetree_choose() add. */
size_t devicetree_room(const char *append);

#endif
