/* Records which straight runs a guest executes, and how often: what fused sequences are trained on.
 *
 *   VITRINE_RUNS=FILE profile_record run --engine plain ...      as vitrine, only slower
 *
 * It is Vitrine itself, linked so that each step of the plain engine comes by here first. A run
 * ends where an instruction leaves it: a branch taken, a trap, a SYSTEM row, the page's end. Each
 * line of FILE is a count and the run's tokens (cpu/fuse.h). What could not be read without a
 * translation is left out. */
#include "cpu/fuse.h"
#include "cpu/hart.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 48u /* instructions; a longer run is recorded in pieces */
#define PLACES  (1u << 20)

struct place {
    u16 *tokens; /* NULL: free */
    unsigned length;
    u64 count;
};

struct recorder {
    struct place places[PLACES];
    unsigned used;
    u16 tokens[LONGEST];
    unsigned length;
    struct insn before;
    vaddr expected; /* where the run goes on */
};

void __real_hart_step_rv32(struct hart *hart);
void __real_hart_step_rv64(struct hart *hart);
void __wrap_hart_step_rv32(struct hart *hart);
void __wrap_hart_step_rv64(struct hart *hart);

/* The linker gives no other way in, so the one place where this tool keeps anything is global. */
static struct recorder recorder;

static void write_runs(void)
{
    const char *path = getenv("VITRINE_RUNS");
    FILE *file = path ? fopen(path, "w") : NULL;
    char text[FUSE_TOKEN_CHARS];

    if (!file) {
        fprintf(stderr, "profile_record: say in VITRINE_RUNS where the runs are to be written\n");
        return;
    }
    for (unsigned i = 0; i < PLACES; i++) {
        const struct place *place = &recorder.places[i];
        if (!place->tokens)
            continue;
        fprintf(file, "%" PRIu64, place->count);
        for (unsigned t = 0; t < place->length; t++)
            fprintf(file, " %s", fuse_print(place->tokens[t], text));
        fputc('\n', file);
    }
    fclose(file);
}

static void count_run(void)
{
    size_t size = recorder.length * sizeof(u16);
    u64 hash = recorder.length;
    unsigned at;

    if (recorder.length == 0)
        return;
    for (unsigned i = 0; i < recorder.length; i++)
        hash = (hash ^ recorder.tokens[i]) * 0x9e3779b97f4a7c15;
    for (at = hash >> 44; recorder.places[at].tokens; at = (at + 1) % PLACES)
        if (recorder.places[at].length == recorder.length &&
            !memcmp(recorder.places[at].tokens, recorder.tokens, size))
            break;
    if (!recorder.places[at].tokens && recorder.used < PLACES / 2) {
        if (recorder.used++ == 0)
            atexit(write_runs);
        recorder.places[at].tokens = malloc(size);
        recorder.places[at].length = recorder.length;
        if (recorder.places[at].tokens)
            memcpy(recorder.places[at].tokens, recorder.tokens, size);
    }
    recorder.places[at].count++;
    recorder.length = 0;
}

/* The instruction about to run, if it lies in one page that is translated already. */
static bool peek(struct hart *hart, struct insn *insn)
{
    const struct tlb_entry *entry = &hart->fetch->fetch[tlb_index(hart->pc)];
    const u8 *at = (const u8 *)(uintptr_t)(hart->pc + entry->to_host);
    u16 halves[2] = {0, 0};

    if (entry->tag != (hart->pc & ~PAGE_MASK))
        return false;
    memcpy(halves, at, 2);
    if (is_wide(halves[0])) {
        if ((hart->pc & PAGE_MASK) == PAGE_SIZE - 2)
            return false;
        memcpy(halves, at, 4);
    }
    *insn = decode(hart->decoder, halves[0] | (u32)halves[1] << 16);
    return true;
}

static bool is_jump(const struct insn *insn)
{
    unsigned row_count;

    return isa_rows(&row_count)[insn->row].kind == KIND_FLOW;
}

static void look(struct hart *hart)
{
    struct insn insn;
    unsigned slot = (unsigned)(hart->pc & PAGE_MASK) >> 1;
    u16 token = FUSE_NONE;
    bool goes_on = hart->pc == recorder.expected && slot != 0 && recorder.length < LONGEST;

    if (!goes_on)
        count_run();
    if (peek(hart, &insn))
        token = fuse_token(&insn, slot, recorder.length ? &recorder.before : NULL);
    if (token == FUSE_NONE) {
        count_run();
        recorder.expected = 1; /* no instruction lies there */
        return;
    }
    recorder.tokens[recorder.length++] = token;
    recorder.before = insn;
    /* A jump ends its run, also one to the next instruction. */
    recorder.expected = is_jump(&insn) ? 1 : hart->pc + insn.length;
}

void __wrap_hart_step_rv32(struct hart *hart)
{
    look(hart);
    __real_hart_step_rv32(hart);
}

void __wrap_hart_step_rv64(struct hart *hart)
{
    look(hart);
    __real_hart_step_rv64(hart);
}
