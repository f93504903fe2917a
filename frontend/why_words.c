/* The words of `why`: names of traps, instructions and places in sentences ("Machine Cause (mcause)
 * Register"). */
#include "frontend/why_parts.h"

#include "cpu/disasm.h"
#include "cpu/translate.h"

#include <inttypes.h>
#include <string.h>

static const char *const kinds[WITNESS_KINDS] = {
    [CAUSE_MISALIGNED_FETCH] = "instruction address misaligned",
    [CAUSE_FETCH_ACCESS] = "instruction access fault",
    [CAUSE_ILLEGAL] = "illegal instruction",
    [CAUSE_BREAKPOINT] = "breakpoint",
    [CAUSE_MISALIGNED_LOAD] = "load address misaligned",
    [CAUSE_LOAD_ACCESS] = "load access fault",
    [CAUSE_MISALIGNED_STORE] = "store address misaligned",
    [CAUSE_STORE_ACCESS] = "store access fault",
    [CAUSE_ECALL_U] = "environment call from U-mode",
    [CAUSE_ECALL_S] = "environment call from S-mode",
    [CAUSE_ECALL_M] = "environment call from M-mode",
    [CAUSE_FETCH_PAGE] = "instruction page fault",
    [CAUSE_LOAD_PAGE] = "load page fault",
    [CAUSE_STORE_PAGE] = "store page fault",
    [WITNESS_INTERRUPT + IRQ_SSI] = "supervisor software interrupt",
    [WITNESS_INTERRUPT + IRQ_MSI] = "machine software interrupt",
    [WITNESS_INTERRUPT + IRQ_STI] = "supervisor timer interrupt",
    [WITNESS_INTERRUPT + IRQ_MTI] = "machine timer interrupt",
    [WITNESS_INTERRUPT + IRQ_SEI] = "supervisor external interrupt",
    [WITNESS_INTERRUPT + IRQ_MEI] = "machine external interrupt",
    [WITNESS_INTERRUPT + IRQ_LCOFI] = "counter overflow interrupt",
};

const char *why_kind(unsigned kind)
{
    return kind < WITNESS_KINDS && kinds[kind] ? kinds[kind] : "reserved trap";
}

const char *view_exception(u64 number)
{
    return why_kind(number < WITNESS_INTERRUPT ? (unsigned)number : WITNESS_KINDS);
}

const char *view_interrupt(u64 number)
{
    return why_kind(number < WITNESS_INTERRUPT ? WITNESS_INTERRUPT + (unsigned)number
                                               : WITNESS_KINDS);
}

const char *why_a_kind(unsigned kind, char text[WHY_TEXT])
{
    const char *name = why_kind(kind);

    snprintf(text, WHY_TEXT, "%s %s", strchr("aeiou", *name) ? "an" : "a", name);
    return text;
}

unsigned why_kind_of(const struct witness *witness, const struct trap_seen *trap)
{
    return (unsigned)(trap - witness->traps) % WITNESS_NESTED;
}

bool why_is_mistake(unsigned kind)
{
    return kind < WITNESS_INTERRUPT && (kind < CAUSE_ECALL_U || kind > CAUSE_ECALL_M) &&
           kind != CAUSE_BREAKPOINT;
}

bool why_is_fault(unsigned kind, enum access *why)
{
    static const u8 causes[][2] = {[ACCESS_FETCH] = {CAUSE_FETCH_ACCESS, CAUSE_FETCH_PAGE},
                                   [ACCESS_LOAD] = {CAUSE_LOAD_ACCESS, CAUSE_LOAD_PAGE},
                                   [ACCESS_STORE] = {CAUSE_STORE_ACCESS, CAUSE_STORE_PAGE}};

    for (*why = ACCESS_FETCH; *why <= ACCESS_STORE; ++*why)
        if (kind == causes[*why][0] || kind == causes[*why][1])
            return true;
    return false;
}

const char *why_place(const struct question *question, vaddr at, char text[WHY_TEXT])
{
    const struct symbols *symbols = question->view->symbols;
    char name[VIEW_PLACE];
    u64 offset;

    if (symbols && symbols_find_name(symbols, at, &offset))
        snprintf(text, WHY_TEXT, "%s (%#" PRIx64 ")",
                 symbols_describe(symbols, at, name, sizeof name), at);
    else
        snprintf(text, WHY_TEXT, "%#" PRIx64, at);
    return text;
}

const char *why_what(const struct question *question, paddr at)
{
    const struct region *region = bus_find(question->hart->bus, at);

    return !region ? "nothing" : !strcmp(region->name, "ram") ? "RAM" : region->name;
}

const struct tlb *why_tables(const struct question *question, u8 from)
{
    const struct hart *hart = question->hart;
    enum tlb_mode mode = from == PRIV_M ? TLB_M : from == PRIV_S ? TLB_S : TLB_U;

    return &hart->tlb[TLB_IN_SPACE(mode, hart->space)];
}

struct walk why_walk(const struct question *question, u8 from, vaddr va, enum access why)
{
    struct walker walker = translate_walker(question->hart, why_tables(question, from));

    return page_walk(&walker, va, why);
}

static bool read_half(const struct question *question, u8 from, vaddr at, u16 *half)
{
    struct walk walk = why_walk(question, from, at, ACCESS_FETCH);
    const struct region *region = bus_find(question->hart->bus, walk.pa);

    if (walk.end != WALK_OK || !region || !region->host ||
        walk.pa + 2 - region->base > region->size)
        return false;
    memcpy(half, region->host + (walk.pa - region->base), 2);
    return true;
}

bool why_read_insn(const struct question *question, const struct trap_seen *trap, unsigned kind,
                   struct insn *insn)
{
    u16 low = 0, high = 0;
    u32 bits = (u32)trap->tval;

    /* An illegal instruction has been kept; anything else is still where it was, we hope. */
    if (kind != CAUSE_ILLEGAL) {
        if (!read_half(question, trap->from, trap->pc, &low) ||
            (is_wide(low) && !read_half(question, trap->from, trap->pc + 2, &high)))
            return false;
        bits = low | (u32)high << 16;
    }
    *insn = decode(question->hart->decoder, bits);
    return true;
}

const char *why_insn(const struct question *question, const struct trap_seen *trap,
                     char text[WHY_TEXT])
{
    struct insn insn;

    if (!why_read_insn(question, trap, why_kind_of(question->witness, trap), &insn))
        return strcpy(text, "an instruction that cannot be read");
    text[0] = '`';
    disasm(question->hart->decoder, &insn, trap->pc, DISASM_ABI, text + 1, WHY_TEXT - 2);
    if (insn.row == ROW_illegal)
        snprintf(text, WHY_TEXT, "the word `0x%0*x", insn.length * 2, insn.bits);
    return strcat(text, "`");
}

void why_say_who(const struct question *question, const struct trap_seen *trap)
{
    char text[WHY_TEXT], place[WHY_TEXT];

    fprintf(question->out, "%s at %s in %s-mode", why_insn(question, trap, text),
            why_place(question, trap->pc, place), view_privilege(trap->from));
}

void why_say_handler(const struct question *question, const struct trap_seen *trap, unsigned kind)
{
    unsigned number = kind % WITNESS_INTERRUPT;
    bool is_interrupt = kind >= WITNESS_INTERRUPT;
    const char *delegation = is_interrupt ? "mideleg" : "medeleg";
    char place[WHY_TEXT];

    fprintf(question->out, "It went to %s-mode", view_privilege(trap->to));
    if (trap->to == PRIV_S)
        fprintf(question->out, ", to which %s bit %u delegates it", delegation, number);
    else if (trap->from == PRIV_M)
        fputs(", where it came from", question->out);
    else
        fprintf(question->out, ", since %s bit %u does not delegate it", delegation, number);
    fprintf(question->out, "; the handler is at %s, from %s.\n",
            why_place(question, trap->handler, place), trap->to == PRIV_S ? "stvec" : "mtvec");
}
