/* Instructions as text, made from the tables: the mnemonic is the row's name, its operand template
 * is what is printed. Left out: pseudo-instructions (li, mv, ret), which no row describes. */
#ifndef CPU_DISASM_H
#define CPU_DISASM_H

#include "cpu/isa.h"

/* How registers are called: a0 and fa0, or x10 and f10. */
enum disasm_style { DISASM_ABI, DISASM_NUMERIC };

/* Room for every line that disasm() writes. */
#define DISASM_SIZE 64

/* Writes the instruction as the GNU assembler reads it: "addi a0, sp, -16". A compressed one is
 * shown as itself: "c.addi4spn a0, sp, 16". Targets of branches are absolute addresses, so pc
 * matters; a dynamic rounding mode is not shown. An illegal word is data: ".4byte 0x00000000", with
 * what fetch found. Returns text, always terminated and cut when size (at least 1) is too small. */
char *disasm(const struct decoder *decoder, const struct insn *insn, vaddr pc,
             enum disasm_style style, char *text, size_t size);

/* The name of integer register x0..x31 or floating-point register f0..f31. */
const char *disasm_register(unsigned number, enum disasm_style style);
const char *disasm_float_register(unsigned number, enum disasm_style style);

#endif
