/* A workload in S-mode under Sv39: maps memory and the two devices with 4 KiB pages, each at its
 * own physical address, delegates the traps that a workload may want, and goes down to main().
 * (Privileged manual, "Sv39: Page-Based 39-bit Virtual-Memory System".) Leaves out large pages:
 * small ones are what this is for. */
#include "space.h"
#include "work.h"

enum { ENTRIES = 512, PAGE = 4096, MEMORY_TABLES = MEMORY_BYTES >> 21 };

/* A and D are set beforehand, or the manual lets the first access fault. */
enum { ALL = PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D };

#define SATP_SV39  (8ul << 60)
#define SATP_ASID  44
#define PAGED(...) static uint64_t __VA_ARGS__ __attribute__((aligned(PAGE)))

PAGED(root[ENTRIES]);
PAGED(spaces[SPACES][ENTRIES]);
PAGED(middle_low[ENTRIES]);    /* the first GiB: devices */
PAGED(middle_window[ENTRIES]); /* the second */
PAGED(middle_memory[ENTRIES]); /* the third */
PAGED(devices[2][ENTRIES]);
PAGED(window[ENTRIES]);
PAGED(memory[MEMORY_TABLES][ENTRIES]);

int main(void);
void stray_trap(void);

static uint64_t entry_of(const void *page, uint64_t flags)
{
    return (uint64_t)(word)page >> 12 << 10 | flags;
}

static void map_device(unsigned number, word address)
{
    middle_low[address >> 21] = entry_of(devices[number], PTE_V);
    devices[number][address >> 12 & (ENTRIES - 1)] = entry_of((void *)address, ALL & ~PTE_X);
}

static void map_everything(void)
{
    root[0] = entry_of(middle_low, PTE_V);
    root[1] = entry_of(middle_window, PTE_V);
    root[2] = entry_of(middle_memory, PTE_V);
    map_device(0, BOARD_TEST);
    map_device(1, BOARD_UART);
    middle_window[0] = entry_of(window, PTE_V);
    for (unsigned table = 0; table < MEMORY_TABLES; table++) {
        middle_memory[table] = entry_of(memory[table], PTE_V);
        for (word page = 0; page < ENTRIES; page++)
            memory[table][page] = entry_of((void *)(MEMORY + (table * ENTRIES + page) * PAGE), ALL);
    }
}

uint64_t *page_entry(word va)
{
    if (va - WINDOW < WINDOW_BYTES)
        return &window[(va - WINDOW) / PAGE];
    return &memory[0][(va - MEMORY) / PAGE];
}

word space_new(unsigned number)
{
    uint64_t *top = spaces[number - 1];
    for (unsigned i = 0; i < ENTRIES; i++)
        top[i] = root[i];
    return SATP_SV39 | (word)number << SATP_ASID | (word)top / PAGE;
}

void begin(void)
{
    map_everything();
    CSR_WRITE(medeleg, 0xb000 | 1 << 8 | 1 << 9); /* page faults; ecalls from U and S */
    CSR_WRITE(mcounteren, 7);
    CSR_WRITE(stvec, (word)stray_trap);
    CSR_WRITE(satp, SATP_SV39 | (word)root / PAGE);
    __asm__ volatile("sfence.vma" : : : "memory");
    CSR_WRITE(mepc, (word)main);
    CSR_CLEAR(mstatus, 3ul << 11);
    CSR_SET(mstatus, 1ul << 11);             /* MPP = S */
    __asm__ volatile("mret" : : : "memory"); /* the stack stays where it is */
}

unsigned char *heap(void)
{
    return (unsigned char *)HEAP;
}
