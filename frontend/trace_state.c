/* What a trace's file need not say, since both ends can work it out (see trace_file.h). */
#include "frontend/trace_file.h"

#include <string.h>

#define FLOATS 32u

void trace_state_init(struct trace_state *state, const struct isa *isa)
{
    memset(state, 0, sizeof(*state));
    decoder_init(&state->decoder, isa);
}

struct trace_memo *trace_memo(struct trace_state *state, vaddr pc)
{
    return &state->memo[(pc >> 1 ^ pc >> 13) % TRACE_MEMO];
}

/* Those that begin a step; the others say more about the same one. */
static bool begins_step(enum trace_kind kind)
{
    return kind == TRACE_INSN || kind == TRACE_EXCEPTION || kind == TRACE_INTERRUPT;
}

u64 trace_expected_step(const struct trace_state *state, enum trace_kind kind)
{
    return state->step + begins_step(kind);
}

vaddr trace_expected_pc(const struct trace_state *state, unsigned hart, enum trace_kind kind)
{
    return begins_step(kind) || kind == TRACE_RETURN ? state->harts[hart].next
                                                     : state->harts[hart].pc;
}

static unsigned register_index(unsigned written)
{
    if (written == DEBUG_REGISTERS)
        return 64;
    return written < DEBUG_PC ? written : FLOATS + written - DEBUG_F;
}

unsigned trace_expected_register(struct trace_state *state, u32 bits)
{
    struct insn insn = decode(&state->decoder, bits);

    return register_index(trace_written(&insn));
}

bool trace_expected_access(struct trace_state *state, unsigned number, struct trace_event *event)
{
    const struct trace_hart *hart = &state->harts[number];
    enum trace_access access;
    unsigned count, value;

    if (!hart->last || hart->last->pc != hart->pc)
        return false;
    struct insn insn = decode(&state->decoder, hart->last->bits);
    if (!trace_accesses(&insn, &access, &event->size))
        return false;
    event->access = (u8)access;
    event->at = trace_address(&insn, hart->base);
    value = access == TRACE_STORE ? insn.rs2 : insn.rd;
    event->value =
        hart->registers[value + (IS_FLOAT(isa_rows(&count)[insn.row].need) ? FLOATS : 0)];
    if (event->size < 8)
        event->value &= ((u64)1 << 8 * event->size) - 1;
    return true;
}

static void note_insn(struct trace_state *state, struct trace_hart *hart,
                      const struct trace_event *event)
{
    struct insn insn = decode(&state->decoder, event->bits);
    unsigned written = register_index(trace_written(&insn));
    struct trace_memo *memo = trace_memo(state, event->pc);

    if (memo->pc != event->pc || memo->bits != event->bits)
        *memo = (struct trace_memo){event->pc, event->pc + insn.length, event->bits};
    hart->last = memo;
    hart->base = hart->registers[insn.rs1];
    if (written < 64)
        hart->registers[written] = event->value;
    hart->next = memo->next;
}

void trace_state_note(struct trace_state *state, const struct trace_event *event)
{
    struct trace_hart *hart = &state->harts[event->hart];

    if (begins_step(event->kind)) {
        if (hart->last && hart->last->pc == hart->pc) /* where it led this time, it may again */
            hart->last->next = event->pc;
        hart->last = NULL;
    }
    if (event->kind == TRACE_INSN)
        note_insn(state, hart, event);
    if (event->kind == TRACE_EXCEPTION || event->kind == TRACE_INTERRUPT)
        hart->next = hart->to = event->to;
    if (event->kind == TRACE_MEMORY) {
        hart->at = event->at;
        hart->value = event->value;
    }
    if (event->kind == TRACE_DEVICE)
        state->device_at = event->at;
    if (event->kind == TRACE_SBI || event->kind == TRACE_SYSCALL)
        hart->next = event->pc + 4;
    hart->pc = event->pc;
    state->hart = event->hart;
    state->step = event->step;
    state->count++;
}
