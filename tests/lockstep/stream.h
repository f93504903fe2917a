/* What the plugin inside QEMU tells the lock-step tool, item by item through a pipe: host byte
 * order, both ends are on one machine.
 *
 * First the pages of ROM and RAM that are not zero, so that both machines begin with the same
 * bytes. Then before every instruction whatever has changed since the one before, and at last
 * ITEM_PC: the state is complete, and this instruction is about to run. The stores it makes
 * follow. */
#ifndef TESTS_LOCKSTEP_STREAM_H
#define TESTS_LOCKSTEP_STREAM_H

#include <stdint.h>

#define STREAM_PAGE 4096u

enum item_kind {
    ITEM_PAGE,      /* value: physical address; STREAM_PAGE bytes follow */
    ITEM_X,         /* number: x1..x31 */
    ITEM_F,         /* number: f0..f31 */
    ITEM_CSR,       /* number: index into STREAM_CSRS */
    ITEM_PRIVILEGE, /* value: 0 U, 1 S, 3 M */
    ITEM_PC,        /* number: sum of enum state_read; word: the instruction, as it was fetched */
    ITEM_STORE,     /* number: bytes; value: virtual address; the next item is ITEM_STORED */
    ITEM_STORED,    /* value: what is there now */
};

/* What was read before this instruction; the rest is as it was. */
enum state_read { READ_CSRS = 1, READ_FLOAT = 2 };

struct item {
    uint16_t kind; /* enum item_kind */
    uint16_t number;
    uint32_t word;
    uint64_t value;
};

/* The control registers that are compared. fflags and frm come with the floating-point registers,
 * mstatus with both. The pmpcfgs with odd numbers and those ending in h exist on RV32 only. */
/* clang-format off */
#define STREAM_CSRS(CSR)                                                                           \
    CSR(mstatus) CSR(fflags) CSR(frm) CSR(misa) CSR(mie) CSR(mip) CSR(mideleg) CSR(medeleg)        \
    CSR(mtvec) CSR(mscratch) CSR(mepc) CSR(mcause) CSR(mtval) CSR(mcounteren) CSR(mcountinhibit)   \
    CSR(menvcfg) CSR(menvcfgh) CSR(stvec) CSR(sscratch) CSR(sepc) CSR(scause) CSR(stval)           \
    CSR(scounteren) CSR(senvcfg) CSR(satp)                                                         \
    CSR(pmpcfg0) CSR(pmpcfg1) CSR(pmpcfg2) CSR(pmpcfg3)                                            \
    CSR(pmpaddr0) CSR(pmpaddr1) CSR(pmpaddr2) CSR(pmpaddr3) CSR(pmpaddr4) CSR(pmpaddr5)            \
    CSR(pmpaddr6) CSR(pmpaddr7) CSR(pmpaddr8) CSR(pmpaddr9) CSR(pmpaddr10) CSR(pmpaddr11)          \
    CSR(pmpaddr12) CSR(pmpaddr13) CSR(pmpaddr14) CSR(pmpaddr15)
/* clang-format on */

enum stream_csr {
#define CSR(name) STREAM_##name,
    STREAM_CSRS(CSR)
#undef CSR
        STREAM_CSR_COUNT
};

#endif
