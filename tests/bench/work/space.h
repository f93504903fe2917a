/* The memory that a workload sees: bare.c (M-mode, no translation) or sv39.c (S-mode, 4 KiB pages,
 * virtual addresses equal to physical ones). build.sh links one of the two. */
#ifndef BENCH_SPACE_H
#define BENCH_SPACE_H

#include "roms/rom.h"

#define MEMORY       0x80000000ul
#define MEMORY_BYTES (128ul << 20)
#define HEAP         0x80800000ul

/* What start.S calls once there is a stack. */
void begin(void);

/* An address space that maps what all of them map, as a value for satp: with an ASID of its own.
 * 0 in a bare workload. Numbers count from 1 to SPACES. */
enum { SPACES = 8 };
word space_new(unsigned number);

/* sv39.c only. The entry of a 4 KiB page, for a va in memory or in the window, a stretch of
 * addresses that nothing is mapped at. */
#define WINDOW       0x40000000ul
#define WINDOW_BYTES (2ul << 20)
enum {
    PTE_V = 1,
    PTE_R = 2,
    PTE_W = 4,
    PTE_X = 8,
    PTE_U = 16,
    PTE_G = 32,
    PTE_A = 64,
    PTE_D = 128
};
uint64_t *page_entry(word va);

#endif
