/* A guest in S-mode that sets itself a breakpoint and a watchpoint, as Linux does for ptrace and
 * perf: it asks the firmware, since only M-mode reaches the trigger registers. (RISC-V SBI
 * specification: Debug Triggers extension; The RISC-V Debug Specification, Sdtrig.) */
#include "sbi.h"

enum { DBTR_COUNT = 0, DBTR_SHARE = 1, DBTR_INSTALL = 3, DBTR_UNINSTALL = 5 };
enum { BREAKPOINT = 3, ON_STORE = 2, ON_EXECUTE = 4, IN_S = 1 << 4, SIZE_32 = 3 << 16 };
#define TYPE_6 ((word)6 << (__riscv_xlen - 4))

/* What both sides read and write: one trigger. The firmware answers with its number in the first
 * word. */
static volatile struct {
    word state, tdata1, tdata2, tdata3;
} shared __attribute__((aligned(32)));

static volatile struct {
    word count, cause, pc, value;
    uint32_t watched; /* what was there when it was taken */
} seen;
static volatile uint32_t watched;
static volatile word called;

void console_put(char character)
{
    sbi_call(SBI_DBCN, DBCN_WRITE_BYTE, (uint8_t)character, 0);
}

/* Takes the trigger away, so that the instruction gets past this time. */
__attribute__((interrupt("supervisor"), aligned(4))) static void trap(void)
{
    seen.count++;
    seen.cause = CSR_READ(scause);
    seen.pc = CSR_READ(sepc);
    seen.value = CSR_READ(stval);
    seen.watched = watched;
    sbi_call(SBI_DBTR, DBTR_UNINSTALL, shared.state, 1);
}

static __attribute__((noinline)) void be_called(void)
{
    called++;
}

static void install(word what, word address)
{
    shared.state = 0;
    shared.tdata1 = TYPE_6 | IN_S | what;
    shared.tdata2 = address;
    shared.tdata3 = 0;
    expect(sbi_call(SBI_DBTR, DBTR_INSTALL, 1, 0).error == 0, "the trigger was refused\n");
}

static void break_on_call(void)
{
    install(ON_EXECUTE, (word)be_called);
    expect(called == 0, "it fired too early\n");
    be_called();
    expect(seen.count == 1 && seen.cause == BREAKPOINT, "no breakpoint\n");
    expect(seen.pc == (word)be_called && seen.value == seen.pc, "not where it should be\n");
    be_called();
    expect(seen.count == 1 && called == 2, "it fired again\n");
    print_text("breakpoint before the call, ");
}

static void break_on_store(void)
{
    watched = 1;
    install(ON_STORE | SIZE_32, (word)&watched);
    expect(watched == 1 && seen.count == 1, "a load is no store\n");
    watched = 2;
    expect(seen.count == 2 && seen.cause == BREAKPOINT, "no watchpoint\n");
    expect(seen.value == (word)&watched && seen.watched == 1, "not before the store\n");
    expect(watched == 2, "the store was lost\n");
    print_text("watchpoint before the store\n");
}

int main(word hart)
{
    struct sbi_result triggers;

    (void)hart;
    expect(has_extension(SBI_DBTR), "no debug trigger extension\n");
    triggers = sbi_call(SBI_DBTR, DBTR_COUNT, 0, 0);
    print_decimal((word)triggers.value);
    print_text(" triggers: ");
    expect(sbi_call(SBI_DBTR, DBTR_SHARE, (word)&shared, 0).error == 0, "no shared memory\n");
    CSR_WRITE(stvec, (word)trap);
    CSR_WRITE(sie, 0);
    CSR_SET(sstatus, 2); /* SIE: with it off S-mode counts as inside its handler, and none fires */
    break_on_call();
    break_on_store();
    power_off(0);
}
