/* The accepted differences (see accepted.h), as CSRs and bits of them: they count for the register
 * itself and for an instruction that reads it. */
#include "tests/lockstep/accepted.h"

#define ALL UINT64_MAX
#define COUNTERS                                                                                   \
    "\"Base Counters and Timers\": how fast they count is the implementation's choice; ours are "  \
    "tested in tests/cpu and roms/check/counters.S"
#define EVENTS                                                                                     \
    "\"Hardware Performance Monitor\": a legal implementation makes counter and event selector "   \
    "read-only zero"
#define PMPADDR                                                                                    \
    "\"Physical Memory Protection CSRs\": pmpaddr holds bits 55 to 2 of the address; on RV64 its " \
    "upper ten bits are zero. QEMU keeps what is written"
#define MIE                                                                                        \
    "\"Machine Interrupt Registers\": WARL for interrupts that never become pending; ours are "    \
    "zero"
#define MEDELEG                                                                                    \
    "\"Machine Trap Delegation Registers\": medeleg[11] is read-only zero, and so should be the "  \
    "bits of exceptions that cannot occur. QEMU keeps both"
#define EPC "\"Machine Exception Program Counter\": bit 0 is always zero. QEMU keeps it until mret"
#define TINFO                                                                                      \
    "\"Trigger Module Registers\" (Debug Specification): which types of trigger there are, and "   \
    "by "                                                                                          \
    "which version, is the implementation's choice"
#define PMPCFG                                                                                     \
    "\"Physical Memory Protection CSRs\": bits 6 and 5 of each pmpcfg are zero. QEMU keeps them"

static const struct accepted_row rows[] = {
    [RULE_FAILED_SC] = {"SC without reservation to a bad address", 0, 0, 0,
                        "\"Load-Reserved/Store-Conditional Instructions\": no SC retires unless it "
                        "passes permission checks. QEMU does not look at the address"},
    [RULE_WALK_FAULT] = {"page table where no memory is", 0, 0, 0,
                         "\"Virtual Address Translation Process\": an access fault of the original "
                         "access's kind. QEMU: a page fault"},
    [RULE_PRIORITY] = {"interrupt priority", 0, 0, 0,
                       "\"Machine Interrupt Registers\": MEI, MSI, MTI, SEI, SSI, STI. QEMU "
                       "without AIA: the lowest number"},
    [RULE_ILLEGAL_TVAL] = {"mtval of an illegal instruction", 0, 0, 0,
                           "\"Machine Trap Value Register\": the instruction's bits, or zero"},
    [RULE_STALE_TVAL] = {"mtval of an illegal mret or sret", 0, 0, 0,
                         "\"Machine Trap Value (mtval) Register\": zero, or the bits of that very "
                         "instruction. QEMU: those of one before it"},
    [RULE_AMO_ORDER] = {"AMO to a page that forbids the store and a PMP entry the load", 0, 0, 0,
                        "\"Machine Cause (mcause) Register\", synchronous exception priority: "
                        "what translation finds comes first, a page fault. QEMU with one hart: "
                        "an access fault"},
    {"cycle, time, instret", 0xc00, 0xc02, ALL, COUNTERS},
    {"their upper halves", 0xc80, 0xc82, ALL, COUNTERS},
    {"mcycle, minstret", 0xb00, 0xb02, ALL, COUNTERS},
    {"their upper halves", 0xb80, 0xb82, ALL, COUNTERS},
    {"hpmcounter", 0xc03, 0xc1f, ALL, EVENTS},
    {"hpmcounterh", 0xc83, 0xc9f, ALL, EVENTS},
    {"mhpmcounter", 0xb03, 0xb1f, ALL, EVENTS},
    {"mhpmcounterh", 0xb83, 0xb9f, ALL, EVENTS},
    {"mhpmevent", 0x323, 0x33f, ALL, EVENTS},
    {"mhpmeventh", 0x723, 0x73f, ALL, EVENTS},
    {"mcountinhibit[31:3]", 0x320, 0x320, ~(u64)7, EVENTS},
    {"pmpaddr[63:54]", 0x3b0, 0x3ef, ~(((u64)1 << 54) - 1), PMPADDR},
    {"pmpcfg reserved bits", 0x3a0, 0x3a3, 0x6060606060606060, PMPCFG},
    {"mie", 0x304, 0x304, ~(u64)0xaaa, MIE},
    {"sie", 0x104, 0x104, ~(u64)0x222, MIE},
    {"mip", 0x344, 0x344, ~(u64)0xaaa, MIE},
    {"sip", 0x144, 0x144, ~(u64)0x222, MIE},
    {"tinfo", 0x7a4, 0x7a4, ALL, TINFO},
    {"mepc[0]", 0x341, 0x341, 1, EPC},
    {"sepc[0]", 0x141, 0x141, 1, EPC},
    {"mideleg", 0x303, 0x303, ~(u64)0x222, MIE},
    {"medeleg", 0x302, 0x302, ~(u64)0xb3ff, MEDELEG},
};
_Static_assert(sizeof rows / sizeof rows[0] <= ACCEPTED_ROWS, "room for every count");

const struct accepted_row *accepted_rows(unsigned *count)
{
    *count = sizeof rows / sizeof rows[0];
    return rows;
}

/* What a CSR of ours counts for: its own value, but QEMU's in the bits that are open. */
static u64 accept(struct ours *ours, unsigned number, u64 mine, u64 theirs)
{
    for (unsigned i = 0; mine != theirs && i < sizeof rows / sizeof rows[0]; i++) {
        const struct accepted_row *row = &rows[i];
        if (number < row->first || number > row->last || !((mine ^ theirs) & row->open))
            continue;
        ours->accepted[i]++;
        mine = (mine & ~row->open) | (theirs & row->open);
    }
    return mine;
}

static bool is_csr_access(const struct insn *insn)
{
    return insn->length == 4 && (insn->bits & 0x7f) == 0x73 && (insn->bits >> 12 & 3) != 0;
}

void accepted_read(struct ours *ours, const struct insn *insn, const struct theirs *theirs)
{
    u64 *rd = &ours->hart->x[insn->rd];

    if (is_csr_access(insn) && insn->rd != 0)
        *rd = accept(ours, insn->bits >> 20, *rd, theirs->x[insn->rd]);
}

u64 accepted_csr(struct ours *ours, enum stream_csr which, u64 mine, u64 theirs)
{
    return accept(ours, ours->numbers[which], mine, theirs);
}
