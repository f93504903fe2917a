/* Diagnoses of `why`: guests that get nowhere, and handlers that cannot run. */
#include "frontend/why_parts.h"

#include "devices/hang.h"
#include "devices/plic.h"
#include "frontend/view_paging.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CAUSE_OF(name) (WITNESS_INTERRUPT + IRQ_##name)

static const struct write_seen *tvec_of(const struct question *question, u8 to)
{
    return to == PRIV_S ? &question->witness->stvec : &question->witness->mtvec;
}

static const char *tvec_name(u8 to)
{
    return to == PRIV_S ? "stvec" : "mtvec";
}

static unsigned last_kind(const struct question *question)
{
    return why_kind_of(question->witness, question->last);
}

/* The first instruction of the handler cannot be fetched, or is none. */
static bool is_at_handler(const struct question *question)
{
    unsigned kind;

    if (!question->last || !question->is_unfinished)
        return false;
    kind = last_kind(question);
    return (kind == CAUSE_FETCH_ACCESS || kind == CAUSE_FETCH_PAGE || kind == CAUSE_ILLEGAL) &&
           question->last->pc == question->last->handler;
}

static bool lost_its_low_bits(const struct question *question)
{
    const struct write_seen *tvec;

    if (!question->last)
        return false;
    tvec = tvec_of(question, question->trap->to);
    return question->is_unfinished && tvec->any && tvec->written & 2 &&
           question->trap->handler == tvec->kept;
}

static void say_low_bits(const struct question *question)
{
    u8 to = question->trap->to;
    const struct write_seen *tvec = tvec_of(question, to);
    char place[WHY_TEXT], writer[WHY_TEXT];

    fprintf(question->out,
            "The handler is misaligned: %s, written at %s, got %s, but its two lowest bits are the "
            "mode, so traps go to %#" PRIx64 ", %" PRIu64 " bytes before it; align the handler to "
            "4 bytes.",
            tvec_name(to), why_place(question, tvec->pc, writer),
            why_place(question, tvec->written, place), tvec->kept, tvec->written - tvec->kept);
}

static bool has_no_handler(const struct question *question)
{
    return is_at_handler(question) && question->last->handler < PAGE_SIZE &&
           !tvec_of(question, question->last->to)->any;
}

/* A program for S-mode that was started without the firmware that it calls. */
static bool has_no_firmware(const struct question *question)
{
    return has_no_handler(question) && question->origin &&
           why_kind_of(question->witness, question->origin) == CAUSE_ECALL_M;
}

static void say_no_firmware(const struct question *question)
{
    char place[WHY_TEXT];

    fprintf(
        question->out,
        "There is no firmware: the program runs in M-mode itself, and its `ecall` at %s, perhaps "
        "a call of the SBI, went to address 0, as mtvec was never set; --firmware default starts "
        "OpenSBI beneath it.",
        why_place(question, question->origin->pc, place));
}

static void say_no_handler(const struct question *question)
{
    const struct trap_seen *first = question->origin ? question->origin : question->last;
    bool is_interrupt = why_kind_of(question->witness, first) >= WITNESS_INTERRUPT;
    char place[WHY_TEXT];

    fprintf(question->out, "%s was never set: the %s at %s went to address 0, where no code is%s.",
            tvec_name(first->to), why_kind(why_kind_of(question->witness, first)),
            why_place(question, first->pc, place),
            is_interrupt ? ", since interrupts were enabled before there was a handler" : "");
}

static void say_bad_handler(const struct question *question)
{
    u8 to = question->last->to;
    const struct write_seen *tvec = tvec_of(question, to);
    char place[WHY_TEXT], writer[WHY_TEXT];

    fprintf(question->out, "The handler cannot run: %s leads to %s, where there is %s",
            tvec_name(to), why_place(question, question->last->handler, place),
            last_kind(question) == CAUSE_ILLEGAL ? "no valid instruction"
                                                 : "nothing that can be executed");
    if (tvec->any)
        fprintf(question->out, " (%s was written at %s)", tvec_name(to),
                why_place(question, tvec->pc, writer));
    fputs(".", question->out);
}

/* ecall and ebreak: xepc is the instruction itself. */
static bool repeats_a_call(const struct question *question)
{
    unsigned kind;

    if (!question->last || !question->is_repeated)
        return false;
    kind = last_kind(question);
    return kind == CAUSE_BREAKPOINT || (kind >= CAUSE_ECALL_U && kind <= CAUSE_ECALL_M);
}

static void say_call(const struct question *question)
{
    const char *epc = question->last->to == PRIV_S ? "sepc" : "mepc";
    char insn[WHY_TEXT], place[WHY_TEXT], handler[WHY_TEXT];

    fprintf(question->out,
            "%s was not advanced: the handler at %s returns to the %s at %s itself, which is then "
            "executed again and again; add its length to %s before the return.",
            epc, why_place(question, question->last->handler, handler),
            why_insn(question, question->last, insn),
            why_place(question, question->last->pc, place), epc);
}

static bool repeats_a_timer(const struct question *question)
{
    return question->last && question->is_repeated &&
           (last_kind(question) == CAUSE_OF(MTI) || last_kind(question) == CAUSE_OF(STI));
}

static void say_timer(const struct question *question)
{
    bool is_machine = last_kind(question) == CAUSE_OF(MTI);
    char place[WHY_TEXT];

    fprintf(question->out,
            "The timer was not rearmed: the %s comes again and again at %s, because the handler at "
            "%#" PRIx64 " returns without moving %s into the future.",
            why_kind(last_kind(question)), why_place(question, question->last->pc, place),
            question->last->handler, is_machine ? "mtimecmp" : "stimecmp (or asking the firmware)");
}

static bool repeats_an_interrupt(const struct question *question)
{
    return question->last && question->is_repeated && last_kind(question) >= WITNESS_INTERRUPT;
}

static void say_interrupt(const struct question *question)
{
    const struct device *plic = machine_device(question->view->machine, plic_type.name, 0);
    unsigned kind = last_kind(question);
    bool is_external = kind == CAUSE_OF(MEI) || kind == CAUSE_OF(SEI);
    unsigned context = 2 * question->hart->id + (kind == CAUSE_OF(SEI));
    char place[WHY_TEXT];

    fprintf(question->out,
            "The %s comes again and again at %s, because the handler does not take "
            "its reason away",
            why_kind(kind), why_place(question, question->last->pc, place));
    if (is_external && plic && plic_waiting(plic, context))
        fprintf(question->out, ": source %u of the PLIC waits to be claimed",
                plic_waiting(plic, context));
    else if (!is_external)
        fputs(": its bit in mip stays 1", question->out);
    fputs(".", question->out);
}

/* A source that was claimed and never completed, seen outside every handler. */
static unsigned find_claimed(const struct question *question)
{
    const struct device *plic = machine_device(question->view->machine, plic_type.name, 0);

    for (unsigned source = 1; plic && source < PLIC_SOURCES; source++)
        if (plic_is_claimed(plic, source))
            return source;
    return 0;
}

static bool is_idle(const struct question *question)
{
    const struct machine *machine = question->view->machine;

    for (unsigned i = 0; i < machine->config.harts; i++)
        if (!machine->harts[i]->waiting)
            return false;
    return true;
}

static bool has_claimed(const struct question *question)
{
    return !question->is_unfinished && is_idle(question) && find_claimed(question);
}

static void say_claimed(const struct question *question)
{
    const struct board *board = question->view->machine->config.board;
    unsigned source = find_claimed(question);
    const char *name = "a device";

    for (unsigned i = 0; i < board->slot_count; i++)
        if (board->slots[i].irq == source)
            name = board->slots[i].type->name;
    fprintf(
        question->out,
        "An interrupt was never completed: source %u of the PLIC (%s) was claimed, and until %u "
        "is written back to the claim register, no other comes from it; the guest waits in WFI.",
        source, name, source);
}

static bool waits_for_nothing(const struct question *question)
{
    /* Every deadline has been seen by whoever called this a hang; here, only what is enabled. */
    return is_idle(question) && !question->hart->mie;
}

static void say_nothing_enabled(const struct question *question)
{
    char place[WHY_TEXT];

    fprintf(
        question->out,
        "No interrupt is enabled: the hart waits in WFI before %s, and mie is 0, so nothing can "
        "wake it.",
        why_place(question, question->hart->pc, place));
}

static bool waits_in_vain(const struct question *question)
{
    return is_idle(question) && !question->is_unfinished &&
           !hang_can_end(question->view->machine, question->hart, CLOCK_NEVER) &&
           !(question->hart->mie & (IRQ_BIT(IRQ_MTI) | IRQ_BIT(IRQ_STI)));
}

static void say_in_vain(const struct question *question)
{
    char place[WHY_TEXT];

    fprintf(
        question->out,
        "The hart waits in WFI before %s for what cannot come: of the interrupts enabled in mie "
        "(%#" PRIx64 "), no timer is one, and the PLIC lets no source through.",
        why_place(question, question->hart->pc, place), question->hart->mie);
}

/* A translation that was changed behind the TLB's back. A fault that nobody has got over comes
 * first. */
static bool find_moved(const struct question *question, struct tlb_seen *moved)
{
    size_t count;
    struct tlb_seen *list = view_collect_tlb(question->view, &count);
    bool any = false;

    for (size_t i = 0; i < count && !any; i++) {
        any = list[i].is_moved;
        *moved = list[i];
    }
    free(list);
    return any;
}

static bool is_stale(const struct question *question)
{
    struct tlb_seen moved;

    if (question->last && question->is_unfinished && why_is_mistake(question->kind))
        return false;
    return find_moved(question, &moved);
}

static void say_stale(const struct question *question)
{
    struct tlb_seen moved = {.va = 0};
    char place[WHY_TEXT];

    find_moved(question, &moved);
    fprintf(question->out,
            "sfence.vma is missing: the page of %s was given another place in the page table, but "
            "the TLB still leads to the old one, %#" PRIx64 ".",
            why_place(question, moved.va, place), moved.pa);
}

const struct diagnosis why_hangs[] = {
    {lost_its_low_bits, say_low_bits},
    {repeats_a_call, say_call},
    {repeats_a_timer, say_timer},
    {repeats_an_interrupt, say_interrupt},
    {has_claimed, say_claimed},
    {is_stale, say_stale},
    {NULL, NULL},
};

const struct diagnosis why_handlers[] = {
    {has_no_firmware, say_no_firmware},
    {has_no_handler, say_no_handler},
    {is_at_handler, say_bad_handler},
    {NULL, NULL},
};

const struct diagnosis why_waits[] = {
    {waits_for_nothing, say_nothing_enabled},
    {waits_in_vain, say_in_vain},
    {NULL, NULL},
};
