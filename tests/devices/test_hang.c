/* Guests that hang: what the machine tells, and when it keeps quiet. */
#include "devices/hang.h"

#include "tests/cpu/assemble.h"
#include "tests/suite.h"

#include <string.h>

#define BASE    ((paddr)0x80000000)
#define HANDLER ((paddr)0x80001000)
#define LIMIT   2500000

static struct machine *machine;
static unsigned told;
static enum hang what;

static void hung(void *context, unsigned hart, enum hang kind)
{
    ck_assert_ptr_eq(context, machine);
    ck_assert_uint_eq(hart, 0);
    told++;
    what = kind;
}

static void put(paddr at, const u32 *code, size_t size)
{
    memcpy(ram_writable(&machine->ram, at, size), code, size);
}

/* A machine with this code, and its handler, on either engine. */
static void open_machine(int engine, const u32 *code, size_t size, const u32 *handler,
                         size_t handler_size)
{
    struct machine_config config = {.board = &board_virt,
                                    .ram_size = 1 << 20,
                                    .harts = 1,
                                    .clock = CLOCK_VIRTUAL,
                                    .engine = engine ? ENGINE_FAST : ENGINE_PLAIN};
    struct host host = {.context = NULL};
    char message[256];

    told = 0;
    ck_assert(isa_parse("max", &config.isa, message, sizeof message));
    machine = machine_create(&config, &host, message, sizeof message);
    ck_assert_msg(machine, "%s", message);
    machine_reset(machine);
    machine->listener = (struct machine_listener){machine, hung};
    put(BASE, code, size);
    put(HANDLER, handler, handler_size);
    machine->harts[0]->pc = BASE;
    machine->harts[0]->mtvec = HANDLER;
    machine->harts[0]->x[2] = 0x40000000;
}

#define OPEN(engine, code, handler)                                                                \
    open_machine(engine, code, sizeof(code), handler, sizeof(handler))

START_TEST(a_handler_that_returns_to_its_trap_is_told_once)
{
    const u32 code[] = {insn_ecall()}, handler[] = {insn_mret()};

    OPEN(_i, code, handler);
    machine_run(machine, LIMIT);
    ck_assert_uint_eq(told, 1);
    ck_assert_int_eq(what, HANG_TRAPPED);
    ck_assert_uint_eq(clock_steps(&machine->clock), LIMIT); /* it goes on */
    machine_destroy(machine);
}
END_TEST

START_TEST(a_handler_that_faults_itself_is_told)
{
    const u32 code[] = {insn_ecall()}, handler[] = {insn_addi(2, 2, -16), insn_sd(1, 2, 0)};

    OPEN(_i, code, handler);
    machine_run(machine, LIMIT);
    ck_assert_uint_eq(told, 1);
    ck_assert_int_eq(what, HANG_TRAPPED);
    machine_destroy(machine);
}
END_TEST

START_TEST(a_program_that_makes_many_calls_is_not)
{
    const u32 code[] = {insn_ecall(), insn_jal(0, -4)};
    const u32 handler[] = {insn_csrrs(10, 0x341, 0), insn_addi(10, 10, 4), insn_csrrw(0, 0x341, 10),
                           insn_mret()};

    OPEN(_i, code, handler);
    machine_run(machine, LIMIT);
    ck_assert_uint_eq(told, 0);
    machine_destroy(machine);
}
END_TEST

START_TEST(wfi_that_nothing_can_end_is_told)
{
    const u32 code[] = {insn_wfi(), insn_jal(0, -4)}, handler[] = {insn_mret()};

    OPEN(_i, code, handler);
    machine->harts[0]->mie =
        IRQ_BIT(IRQ_MSI) | IRQ_BIT(IRQ_SEI); /* the PLIC lets nothing through */
    ck_assert_int_eq(machine_run(machine, LIMIT), STOP_HUNG);
    ck_assert_uint_eq(told, 1);
    ck_assert_int_eq(what, HANG_WAITING);
    machine_destroy(machine);
}
END_TEST

START_TEST(wfi_before_a_deadline_is_not)
{
    const u32 code[] = {insn_wfi(), insn_jal(0, -4)}, handler[] = {insn_wfi(), insn_jal(0, -4)};

    OPEN(_i, code, handler);
    machine->harts[0]->mie = IRQ_BIT(IRQ_STI);
    machine->harts[0]->menvcfg = ENVCFG_STCE;
    machine->harts[0]->stimecmp = 1000;
    machine_run(machine, 1);
    ck_assert_uint_eq(told, 0);
    ck_assert(hang_can_end(machine, machine->harts[0], 1000));
    ck_assert(!hang_can_end(machine, machine->harts[0], CLOCK_NEVER));
    machine_destroy(machine);
}
END_TEST

START_TEST(wfi_for_a_device_is_not)
{
    const u32 code[] = {insn_wfi(), insn_jal(0, -4)}, handler[] = {insn_mret()};
    const paddr plic = 0x0c000000;

    OPEN(_i, code, handler);
    machine->harts[0]->mie = IRQ_BIT(IRQ_MEI);
    ck_assert(!hang_can_end(machine, machine->harts[0], CLOCK_NEVER));
    ck_assert(bus_write(&machine->bus, plic + 40, 4, 1));
    ck_assert(bus_write(&machine->bus, plic + 0x2000, 4, 1 << 10));
    ck_assert(hang_can_end(machine, machine->harts[0], CLOCK_NEVER));
    ck_assert_int_eq(machine_run(machine, LIMIT), STOP_HUNG); /* nobody types here */
    ck_assert_uint_eq(told, 0);
    machine_destroy(machine);
}
END_TEST

START_TEST(a_reset_begins_a_new_life)
{
    const u32 code[] = {insn_ecall()}, handler[] = {insn_mret()};

    OPEN(_i, code, handler);
    machine_run(machine, LIMIT);
    machine_reset(machine);
    put(BASE, code, sizeof code);
    put(HANDLER, handler, sizeof handler);
    machine->harts[0]->pc = BASE;
    machine->harts[0]->mtvec = HANDLER;
    machine_run(machine, 2 * LIMIT);
    ck_assert_uint_eq(told, 2);
    machine_destroy(machine);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_handler_that_returns_to_its_trap_is_told_once,
        a_handler_that_faults_itself_is_told,
        a_program_that_makes_many_calls_is_not,
        wfi_that_nothing_can_end_is_told,
        wfi_before_a_deadline_is_not,
        wfi_for_a_device_is_not,
        a_reset_begins_a_new_life,
    };
    return SUITE_RUN("hang", tests, 2);
}
