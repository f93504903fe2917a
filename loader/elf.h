/* ELF programs: what an executable wants where, its entry, its symbols. Reads through gelf alone,
 * so that any libelf will do. Takes static RISC-V executables (ELF specification, "Program Header";
 * RISC-V ELF psABI); position-independent and dynamically linked ones are refused, for nobody would
 * relocate them. Whether the addresses lie in RAM is the layout's business (loader/layout.h). */
#ifndef LOADER_ELF_H
#define LOADER_ELF_H

#include "loader/file.h"
#include "loader/symbols.h"
#include "memory/types.h"

#define SEGMENTS 64

/* Bytes that go to one place in RAM; what lies between file_size and memory_size is zero. */
struct segment {
    paddr start;
    u64 memory_size;
    vaddr va;      /* where the program believes it is */
    u64 offset;    /* in the file */
    u64 file_size; /* at most memory_size; lies within the file */
};

struct elf {
    unsigned xlen; /* 32 or 64 */
    paddr entry;   /* physical: within one of the segments */
    struct segment segments[SEGMENTS];
    unsigned segment_count;
    struct symbols *symbols; /* the reader of the file destroys them */
    bool has_htif;           /* the symbol tohost exists, within a segment */
    paddr tohost, fromhost;  /* fromhost is 0 when there is none */
};

/* Reads and checks the whole of an ELF file but its segments' bytes. False and one sentence when it
 * cannot be loaded. */
bool elf_read(const struct file *file, struct elf *elf, char *message, size_t message_size);

#endif
