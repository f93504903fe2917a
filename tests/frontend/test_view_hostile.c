/* Views of machines in whatever state a guest can bring them to: random tables, registers and code,
 * run for a while, and every view asked. Nothing may crash, and all ends. */
#include "frontend/view_explain.h"
#include "frontend/view_paging.h"
#include "frontend/why.h"

#include "tests/frontend/paged_guest.h"
#include "tests/suite.h"

#include <inttypes.h>

#define TIMES 60

static const char *const isas[] = {"max", "max32"};
static struct paged_guest guest;
static u64 state;

static u64 draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* A number that means something now and then: an address in RAM, a small one, anything. */
static u64 draw_number(void)
{
    switch (draw() % 4) {
    case 0:
        return GUEST_BASE + draw() % (1 << 20);
    case 1:
        return draw() % 4096;
    case 2:
        return 0x400000 + draw() % 8192;
    default:
        return draw() >> draw() % 64;
    }
}

static void fill_ram(void)
{
    for (paddr at = GUEST_BASE; at < GUEST_BASE + 0x4000; at += 4)
        guest_write(&guest, at, draw(), 4);
    for (paddr at = GUEST_TABLES; at < GUEST_TABLES + 0x10000; at += 8) {
        u64 target = (GUEST_TABLES + draw() % 0x20000) >> PAGE_BITS << 10;
        guest_write(&guest, at, target | (draw() & 0xff) | (draw() % 8 ? 0 : draw() << 54), 8);
    }
}

static void shake(void)
{
    static const u16 csrs[] = {0x100, 0x105, 0x305, 0x302, 0x303, 0x304, 0x300, 0x3a0, 0x3a2,
                               0x3b0, 0x3b1, 0x3b2, 0x3b8, 0x747, 0x30a, 0x10a, 0x7a1, 0x7a2};

    fill_ram();
    for (unsigned i = 1; i < 32; i++)
        guest.hart->x[i] = guest.hart->xlen == 32 ? (u64)(i64)(i32)draw_number() : draw_number();
    for (unsigned i = 0; i < sizeof csrs / sizeof *csrs; i++)
        csr_poke(guest.hart, csrs[i], draw_number());
    guest_poke(&guest, 0x180,
               (guest.hart->xlen == 32 ? draw() % 2 << 31 : (8 + draw() % 3) << 60) |
                   (GUEST_TABLES + draw() % 0x10000) >> PAGE_BITS);
    guest.hart->privilege = draw() % 2 ? PRIV_S : draw() % 2 ? PRIV_U : PRIV_M;
    guest.hart->pc = GUEST_BASE + draw() % 0x4000 / 2 * 2;
    hart_mode_changed(guest.hart);
    machine_run(guest.machine, 500);
}

static void ask_all(void)
{
    char number[32];

    guest_show(&guest, view_why);
    ck_assert_int_gt(strlen(guest.text), 0);
    guest_show(&guest, view_maps);
    guest_show(&guest, view_tlb);
    guest_show(&guest, view_pmp);
    for (enum access why = ACCESS_FETCH; why <= ACCESS_STORE; why++)
        guest_show(&guest, view_walk, draw_number(), why);
    snprintf(number, sizeof number, "%#" PRIx64, draw_number());
    guest_show(&guest, view_explain, number);
    guest_show(&guest, view_explain, "mstatus");
}

START_TEST(no_state_of_a_guest_upsets_a_view)
{
    state = 0x9e3779b97f4a7c15 + (u64)_i;
    for (unsigned round = 0; round < TIMES; round++) {
        guest_open(&guest, isas[_i]);
        shake();
        ask_all();
        guest.view.json = true;
        ask_all();
        guest_show(&guest, why_print_hang, HANG_TRAPPED);
        guest_close(&guest);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {no_state_of_a_guest_upsets_a_view};

    return SUITE_RUN("view_hostile", tests, 2);
}
