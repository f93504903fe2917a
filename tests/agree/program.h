/* A random program in guest memory: code, data, page tables for every paging mode, and a trap
 * handler that keeps it going. The same seed makes the same program in every machine.
 *
 *   code.c      the random instructions, drawn from the rows of isa.def and rvc.def
 *   handler.c   what runs on a trap: it folds cause, pc and value into memory and skips the
 *               instruction, or goes elsewhere with other privileges, page tables and pointers
 *   program.c   where everything lies; page tables; those "elsewheres"
 *
 *   from RAM_BASE          guarded by a locked PMP entry: the handlers, and the list of elsewheres
 *   +PLACE_STATE           what the handlers remember
 *   +PLACE_CODE            64 KiB of random code, which also writes to itself
 *   +PLACE_DATA            64 KiB of data
 *   +PLACE_TABLES          page tables, which nothing but the walk can reach
 */
#ifndef TESTS_AGREE_PROGRAM_H
#define TESTS_AGREE_PROGRAM_H

#include "devices/machine.h"
#include "tests/agree/code.h"

#define PROGRAM_RAM   ((u64)8 << 20)
#define PROGRAM_HARTS 2 /* at most */
#define RAM_BASE      ((paddr)0x80000000)
#define PLACE_M       0x0000u /* the handlers of M-mode, one for each hart */
#define PLACE_WHERE   0x1000u /* the elsewheres */
#define PLACE_S       0x2000u /* the handler of S-mode, for both harts */
#define PLACE_STATE   0x4000u /* every handler has its state this far from its start */
#define HANDLER_SIZE  0x800u  /* at most */
#define PLACE_CODE    0x10000u
#define PLACE_DATA    0x20000u
#define PLACE_SIZE    0x10000u /* of code, and of data */
#define PLACE_TABLES  0x400000u

/* Windows of virtual addresses, the same in every paging mode. */
#define WINDOW_USER   ((vaddr)0x40000000) /* the lowest 256 KiB of RAM again, for U-mode */
#define WINDOW_RANDOM ((vaddr)0x50000000) /* 32 pages with any right to any page */
#define WINDOW_LARGE  ((vaddr)0x60000000) /* a superpage that shows RAM from its start */

/* An "elsewhere": what the handler of M-mode loads. Words of XLEN bits, in this order. */
enum where_word {
    WHERE_SATP,
    WHERE_MEDELEG,
    WHERE_MIDELEG,
    WHERE_MIE,
    WHERE_MENVCFG,
    WHERE_MENVCFGH, /* RV32 */
    WHERE_MCOUNTEREN,
    WHERE_SCOUNTEREN,
    WHERE_SENVCFG,
    WHERE_STVEC,
    WHERE_TSELECT, /* an address trigger */
    WHERE_TDATA2,
    WHERE_TDATA1,
    WHERE_MSTATUS,
    WHERE_ENTRY, /* where the code begins; the handler adds a random offset */
    WHERE_X2,    /* pointers for loads and stores: x2, x8, x9, x3, x4 */
    WHERE_X8,
    WHERE_X9,
    WHERE_X3,
    WHERE_X4,
    WHERE_WORDS
};
#define WHERE_SIZE  256u /* bytes */
#define WHERE_COUNT 16u

/* State of a handler, in words of XLEN bits. */
enum state_word {
    STATE_X5,
    STATE_X6,
    STATE_X7,
    STATE_X10,
    STATE_FOLD,  /* every cause, pc and value so far */
    STATE_COUNT, /* exceptions to go until the program is sent elsewhere */
    STATE_RANDOM,
    STATE_WHERES, /* address of the elsewheres */
    STATE_MASK,   /* of the offset into the code */
    STATE_MTIME,  /* addresses of the timer's registers */
    STATE_MTIMECMP,
    STATE_MSIP,
    STATE_WORDS
};

/* Puts the program of this seed into a machine that was just reset. */
void program_place(struct generator *generator, struct machine *machine, u64 seed);

/* The handlers. Each returns the size of its code in bytes. */
u32 handler_write_machine(const struct isa *isa, u8 *to);
u32 handler_write_supervisor(const struct isa *isa, u8 *to);

#endif
