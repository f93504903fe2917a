/* A program to load: an ELF executable, a Linux kernel Image, an assembly source, or a raw binary.
 * The kind is read from the file's first bytes; of a source, from its name, hello.s. Image: Linux,
 * Documentation/arch/riscv/boot-image-header.rst. Compressed kernels are refused with a sentence,
 * not unpacked. */
#ifndef LOADER_IMAGE_H
#define LOADER_IMAGE_H

#include "cpu/isa.h"
#include "loader/elf.h"
#include "loader/file.h"
#include "loader/layout.h"
#include "loader/symbols.h"
#include "memory/ram.h"
#include "memory/types.h"

enum image_kind { IMAGE_ELF32, IMAGE_ELF64, IMAGE_LINUX32, IMAGE_LINUX64, IMAGE_SOURCE, IMAGE_RAW };

struct image {
    struct file file;
    enum image_kind kind;
    /* 32 or 64, a guess for a Linux Image; 0 when the file does not say (raw, source) */
    unsigned xlen;
    bool is_fixed; /* goes to its own addresses (ELF, source), not where the caller says */
    u8 *bytes;     /* what a source was assembled to, in place of the file; else NULL */
    /* An ELF's are physical; the only segment of the others starts at Linux's text_offset, or 0. */
    struct segment segments[SEGMENTS];
    unsigned segment_count;
    paddr entry;             /* counted like the segments' starts */
    struct symbols *symbols; /* NULL unless it is an ELF or a source */
    bool has_htif;
    paddr tohost, fromhost; /* 0 where there is none */
};

/* Opens, reads and checks a program. False and one sentence when it cannot be loaded. */
bool image_open(struct image *image, const char *path, char *message, size_t message_size);
/* Assembles a source for this processor; the other kinds are left alone. False and one sentence,
 * "hello.s:12: ...", when it has a mistake. */
bool image_assemble(struct image *image, const struct isa *isa, char *message, size_t message_size);
/* Harmless on an image that is not open. */
void image_close(struct image *image);
/* Adds the names of what the program has at its addresses, and source lines, as far as the file
 * tells. A file that does not tell is no failure. False when there is no memory. */
bool image_add_names(const struct image *image, struct symbols *symbols);
/* "an ELF program for RV64", as part of a sentence. */
const char *image_describe(enum image_kind kind);

/* Takes the image's places in the layout and copies it there, through the gate; RAM is zero
 * beforehand (machine_reset). flat_base is where an image that is not fixed begins. On return
 * *entry is where it starts, and *end is just past its last byte in memory. */
bool image_place(const struct image *image, struct layout *layout, struct ram *ram, paddr flat_base,
                 paddr *entry, paddr *end, char *message, size_t message_size);

#endif
