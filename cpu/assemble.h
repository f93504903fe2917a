/* An assembler made from the tables: every line of isa.def and rvc.def is an instruction it reads,
 * every line of pseudo.def one it knows another word for. It takes the language of the GNU
 * assembler for RISC-V as far as hand-written programs need it; cpu/README.md says what that is. */
#ifndef CPU_ASSEMBLE_H
#define CPU_ASSEMBLE_H

#include "cpu/isa.h"

/* The most that one program may have: bytes, all sections together. */
#define ASSEMBLE_LARGEST ((u64)64 << 20)

struct assembled {
    u8 *bytes;
    u64 size;    /* 0 for a source without a statement */
    vaddr entry; /* _start, or the first byte of .text */
    /* Labels and what .equ names, in the order of the source; numeric labels are not here. */
    struct assembled_symbol {
        char *name;
        u64 value;
        bool is_label;
    } * symbols;
    size_t symbol_count;
};

/* Assembles a source text for this processor: .text at base, the other sections behind it in the
 * order of their first line. Nothing is relaxed or compressed. False and one sentence,
 * "hello.s:12: ...", for the first mistake; then *program is empty. */
bool assemble(const struct isa *isa, const char *source, size_t length, const char *file_name,
              vaddr base, struct assembled *program, char *message, size_t message_size);
/* Harmless on an empty one. */
void assembled_free(struct assembled *program);

#endif
