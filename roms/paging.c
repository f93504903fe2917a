/* Virtual memory from nothing: builds page tables, enters S-mode, switches translation on, shows a
 * walk entry by entry, reads through a mapping, and catches the faults of two accesses that the
 * tables do not allow. Sv39 on RV64, Sv32 on RV32: the same program, other numbers. (Privileged
 * manual, "Virtual Address Translation Process".) */
#include "rom.h"

#if __riscv_xlen == 64
enum { LEVELS = 3, INDEX_BITS = 9 };
#define SATP_MODE (8ul << 60)
#define SCHEME    "Sv39"
#else
enum { LEVELS = 2, INDEX_BITS = 10 };
#define SATP_MODE (1ul << 31)
#define SCHEME    "Sv32"
#endif

enum { ENTRIES = 1 << INDEX_BITS, TABLES = 8 };

/* A page-table entry: the page number from bit 10 up, flags below it.
 *   | physical page number | rsw | D A G U X W R V |  */
enum { PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8, PTE_A = 64, PTE_D = 128 };
/* A and D are set beforehand: the manual lets hardware fault where they are clear. */
enum { READ_ONLY = PTE_R | PTE_A, ALL = PTE_R | PTE_W | PTE_X | PTE_A | PTE_D };

enum { CAUSE_LOAD_PAGE = 13, CAUSE_STORE_PAGE = 15 };

#define WINDOW 0x40000000ul /* a virtual address where there is no memory */

static word tables[TABLES][ENTRIES] __attribute__((aligned(4096)));
static unsigned tables_used = 1; /* the first is the root */
static const char message[4096] __attribute__((aligned(4096))) = "read through the window";

static volatile word last_cause, last_address;

static word entry_index(word va, int level)
{
    return va >> (12 + level * INDEX_BITS) & (ENTRIES - 1);
}

static word *entry_table(word entry)
{
    return (word *)(entry >> 10 << 12);
}

/* Maps one page; a leaf above level 0 makes a large page. */
static void page_map(word va, word pa, word flags, int leaf_level)
{
    word *table = tables[0];
    for (int level = LEVELS - 1; level > leaf_level; level--) {
        word *entry = &table[entry_index(va, level)];
        if (!*entry) {
            if (tables_used == TABLES)
                test_fail(1);
            *entry = (word)tables[tables_used++] >> 12 << 10 | PTE_V;
        }
        table = entry_table(*entry);
    }
    table[entry_index(va, leaf_level)] = pa >> 12 << 10 | flags | PTE_V;
}

/* Does on paper what the hardware does on every access. */
static void walk_print(word va)
{
    word *table = tables[0];
    print_text("walk of ");
    print_hex(va);
    print_text("\n");
    for (int level = LEVELS - 1; level >= 0; level--) {
        word *entry = &table[entry_index(va, level)];
        print_text("  level ");
        print_decimal((word)level);
        print_text(": entry at ");
        print_hex((word)entry);
        print_text(" = ");
        print_hex(*entry);
        if (!(*entry & PTE_V)) {
            print_text(", not valid: page fault\n");
            return;
        }
        if (*entry & (PTE_R | PTE_X)) {
            print_text(", a leaf\n");
            return;
        }
        print_text(", a pointer\n");
        table = entry_table(*entry);
    }
}

__attribute__((interrupt("supervisor"), aligned(4))) static void page_fault(void)
{
    word pc = CSR_READ(sepc);
    last_cause = CSR_READ(scause);
    last_address = CSR_READ(stval);
    print_text("  trap: scause ");
    print_decimal(last_cause);
    print_text(", stval ");
    print_hex(last_address);
    print_text(", sepc ");
    print_hex(pc);
    print_text("\n");
    if (last_cause != CAUSE_LOAD_PAGE && last_cause != CAUSE_STORE_PAGE)
        test_fail(2);
    /* Step over: an instruction is two bytes long unless its two lowest bits are ones. */
    CSR_WRITE(sepc, pc + ((*(uint16_t *)pc & 3) == 3 ? 4 : 2));
}

static void expect_fault(word cause, word address)
{
    if (last_cause != cause)
        test_fail(3);
    if (last_address != address)
        test_fail(4);
}

static _Noreturn void supervisor_main(void)
{
    volatile char *window = (volatile char *)WINDOW;
    CSR_WRITE(stvec, (word)page_fault);
    CSR_WRITE(satp, SATP_MODE | (word)tables[0] >> 12);
    __asm__ volatile("sfence.vma" : : : "memory");
    print_text(SCHEME " is on\n");

    walk_print(WINDOW);
    print_text("  and there: \"");
    for (int i = 0; message[i]; i++) {
        if (window[i] != message[i])
            test_fail(5);
        console_put(window[i]);
    }
    print_text("\"\n");

    walk_print(WINDOW + 4096);
    (void)window[4096];
    expect_fault(CAUSE_LOAD_PAGE, WINDOW + 4096);

    print_text("store to the read-only window\n");
    window[8] = '!';
    expect_fault(CAUSE_STORE_PAGE, WINDOW + 8);
    if (message[8] == '!')
        test_fail(6);
    print_text("both faults caught\n");
    test_pass();
}

/* mret goes "back" to S-mode, where we have never been. */
static _Noreturn void supervisor_enter(void)
{
    CSR_WRITE(mepc, (word)supervisor_main);
    CSR_CLEAR(mstatus, 3ul << 11);
    CSR_SET(mstatus, 1ul << 11); /* MPP = S */
    __asm__ volatile("mret" : : : "memory");
    __builtin_unreachable();
}

int main(void)
{
    /* Our code and data, and the two devices we use, where they are anyway. */
    page_map(0x80000000, 0x80000000, ALL, 1);
    page_map(BOARD_UART, BOARD_UART, ALL, 0);
    page_map(BOARD_TEST, BOARD_TEST, ALL, 0);
    page_map(WINDOW, (word)message, READ_ONLY, 0);
    /* S-mode may touch nothing until a PMP entry says so: this one covers all of memory. */
    CSR_WRITE(pmpaddr0, ~0ul);
    CSR_WRITE(pmpcfg0, 0x1f); /* NAPOT, X, W, R */
    CSR_WRITE(medeleg, 1ul << CAUSE_LOAD_PAGE | 1ul << CAUSE_STORE_PAGE);
    supervisor_enter();
}
