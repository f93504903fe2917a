/* A machine with page tables made by hand, for tests of views: code at GUEST_BASE, tables from
 * GUEST_TABLES on. Translation is on, the hart in S-mode. */
#ifndef TESTS_FRONTEND_PAGED_GUEST_H
#define TESTS_FRONTEND_PAGED_GUEST_H

#include "cpu/csr.h"
#include "frontend/view.h"
#include "memory/paging.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define GUEST_BASE   ((paddr)0x80000000)
#define GUEST_TABLES ((paddr)0x80080000)
#define GUEST_ALL    (PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

struct paged_guest {
    struct machine *machine;
    struct hart *hart;
    struct view view;
    paddr next_table;
    char *text; /* what the last view printed */
};

static inline void guest_write(struct paged_guest *guest, paddr at, u64 value, unsigned size)
{
    memcpy(ram_writable(&guest->machine->ram, at, size), &value, size);
}

static inline void guest_poke(struct paged_guest *guest, unsigned csr, u64 value)
{
    ck_assert_msg(csr_poke(guest->hart, csr, value), "there is no CSR %#x", csr);
}

/* Maps va in a table of that level, 0 the last; tables between are made. */
static inline paddr guest_map(struct paged_guest *guest, vaddr va, paddr pa, unsigned at_level,
                              u64 flags)
{
    bool is_32 = guest->hart->xlen == 32;
    unsigned bits = is_32 ? 10 : 9, size = is_32 ? 4 : 8, level = is_32 ? 1 : 2;
    paddr table = GUEST_TABLES, at;
    u64 pte = 0;

    for (;; level--, table = pte >> 10 << PAGE_BITS) {
        at = table + (va >> (PAGE_BITS + level * bits) & ((1u << bits) - 1)) * size;
        if (level == at_level)
            break;
        pte = 0;
        memcpy(&pte, ram_host(&guest->machine->ram, at), size);
        if (pte & PTE_V)
            continue;
        pte = guest->next_table >> PAGE_BITS << 10 | PTE_V;
        guest->next_table += PAGE_SIZE;
        guest_write(guest, at, pte, size);
    }
    guest_write(guest, at, flags ? pa >> PAGE_BITS << 10 | flags | PTE_V : 0, size);
    return at;
}

static inline void guest_open(struct paged_guest *guest, const char *isa)
{
    struct machine_config config = {
        .board = &board_virt, .ram_size = 1 << 20, .harts = 1, .clock = CLOCK_VIRTUAL};
    struct host host = {.context = NULL};
    char message[256];
    bool is_32;

    memset(guest, 0, sizeof *guest);
    ck_assert_msg(isa_parse(isa, &config.isa, message, sizeof message), "%s", message);
    is_32 = config.isa.xlen == 32;
    guest->machine = machine_create(&config, &host, message, sizeof message);
    ck_assert_msg(guest->machine, "%s", message);
    machine_reset(guest->machine);
    guest->hart = guest->machine->harts[0];
    guest->view = (struct view){.machine = guest->machine};
    guest->next_table = GUEST_TABLES + PAGE_SIZE;
    guest_poke(guest, 0x3b0, is_32 ? UINT32_MAX : UINT64_MAX >> 10);
    guest_poke(guest, 0x3a0, 0x1f);
    guest_poke(guest, 0x180, (is_32 ? (u64)1 << 31 : (u64)8 << 60) | GUEST_TABLES >> PAGE_BITS);
    guest_map(guest, GUEST_BASE, GUEST_BASE, 0, GUEST_ALL);
    guest->hart->privilege = PRIV_S;
    guest->hart->pc = GUEST_BASE;
    hart_mode_changed(guest->hart);
}

static inline void guest_close(struct paged_guest *guest)
{
    free(guest->text);
    machine_destroy(guest->machine);
}

/* Shows a view: guest_show(&guest, view_walk, va, why) leaves what it printed in guest.text. */
#define guest_show(guest, show, ...)                                                               \
    do {                                                                                           \
        size_t size_;                                                                              \
        free((guest)->text);                                                                       \
        (guest)->text = NULL;                                                                      \
        (guest)->view.out = open_memstream(&(guest)->text, &size_);                                \
        show(&(guest)->view, ##__VA_ARGS__);                                                       \
        fclose((guest)->view.out);                                                                 \
    } while (0)

#define guest_check(guest, part)                                                                   \
    ck_assert_msg(strstr((guest)->text, part), "\"%s\" is not in:\n%s", part, (guest)->text)
#define guest_check_not(guest, part)                                                               \
    ck_assert_msg(!strstr((guest)->text, part), "\"%s\" is in:\n%s", part, (guest)->text)

#endif
