/* Traps of a system with virtual memory: pages of a window that appear at the first store (a store
 * page fault), become read-only and are made writable again at the next store, then vanish; and
 * environment calls from U-mode in between. The handler runs in S-mode (traps were delegated); its
 * first instructions, in traps_sv39_entry.S, save and restore the registers that C may change. */
#include "space.h"
#include "work.h"

enum { PAGES = 128, PAGE = 4096, CALLS = 300 };
enum { CAUSE_STORE_PAGE = 15, CAUSE_LOAD_PAGE = 13 };
enum { DATA = PTE_V | PTE_R | PTE_W | PTE_A | PTE_D };

void trap_entry(void);
word calls_from_user(word calls);
void fault_serve(word cause, word va);

static uint32_t faults[16];

static volatile uint64_t *window_page(unsigned number)
{
    return (volatile uint64_t *)(WINDOW + (word)number * PAGE);
}

static void fence(word va)
{
    __asm__ volatile("sfence.vma %0, zero" : : "r"(va) : "memory");
}

/* Called by trap_entry. */
void fault_serve(word cause, word va)
{
    if (va - WINDOW >= PAGES * PAGE || (cause != CAUSE_STORE_PAGE && cause != CAUSE_LOAD_PAGE))
        expect("a trap's cause", cause, CAUSE_STORE_PAGE);
    faults[cause & 15]++;
    *page_entry(va) = ((word)heap() + (va - WINDOW)) >> 12 << 10 | DATA;
    fence(va);
}

/* The user's two instructions are in a page of their own: S-mode may not run a page of U-mode. */
extern char user_page[PAGE];

void work_prepare(void)
{
    CSR_WRITE(stvec, (word)trap_entry);
    *page_entry((word)user_page) |= PTE_U;
    fence((word)user_page);
}

static void set_all(uint64_t flags)
{
    for (unsigned i = 0; i < PAGES; i++) {
        *page_entry(WINDOW + (word)i * PAGE) &= ~(uint64_t)(PTE_W | PTE_V);
        *page_entry(WINDOW + (word)i * PAGE) |= flags;
        fence(WINDOW + (word)i * PAGE);
    }
}

void work_round(void)
{
    faults[CAUSE_STORE_PAGE] = faults[CAUSE_LOAD_PAGE] = 0;
    for (unsigned i = 0; i < PAGES; i++)
        *window_page(i) = i;
    set_all(PTE_V);
    for (unsigned i = 0; i < PAGES; i++)
        *window_page(i) += i;
    set_all(0);
    uint64_t sum = 0;
    for (unsigned i = 0; i < PAGES; i++)
        sum += *window_page(i);
    set_all(0);
    expect("the pages' sum", sum, PAGES * (PAGES - 1));
    expect("the store page faults", faults[CAUSE_STORE_PAGE], 2 * PAGES);
    expect("the load page faults", faults[CAUSE_LOAD_PAGE], PAGES);
    expect("the calls from U-mode", calls_from_user(CALLS), CALLS);
}
