/* What a debugger does with a machine that stands still: the calls that the gdb stub and the
 * monitor have in common. Going on is machine_run(), which returns STOP_DEBUG where it meets
 * something that was inserted here, and pausing is host->wants_stop().
 *
 * Looking changes nothing: no accessed bits, no reads of devices, no steps. Writing does what it
 * says, and memory is written through RAM's gate. */
#ifndef DEVICES_DEBUG_H
#define DEVICES_DEBUG_H

#include "devices/machine.h"
#include "memory/paging.h"

/* Which memory an address is of: as the hart's present mode sees it (its code, so without MPRV), or
 * as the bus does; or as S-mode would, whatever mode the hart is in. */
enum debug_space { DEBUG_VIRTUAL, DEBUG_PHYSICAL, DEBUG_SUPERVISOR };

/* Copies from RAM and ROM, whatever the rights of the page are. Returns how many bytes could be
 * had, from the first on. */
size_t debug_read(struct machine *machine, unsigned hart, enum debug_space space, u64 at, void *to,
                  size_t size);
/* The same the other way, also into read-only pages and ROM. Code that was decoded is forgotten,
 * and reservations end. */
size_t debug_write(struct machine *machine, unsigned hart, enum debug_space space, u64 at,
                   const void *from, size_t size);
/* Where in physical memory this address is, whatever the rights of the page are. False: nowhere. */
bool debug_find(struct machine *machine, unsigned hart, enum debug_space space, u64 at, paddr *pa);
/* The walk that such an access by the hart would make now, with its rights. False: its mode does
 * not translate, and *walk is WALK_OK with the same address. PMP has no say. */
bool debug_translate(struct machine *machine, unsigned hart, vaddr va, enum access why,
                     struct walk *walk);

/* Registers by the numbers that gdb gives them. */
enum debug_register {
    DEBUG_X = 0, /* and 31 more */
    DEBUG_PC = 32,
    DEBUG_F = 33,                  /* and 31 more; singles are NaN-boxed */
    DEBUG_FIRST_CSR = 65,          /* plus the CSR's number */
    DEBUG_PRIVILEGE = 65 + 0x1000, /* 0, 1 or 3 */
    DEBUG_REGISTERS
};

/* On RV32 the value has 32 bits, but for the floating-point registers. False when the hart has no
 * such register, or none that can have this value. */
bool debug_register(const struct machine *machine, unsigned hart, unsigned number, u64 *value);
bool debug_set_register(struct machine *machine, unsigned hart, unsigned number, u64 value);

/* Where to stop; size in bytes, 1 or more. What is inserted twice must be removed twice; all of it
 * outlives a reset. False: no memory, or there is none like it. */
bool debug_insert(struct machine *machine, enum debug_kind kind, u64 at, u64 size);
bool debug_remove(struct machine *machine, enum debug_kind kind, u64 at, u64 size);

/* It is this hart's turn, whoever else had it; one that waits beside others waits no more. Returns
 * whether that changed anything. */
bool debug_take_turn(struct machine *machine, unsigned hart);
/* One step, an instruction or a trap, of this hart alone, wherever the others are; a breakpoint at
 * its pc does not count. It is this hart's turn then. A hart in WFI goes on behind it, unless it is
 * the only one: then time passes. Returns STOP_LIMIT when it was done, or why not. */
enum stop debug_step(struct machine *machine, unsigned hart);
/* The same with the other harts running until its turn comes, so that it is what would have
 * happened without a debugger. */
enum stop debug_step_in_turn(struct machine *machine, unsigned hart);

#endif
