/* What the machine fuzzer's program finds: itself in RAM, a trap handler that skips whatever traps,
 * page tables, and pointers to everything of interest in the registers. */
#ifndef TESTS_FUZZ_PROGRAM_H
#define TESTS_FUZZ_PROGRAM_H

#include "devices/machine.h"

#define PROGRAM_RAM  ((u64)0x80000)
#define PROGRAM_MOST ((u64)0x4000) /* bytes */

/* Puts the handler, the page tables and these bytes into a machine that was just reset. */
void program_place(struct machine *machine, const u8 *bytes, size_t size);

#endif
