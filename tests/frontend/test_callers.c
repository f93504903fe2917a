/* Who called whom, across a trap: frames as the compiler makes them, and the registers of a program
 * as Linux saves them. RV64 and (case 1) RV32. */
#include "frontend/callers.h"

#include "tests/frontend/paged_guest.h"
#include "tests/suite.h"

#define STACK ((paddr)0x80001000) /* in the page behind the code */
#define SAVED (STACK + 0x800)     /* the registers */
#define USER  0x10000u

static const char *const isas[] = {"max", "max32"};
static struct paged_guest guest;
static struct symbols *symbols;
static struct caller places[16];

/* A frame whose s0 is at. */
static void put_frame(paddr at, u64 back, u64 next)
{
    unsigned width = guest.hart->xlen / 8;

    guest_write(&guest, at - width, back, width);
    guest_write(&guest, at - 2 * width, next, width);
}

static void put_saved(unsigned word, u64 value)
{
    unsigned width = guest.hart->xlen / 8;

    guest_write(&guest, SAVED + word * width, value, width);
}

/* ksys_write, called by do_trap_ecall_u, called by the handler. */
static void begin(int width)
{
    static const char *const names[] = {"ksys_write", "do_trap_ecall_u", "handle_exception",
                                        "interrupted"};

    guest_open(&guest, isas[width]);
    guest_map(&guest, STACK, STACK, 0, GUEST_ALL);
    symbols = symbols_create();
    for (unsigned i = 0; i < 4; i++)
        symbols_add(symbols, names[i], GUEST_BASE + 0x100 * i, 0x100, 0);
    symbols_sort(symbols);
    guest.view.symbols = symbols;
    guest.hart->pc = GUEST_BASE + 0x20;
    guest.hart->x[8] = STACK + 0x400;
    put_frame(STACK + 0x400, GUEST_BASE + 0x120, SAVED);
}

static void end(void)
{
    symbols_destroy(symbols);
    guest_close(&guest);
}

START_TEST(below_a_system_call_is_the_program)
{
    begin(_i);
    put_frame(SAVED, GUEST_BASE + 0x240, 0x55555555); /* the program's own s0 */
    put_saved(0, USER);
    put_saved(8, 0x55555555);
    put_saved(32, 0); /* SPP: U */
    put_saved(34, 8);
    ck_assert_uint_eq(callers_find(&guest.view, places, 16), 4);
    ck_assert_uint_eq(places[1].at, GUEST_BASE + 0x120);
    ck_assert_uint_eq(places[2].at, GUEST_BASE + 0x240);
    ck_assert(!places[2].is_trapped);
    ck_assert_uint_eq(places[3].at, USER);
    ck_assert(places[3].is_trapped && places[3].is_user);
    ck_assert_uint_eq(places[3].cause, 8);
    guest_show(&guest, view_callers);
    guest_check(&guest, "handle_exception+0x40\n    -- trap from U-mode: environment call from U-mode\n#3 ");
    end();
}
END_TEST

START_TEST(below_an_interrupt_is_the_function_that_it_came_in)
{
    begin(_i);
    put_frame(SAVED, GUEST_BASE + 0x240, STACK + 0xa00);
    put_saved(0, GUEST_BASE + 0x310);
    put_saved(8, STACK + 0xa00);
    put_saved(32, MSTATUS_SPP);
    put_saved(34, (u64)1 << (guest.hart->xlen - 1) | 5);
    put_frame(STACK + 0xa00, GUEST_BASE + 0x30, 0);
    ck_assert_uint_eq(callers_find(&guest.view, places, 16), 4);
    ck_assert_uint_eq(places[3].at, GUEST_BASE + 0x310);
    ck_assert(places[3].is_trapped && !places[3].is_user);
    guest_show(&guest, view_callers);
    guest_check(&guest, "    -- trap from S-mode: supervisor timer interrupt\n#3 ");
    end();
}
END_TEST

/* At the handler's first instruction nothing is saved yet: the registers say it. */
START_TEST(at_the_handler_the_registers_say_who_was_interrupted)
{
    begin(_i);
    guest.hart->pc = GUEST_BASE + 0x200;
    guest_poke(&guest, 0x141, USER + 2);
    guest_poke(&guest, 0x142, 8);
    ck_assert_uint_eq(callers_find(&guest.view, places, 16), 2);
    ck_assert_uint_eq(places[1].at, USER + 2);
    ck_assert(places[1].is_user);
    end();
}
END_TEST

/* Frames may lead anywhere, and to themselves. */
START_TEST(frames_that_lie_come_to_an_end)
{
    static const u64 nexts[] = {0, 1, SAVED, STACK + 0x400, 0xfffffffffffffff8};

    for (unsigned i = 0; i < sizeof nexts / sizeof *nexts; i++) {
        begin(_i);
        put_frame(SAVED, GUEST_BASE + 0x240, nexts[i]);
        put_saved(0, GUEST_BASE + 0x240); /* the handler, interrupted by itself */
        put_saved(8, SAVED);
        put_saved(32, MSTATUS_SPP);
        ck_assert_uint_le(callers_find(&guest.view, places, 16), 16);
        put_frame(STACK + 0x400, GUEST_BASE + 0x120, nexts[i]);
        ck_assert_uint_le(callers_find(&guest.view, places, 16), 16);
        end();
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        below_a_system_call_is_the_program,
        below_an_interrupt_is_the_function_that_it_came_in,
        at_the_handler_the_registers_say_who_was_interrupted,
        frames_that_lie_come_to_an_end,
    };

    return SUITE_RUN("frontend/callers", tests, 2);
}
