/* `why` (see why.h): finds the trap that is to be explained, asks the tables of diagnoses in order,
 * and prints. A diagnosis is a row: when it holds, and its sentence. */
#include "frontend/why.h"

#include "cpu/disasm.h"
#include "cpu/pmp.h"
#include "frontend/walk_words.h"
#include "frontend/why_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define REPEATS 3 /* so often in succession is no accident: handlers mend a page in one or two */

/* The latest trap that came after a return, of those before this step. */
static const struct trap_seen *find_origin(const struct witness *witness, u64 before)
{
    const struct trap_seen *origin = NULL;

    for (unsigned i = 0; i < WITNESS_NESTED; i++) {
        const struct trap_seen *seen = &witness->traps[i];
        if (seen->count && seen->own_step < before &&
            (!origin || seen->own_step > origin->own_step))
            origin = seen;
    }
    return origin;
}

/* The fault as it was, or, if a later one has taken its place, as it would be now. */
static void find_fault(struct question *question)
{
    const struct trap_seen *trap = question->trap;
    bool is_page = question->kind >= CAUSE_FETCH_PAGE;
    const struct fault_seen *seen;

    if (question->kind >= WITNESS_INTERRUPT || !why_is_fault(question->kind, &question->why))
        return;
    seen = is_page ? &question->witness->page[question->why]
                   : &question->witness->access[question->why];
    question->fault = seen;
    if ((question->hart->xlen == 32 ? (u32)seen->va : seen->va) == trap->tval)
        return;
    question->again = *seen;
    question->again.va = trap->tval;
    question->again.walk = why_walk(question, trap->from, trap->tval, question->why);
    question->again.at = question->again.walk.pa;
    question->again.pmp = (u8)pmp_find(question->hart, question->again.at, 1);
    question->fault = &question->again;
}

static void ask(struct question *question, struct view *view, FILE *out)
{
    struct hart *hart = view_hart(view);
    const struct witness *witness = &hart->witness;

    *question = (struct question){.view = view,
                                  .hart = hart,
                                  .witness = witness,
                                  .out = out,
                                  .last = witness_last(witness),
                                  .is_unfinished = hart->edge.nested != 0};
    question->trap = question->last;
    if (!question->last)
        return;
    question->is_repeated = question->last->repeats >= REPEATS;
    if (question->last - witness->traps >= (ptrdiff_t)WITNESS_NESTED) {
        question->origin = find_origin(witness, question->last->own_step);
        if (question->origin && why_is_mistake(why_kind_of(witness, question->origin)))
            question->trap = question->origin;
    }
    question->kind = why_kind_of(witness, question->trap);
    question->has_insn = why_read_insn(question, question->trap, question->kind, &question->insn);
    find_fault(question);
}

static bool say_first(const struct question *question, const struct diagnosis *rows)
{
    for (; rows->holds; rows++) {
        if (rows->holds(question)) {
            rows->say(question);
            return true;
        }
    }
    return false;
}

/* A mistake whose handler has not returned: what comes after it is its consequence. */
static bool is_mistake_open(const struct question *question)
{
    return question->trap && question->is_unfinished && why_is_mistake(question->kind);
}

/* The cause: one sentence, without a line's end. */
static void say_cause(const struct question *question)
{
    char kind[WHY_TEXT], place[WHY_TEXT];

    if (say_first(question, why_hangs))
        return;
    if (!is_mistake_open(question) && say_first(question, why_waits))
        return;
    if (!question->trap) {
        fputs("Nothing has trapped since the reset.", question->out);
        return;
    }
    if ((question->fault && say_first(question, why_roots)) || say_first(question, why_handlers) ||
        (question->fault && say_first(question, why_faults)) || say_first(question, why_insns))
        return;
    if (why_say_linux(question))
        return;
    why_a_kind(question->kind, kind);
    if (question->kind >= WITNESS_INTERRUPT)
        fprintf(question->out, "Nothing looks wrong; the last trap was %s at %s in %s-mode.", kind,
                why_place(question, question->trap->pc, place),
                view_privilege(question->trap->from));
    else {
        fputs("Nothing looks wrong; the last trap was ", question->out);
        fprintf(question->out, "%s by ", kind);
        why_say_who(question, question->trap);
        fputs(".", question->out);
    }
}

static void say_walk(const struct question *question)
{
    const struct fault_seen *fault = question->fault;
    unsigned count = fault->walk.step_count;
    char bits[PTE_BITS];

    if (!count)
        return;
    fprintf(question->out,
            "The %s walk from the root table at %#" PRIx64 " read %u %s; the last, of level %u at "
            "%#" PRIx64 ", is %#" PRIx64 " (%s): %s.\n",
            paging_shape((enum paging_mode)fault->mode)->name, fault->root << PAGE_BITS, count,
            count == 1 ? "entry" : "entries", fault->walk.steps[count - 1].level,
            fault->walk.steps[count - 1].at, fault->walk.steps[count - 1].pte,
            pte_bits_words(fault->walk.steps[count - 1].pte, bits),
            walk_end_words(fault->walk.end));
}

/* One trap in full. */
static void say_trap(const struct question *question)
{
    const struct trap_seen *trap = question->trap;
    char kind[WHY_TEXT], place[WHY_TEXT];

    fprintf(question->out, "At step %" PRIu64 " ", trap_step(trap));
    if (question->view->machine->config.harts > 1)
        fprintf(question->out, "on hart %u ", question->view->hart);
    why_a_kind(question->kind, kind);
    if (question->kind >= WITNESS_INTERRUPT) {
        fprintf(question->out, "%s came before the instruction at %s in %s-mode.\n", kind,
                why_place(question, trap->pc, place), view_privilege(trap->from));
    } else if (question->fault && question->why == ACCESS_FETCH) {
        fprintf(question->out, "the fetch at %s in %s-mode raised %s.\n",
                why_place(question, trap->tval, place), view_privilege(trap->from), kind);
    } else {
        why_say_who(question, trap);
        fprintf(question->out, " raised %s", kind);
        if (question->fault)
            fprintf(question->out, " for the %s of %#" PRIx64, access_words(question->why),
                    trap->tval);
        fputs(".\n", question->out);
    }
    if (question->fault)
        say_walk(question);
    why_say_handler(question, trap, question->kind);
    if (trap->repeats)
        fprintf(question->out, "It has come %u times in succession, with nothing between.\n",
                trap->repeats + 1);
}

static int compare_steps(const void *left, const void *right)
{
    const struct trap_seen *a = *(const struct trap_seen *const *)left;
    const struct trap_seen *b = *(const struct trap_seen *const *)right;

    return (a->own_step < b->own_step) - (a->own_step > b->own_step);
}

/* The last trap of each kind, latest first. Returns how many there are. */
static unsigned list_kinds(const struct witness *witness,
                           const struct trap_seen *list[WITNESS_TRAPS])
{
    unsigned count = 0;

    for (unsigned i = 0; i < WITNESS_TRAPS; i++)
        if (witness->traps[i].count)
            list[count++] = &witness->traps[i];
    qsort(list, count, sizeof *list, compare_steps);
    return count;
}

static void print_kinds(const struct question *question)
{
    const struct witness *witness = question->witness;
    const struct trap_seen *list[WITNESS_TRAPS];
    unsigned count = list_kinds(witness, list);

    fputs("The last trap of each kind, latest first:\n", question->out);
    for (unsigned i = 0; i < count; i++) {
        const struct trap_seen *seen = list[i];
        char place[WHY_TEXT];
        fprintf(question->out, "  step %12" PRIu64 "  %s-mode to %s-mode  %-30s  at %s",
                trap_step(seen), view_privilege(seen->from), view_privilege(seen->to),
                why_kind(why_kind_of(witness, seen)), why_place(question, seen->pc, place));
        if (seen->tval)
            fprintf(question->out, ", tval %#" PRIx64, seen->tval);
        fprintf(question->out, ", %" PRIu64 " such%s\n", seen->count,
                seen - witness->traps >= (ptrdiff_t)WITNESS_NESTED ? ", within a handler" : "");
    }
}

/* The cause as a text that the caller frees. */
static char *take_cause(struct question *question)
{
    FILE *before = question->out;
    char *text = NULL;
    size_t size;

    question->out = open_memstream(&text, &size);
    if (question->out) {
        say_cause(question);
        fclose(question->out);
    }
    question->out = before;
    return text;
}

static void print_json(struct question *question)
{
    const struct trap_seen *list[WITNESS_TRAPS];
    unsigned count = list_kinds(question->witness, list);
    struct json json = {.out = question->out};
    char *cause = take_cause(question);

    json_object(&json, NULL);
    json_number(&json, "hart", question->hart->id);
    json_text(&json, "cause", cause ? cause : "");
    json_array(&json, "traps");
    for (unsigned i = 0; i < count; i++) {
        char place[WHY_TEXT];
        json_object(&json, NULL);
        json_text(&json, "kind", why_kind(why_kind_of(question->witness, list[i])));
        json_number(&json, "step", trap_step(list[i]));
        json_hex(&json, "pc", list[i]->pc);
        json_text(&json, "place", why_place(question, list[i]->pc, place));
        json_hex(&json, "tval", list[i]->tval);
        json_text(&json, "from", view_privilege(list[i]->from));
        json_text(&json, "to", view_privilege(list[i]->to));
        json_hex(&json, "handler", list[i]->handler);
        json_number(&json, "count", list[i]->count);
        json_number(&json, "repeats", list[i]->repeats);
        json_truth(&json, "within_handler",
                   list[i] - question->witness->traps >= (ptrdiff_t)WITNESS_NESTED);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    fputc('\n', question->out);
    free(cause);
}

void view_why(struct view *view)
{
    struct question question;

    ask(&question, view, view->out);
    if (view->json) {
        print_json(&question);
        return;
    }
    say_cause(&question);
    fputc('\n', view->out);
    why_say_task(&question);
    if (!question.trap)
        return;
    say_trap(&question);
    print_kinds(&question);
}

void why_print_hang(struct view *view, enum hang what)
{
    struct question question;
    char *cause;

    ask(&question, view, view->out);
    cause = take_cause(&question);
    fprintf(view->out, "vitrine: %s (hart %u, step %" PRIu64 "). Why:\nvitrine: %s\n",
            what == HANG_WAITING ? "The guest waits for an interrupt that cannot come"
                                 : "The guest traps again and again and gets nowhere",
            view->hart, clock_steps(&view->machine->clock), cause ? cause : "");
    free(cause);
}
