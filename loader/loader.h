/* Loading: one call that reads and checks everything the user named, and one that puts it in its
 * place in the guest's memory, again after every reset.
 *
 * The order: loader_inspect() (which processor does the file want?), machine_create(),
 * loader_open(), machine_reset(), loader_place(), machine_run(); on STOP_RESET machine_reset() and
 * loader_place() once more. The memory map follows QEMU's virt; loader/README.md draws it. */
#ifndef LOADER_LOADER_H
#define LOADER_LOADER_H

#include "devices/machine.h"
#include "loader/extra.h"
#include "loader/image.h"
#include "loader/symbols.h"
#include "memory/types.h"

/* What the user asked for: paths, each NULL when not given. */
struct load_plan {
    const char *kernel;   /* ELF, Linux Image, assembly source or raw binary */
    const char *initrd;   /* any bytes */
    const char *append;   /* the kernel's command line: text, not a path */
    const char *dtb;      /* a device tree in place of the board's own */
    const char *firmware; /* fw_dynamic, started in M-mode first; NULL is --firmware none */
    bool starts_low; /* control goes to the lowest byte, of RAM or under a firmware of the kernel,
                      * wherever an entry is: QEMU's rule */
    struct isa isa;  /* what a source is assembled for; needed for nothing else */
    struct extra extras[EXTRA_MOST];
    unsigned extra_count;
};

struct image_set;

/* What loader_place() did. */
struct loaded {
    paddr entry;     /* where the harts go from the boot ROM: the firmware, or the kernel */
    paddr next;      /* where the firmware goes afterwards */
    paddr initrd;    /* 0 when there is none */
    u64 initrd_size; /* bytes */
    paddr tree;      /* the device tree, as it is in RAM (--dump-dtb) */
    u64 tree_size;   /* bytes */
    bool has_htif;   /* the kernel, or without one the firmware, has tohost: machine_set_htif() */
    paddr tohost, fromhost;
};

/* Looks at one program before there is a machine: *xlen is 32, 64 or, for a raw binary, 0; text is
 * what it is, for people: "hello.elf is an ELF program for RV64.". False, with text the sentence
 * that says why, when it cannot be loaded. */
bool loader_inspect(const char *path, enum image_kind *kind, unsigned *xlen, char *text,
                    size_t text_size);

/* Opens, reads and checks every file of the plan. NULL and one sentence (exit code 4) when one is
 * missing or bad. The plan's strings are copied, but for the names of extras. */
struct image_set *loader_open(const struct load_plan *plan, char *message, size_t message_size);
/* NULL is harmless. */
void loader_close(struct image_set *set);
/* The kernel's symbols, or the firmware's when there is no kernel; NULL when the file has none.
 * They live as long as the set. */
const struct symbols *loader_symbols(const struct image_set *set);

/* A table of all names that the loaded programs have, a kernel's own tables among them: a copy,
 * which the caller destroys. Takes a fiftieth of a second for Debian's kernel. NULL when there is
 * no memory. */
struct symbols *loader_collect_symbols(const struct image_set *set);

/* Copies everything into the RAM and boot ROM of a machine that was just reset. False and one
 * sentence when it does not fit this machine, or a file has changed meanwhile. */
bool loader_place(const struct image_set *set, struct machine *machine, struct loaded *loaded,
                  char *message, size_t message_size);

#endif
