/* Where QEMU and we may differ because the manual leaves it open, or because QEMU is wrong: one row
 * each, with the paragraph that decides. A row is about bits of CSRs, or it is a rule about what an
 * instruction did (rules.c). Where a row applies, it is counted, we follow QEMU, and the comparison
 * goes on. README.md has the same table for people. */
#ifndef TESTS_LOCKSTEP_ACCEPTED_H
#define TESTS_LOCKSTEP_ACCEPTED_H

#include "tests/lockstep/ours.h"

struct accepted_row {
    const char *name;
    u16 first, last;     /* CSR numbers; both 0: a rule */
    u64 open;            /* the bits that may differ */
    const char *decides; /* the manual's section, and what it says */
};
/* The first ACCEPTED_RULES rows are the rules, in this order. */
enum accepted_rule {
    RULE_FAILED_SC,
    RULE_WALK_FAULT,
    RULE_PRIORITY,
    RULE_ILLEGAL_TVAL,
    RULE_STALE_TVAL,
    RULE_AMO_ORDER,
    ACCEPTED_RULES
};
#define ACCEPTED_ROWS 40 /* at most */
const struct accepted_row *accepted_rows(unsigned *count);

/* An instruction of ours went well: bits that it read may be QEMU's to say. */
void accepted_read(struct ours *ours, const struct insn *insn, const struct theirs *theirs);
/* Our value of this CSR, with QEMU's in the bits that are open. */
u64 accepted_csr(struct ours *ours, enum stream_csr which, u64 mine, u64 theirs);

/* An instruction of ours trapped: does a rule say that QEMU may do otherwise? */
void rules_after_trap(struct ours *ours, const struct insn *insn, const struct theirs *theirs);
/* Takes an interrupt; the one that QEMU took, if that was due, too. */
void rules_interrupt(struct ours *ours, const struct theirs *theirs, u64 number);

#endif
