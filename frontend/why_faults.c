/* Diagnoses of `why`: page faults and access faults, by what the walk or PMP said at that moment
 * ("Virtual Address Translation Process", "Physical Memory Protection"). */
#include "frontend/why_parts.h"

#include "cpu/pmp.h"
#include "frontend/walk_words.h"

#include <inttypes.h>
#include <string.h>

static const struct walk *walk_of(const struct question *question)
{
    return &question->fault->walk;
}

static bool ends(const struct question *question, enum walk_end end)
{
    return question->kind >= CAUSE_FETCH_PAGE && walk_of(question)->end == end;
}

/* "the store of 0x1000 by `sd a0, 0(a1)` at main+0x8 in S-mode" */
static void say_access(const struct question *question)
{
    char place[WHY_TEXT];

    if (question->why == ACCESS_FETCH)
        fprintf(question->out, "the fetch of %s in %s-mode",
                why_place(question, question->fault->va, place),
                view_privilege(question->trap->from));
    else {
        fprintf(question->out, "the %s of %s by ", access_words(question->why),
                why_place(question, question->fault->va, place));
        why_say_who(question, question->trap);
    }
}

static paddr last_entry(const struct question *question)
{
    const struct walk *walk = walk_of(question);

    return walk->step_count ? walk->steps[walk->step_count - 1].at : 0;
}

static u64 last_pte(const struct question *question)
{
    const struct walk *walk = walk_of(question);

    return walk->step_count ? walk->steps[walk->step_count - 1].pte : 0;
}

static bool jumps_to_null(const struct question *question)
{
    return question->why == ACCESS_FETCH && question->trap->pc < 16;
}

static void say_null_jump(const struct question *question)
{
    char place[WHY_TEXT];

    fprintf(question->out,
            "The program jumped to address %#" PRIx64 ", a null function pointer perhaps; ra says "
            "that it was called before %s.",
            question->trap->pc, why_place(question, question->fault->caller, place));
}

/* Below a mapped page that the stack pointer has left. */
static bool left_the_stack(const struct question *question)
{
    struct walk above;

    if (!question->has_insn || question->insn.rs1 != 2 || question->why == ACCESS_FETCH ||
        !(ends(question, WALK_INVALID) || question->fault->by == REFUSED_BY_THE_BUS))
        return false;
    above = why_walk(question, question->trap->from, (question->fault->va | PAGE_MASK) + 1,
                     question->why);
    return above.end == WALK_OK;
}

static void say_left_stack(const struct question *question)
{
    fputs("The stack has overflowed: ", question->out);
    say_access(question);
    fprintf(
        question->out,
        " lies in the page below the stack, which is not mapped (a guard page); the recursion is "
        "too deep or the stack too small.");
}

static bool root_is_an_address(const struct question *question)
{
    const struct fault_seen *fault = question->fault;
    const struct ram *ram = question->hart->bus->ram;

    return fault->by == REFUSED_BY_PTE && !fault->walk.step_count &&
           !ram_holds(ram, fault->root << PAGE_BITS, PAGE_SIZE) && ram_holds(ram, fault->root, 8);
}

static void say_root_address(const struct question *question)
{
    u64 root = question->fault->root;
    char writer[WHY_TEXT];

    fprintf(question->out,
            "satp holds the address of the root table, %#" PRIx64 ", instead of its page number "
            "(the address shifted right by 12, %#" PRIx64 ")",
            root, root >> PAGE_BITS);
    if (question->witness->satp.any)
        fprintf(question->out, "; it was written at %s",
                why_place(question, question->witness->satp.pc, writer));
    fprintf(question->out, ". So the walk looked for a table at %#" PRIx64 ", where there is %s.",
            root << PAGE_BITS, why_what(question, root << PAGE_BITS));
}

static bool is_pte_refused(const struct question *question)
{
    return question->fault->by == REFUSED_BY_PTE;
}

static void say_pte_refused(const struct question *question)
{
    fprintf(question->out,
            "The page table is unreachable: the walk for the %s of %#" PRIx64
            " wanted the entry at "
            "%#" PRIx64 ", where there is %s%s.",
            access_words(question->why), question->fault->va, question->fault->at,
            why_what(question, question->fault->at),
            ram_holds(question->hart->bus->ram, question->fault->at, 8)
                ? ", but PMP does not let S-mode at it"
                : "");
}

static bool has_no_pmp(const struct question *question)
{
    return question->fault->by == REFUSED_BY_PMP && question->fault->pmp == PMP_ENTRIES;
}

static void say_no_pmp(const struct question *question)
{
    bool is_off = !question->hart->pmp_active;

    fprintf(question->out, "%s, and then %s-mode may do nothing: ",
            is_off ? "No PMP entry is on" : "No PMP entry covers it",
            view_privilege(question->trap->from));
    say_access(question);
    fprintf(question->out,
            " was refused at %#" PRIx64 "; M-mode must set pmpaddr and pmpcfg first.",
            question->fault->at);
}

static bool is_pmp(const struct question *question)
{
    return question->fault->by == REFUSED_BY_PMP;
}

static void say_pmp(const struct question *question)
{
    static const char bits[] = {[ACCESS_FETCH] = 'X', [ACCESS_LOAD] = 'R', [ACCESS_STORE] = 'W'};
    static const u8 needed[] = {
        [ACCESS_FETCH] = PMP_X, [ACCESS_LOAD] = PMP_R, [ACCESS_STORE] = PMP_W};
    unsigned entry = question->fault->pmp;

    fprintf(question->out, "PMP entry %u (%#" PRIx64 " to %#" PRIx64 ") refuses ", entry,
            question->hart->pmp[entry].low, question->hart->pmp[entry].high);
    say_access(question);
    if (question->hart->mseccfg & MSECCFG_MML)
        fputs(": mseccfg.MML is 1, and then its bits L, R, W and X mean something else.",
              question->out);
    else if (question->hart->pmpcfg[entry] & needed[question->why])
        fputs(": the access reaches beyond the entry.", question->out);
    else
        fprintf(question->out, ": its %c bit is 0.", bits[question->why]);
}

static bool is_bus(const struct question *question)
{
    return question->fault->by == REFUSED_BY_THE_BUS && question->kind < CAUSE_FETCH_PAGE;
}

static void say_bus(const struct question *question)
{
    const struct region *region = bus_find(question->hart->bus, question->fault->at);

    if (!region)
        fprintf(question->out, "Nothing is at physical address %#" PRIx64 ": ",
                question->fault->at);
    else
        fprintf(question->out,
                "The %s at %#" PRIx64 " does not take such an access: ", region->name,
                question->fault->at);
    say_access(question);
    fputs(" failed.", question->out);
}

static bool executes_user_page(const struct question *question)
{
    return ends(question, WALK_IS_USER) && question->why == ACCESS_FETCH;
}

static void say_user_page(const struct question *question)
{
    char place[WHY_TEXT], from[WHY_TEXT];

    fprintf(question->out,
            "S-mode never executes a page with U = 1, and %s has it: code of U-mode was entered in "
            "S-mode, by the return at %s (sstatus.SPP, or MPP before mret, must be 0 there).",
            why_place(question, question->fault->va, place),
            why_place(question, question->hart->edge.returned_from, from));
}

static bool lacks_sum(const struct question *question)
{
    return ends(question, WALK_IS_USER);
}

static void say_sum(const struct question *question)
{
    fputs("sstatus.SUM is 0, so S-mode may not touch pages of U-mode: ", question->out);
    say_access(question);
    fprintf(question->out, " met a page with U = 1 (its entry is at %#" PRIx64 ").",
            last_entry(question));
}

static bool lacks_user(const struct question *question)
{
    return ends(question, WALK_NOT_USER);
}

static void say_user(const struct question *question)
{
    fprintf(question->out, "The PTE at %#" PRIx64 " lacks U: ", last_entry(question));
    say_access(question);
    fputs(" met a page that is not for U-mode.", question->out);
}

static bool lacks_accessed(const struct question *question)
{
    return ends(question, WALK_NOT_ACCESSED) || ends(question, WALK_NOT_DIRTY);
}

static void say_accessed(const struct question *question)
{
    bool is_dirty = walk_of(question)->end == WALK_NOT_DIRTY;

    fprintf(question->out,
            "The PTE at %#" PRIx64 " has %s = 0: this processor does not set it unless "
            "menvcfg.ADUE is 1 (Svadu), so ",
            last_entry(question), is_dirty ? "D" : "A");
    say_access(question);
    fputs(" faulted; set A (and D for pages to be written) in the entry.", question->out);
}

static bool writes_without_read(const struct question *question)
{
    return ends(question, WALK_RESERVED) && (last_pte(question) & (PTE_R | PTE_W)) == PTE_W;
}

static void say_write_without_read(const struct question *question)
{
    fprintf(question->out,
            "The PTE at %#" PRIx64 " has W without R, a combination that is reserved: ",
            last_entry(question));
    say_access(question);
    fputs(" faulted, whatever its other bits; set R, too.", question->out);
}

static bool has_reserved(const struct question *question)
{
    return ends(question, WALK_RESERVED);
}

static void say_reserved(const struct question *question)
{
    u64 pte = last_pte(question);

    fprintf(question->out, "The PTE at %#" PRIx64 " (%#" PRIx64 ") has %s: ", last_entry(question),
            pte,
            pte_is_leaf(pte) || pte >> 54 ? "reserved bits that are not 0"
                                          : "A, D or U in a pointer to a table (R, W and X are 0)");
    say_access(question);
    fputs(" faulted.", question->out);
}

static bool is_unmapped(const struct question *question)
{
    return ends(question, WALK_INVALID);
}

static void say_unmapped(const struct question *question)
{
    fprintf(question->out, "Nothing is mapped at %#" PRIx64 ": ", question->fault->va);
    say_access(question);
    fprintf(question->out, " ended at the PTE at %#" PRIx64 ", whose V is 0.",
            last_entry(question));
}

static bool is_refused_by_walk(const struct question *question)
{
    return question->fault->by == REFUSED_BY_WALK;
}

/* What remains: R, W, X, the form of the address or of the tables. */
static void say_walk_end(const struct question *question)
{
    const char *bit = walk_end_bit(walk_of(question)->end);

    if (bit)
        fprintf(question->out, "The PTE at %#" PRIx64 " has %s = 0: ", last_entry(question), bit);
    else
        fprintf(question->out,
                "The page walk failed (%s): ", walk_end_words(walk_of(question)->end));
    say_access(question);
    fputs(bit ? " needs it." : " faulted.", question->out);
}

const struct diagnosis why_roots[] = {
    {root_is_an_address, say_root_address},
    {is_pte_refused, say_pte_refused},
    {has_no_pmp, say_no_pmp},
    {NULL, NULL},
};

const struct diagnosis why_faults[] = {
    {jumps_to_null, say_null_jump},
    {left_the_stack, say_left_stack},
    {is_pmp, say_pmp},
    {is_bus, say_bus},
    {executes_user_page, say_user_page},
    {lacks_sum, say_sum},
    {lacks_user, say_user},
    {lacks_accessed, say_accessed},
    {writes_without_read, say_write_without_read},
    {has_reserved, say_reserved},
    {is_unmapped, say_unmapped},
    {is_refused_by_walk, say_walk_end},
    {NULL, NULL},
};
