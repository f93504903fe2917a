/* Delta debugging (see shrink.h). A sample is seen as a list of parts, each of which can be left
 * out on its own: an instruction, a register, a word of a where. Starting QEMU costs more than
 * running a sample, so a round asks about all halves, quarters and so on at once: first each group
 * alone, then the groups that were not needed together. */
#include "tests/random/shrink.h"

#include <stdlib.h>
#include <string.h>

#define PARTS 1024u
#define ASKED 256u /* samples in one image */

struct parts {
    struct sample *sample;
    u16 at[PARTS]; /* an instruction's offset in the body; from REGISTERS on, something else */
    unsigned count;
};

enum { X_PARTS = 0x4000, F_PARTS = 0x4020, FCSR_PART = 0x4040, WHERE_PARTS = 0x4100 };

static u32 length_at(const struct sample *sample, u32 at)
{
    u16 half;

    memcpy(&half, sample->body + at, 2);
    return is_wide(half) ? 4 : 2;
}

static bool is_nop(const struct sample *sample, u32 at)
{
    u32 wide = 0x13;
    u16 narrow = 1;

    return length_at(sample, at) == 4 ? !memcmp(sample->body + at, &wide, 4)
                                      : !memcmp(sample->body + at, &narrow, 2);
}

static u32 word_at(const struct sample *sample, u32 at)
{
    u32 word = 0;

    if (at + 4 <= sample->size)
        memcpy(&word, sample->body + at, 4);
    return word;
}

static bool is_reservation(const struct sample *sample, u32 at)
{
    return (word_at(sample, at) & 0xf800607f) == 0x1000202f;
}

static bool has_sc(const struct sample *sample)
{
    for (u32 at = 0; at + 4 <= sample->size; at += length_at(sample, at))
        if ((word_at(sample, at) & 0xf800607f) == 0x1800202f)
            return true;
    return false;
}

/* These stay: without fence.i a sample that changes its code has no defined outcome, and without
 * what is around an LR it is open what its SC does (draw.c). */
static bool is_needed(const struct sample *sample, u32 at)
{
    if ((word_at(sample, at) & 0x707f) == 0x100f)
        return true;
    return has_sc(sample) &&
           (is_reservation(sample, at) || is_reservation(sample, at + 4) ||
            is_reservation(sample, at + 8) || (at >= 4 && is_reservation(sample, at - 4)));
}

unsigned shrink_size(const struct sample *sample)
{
    unsigned count = 0;

    for (u32 at = 0; at + 2 <= sample->size; at += length_at(sample, at))
        count += !is_nop(sample, at);
    return count;
}

/* What a word of a where is when nobody cares. Kept as they are: pointers, which are as good as
 * any, addresses of PMP (a TOR entry up to 0 covers everything on QEMU), and stvec, which nothing
 * works without. */
static u64 plain_word(const struct sample *sample, unsigned word)
{
    if (word == WORD_MSTATUS) /* the privilege and UXL stay */
        return (sample->wheres[0][word] & 0x300001800) | 0x6000;
    if (word == WORD_PMPCFG0) /* the driver must stay where it may run */
        return sample->wheres[0][word] & 0xff;
    if ((word == WORD_MENVCFG || word == WORD_MENVCFGH) && sample->wheres[0][WORD_DUE] & STIMER_DUE)
        return sample->wheres[0][word]; /* without STCE it would slide to another difference */
    return (word > WORD_PMPCFG0 && word < WORD_STVEC) || (word > WORD_STVEC && word < WORD_MSTATUS)
               ? 0
               : sample->wheres[0][word];
}

/* All wheres have become alike before their words are parts. */
static void list_parts(struct parts *parts)
{
    const struct sample *sample = parts->sample;

    parts->count = 0;
    for (u32 at = 0; at + 2 <= sample->size; at += length_at(sample, at))
        if (!is_nop(sample, at) && !is_needed(sample, at))
            parts->at[parts->count++] = (u16)at;
    for (unsigned i = 0; i < 32; i++) {
        if (sample->x[i])
            parts->at[parts->count++] = (u16)(X_PARTS + i);
        if (sample->f[i])
            parts->at[parts->count++] = (u16)(F_PARTS + i);
    }
    if (sample->fcsr)
        parts->at[parts->count++] = FCSR_PART;
    for (unsigned i = 0; i < WORD_COUNT; i++)
        if (sample->wheres[0][i] != plain_word(sample, i) &&
            !memcmp(sample->wheres[0], sample->wheres[1], sizeof sample->wheres[0]))
            parts->at[parts->count++] = (u16)(WHERE_PARTS + i);
}

static void leave_out(struct sample *sample, u16 part)
{
    u32 wide = 0x13;
    u16 narrow = 1;

    if (part >= WHERE_PARTS) {
        for (unsigned i = 0; i < SAMPLE_WHERES; i++)
            sample->wheres[i][part - WHERE_PARTS] = plain_word(sample, part - WHERE_PARTS);
    } else if (part == FCSR_PART) {
        sample->fcsr = 0;
    } else if (part >= F_PARTS) {
        sample->f[part - F_PARTS] = 0;
    } else if (part >= X_PARTS) {
        sample->x[part - X_PARTS] = 0;
    } else if (length_at(sample, part) == 4) {
        memcpy(sample->body + part, &wide, 4);
    } else {
        memcpy(sample->body + part, &narrow, 2);
    }
}

struct round {
    struct judge *judge;
    struct sample *asked; /* ASKED of them */
    enum verdict verdicts[ASKED];
};

/* Leaves out what of the groups can be left out, size parts to a group. Returns whether anything.
 */
static bool leave_out_groups(struct round *round, struct parts *parts, unsigned first,
                             unsigned size, bool *asked)
{
    unsigned groups = 0, needless[ASKED], count = 0, best = 0;

    for (unsigned at = first; at < parts->count && groups < ASKED; at += size, groups++) {
        round->asked[groups] = *parts->sample;
        for (unsigned i = at; i < at + size && i < parts->count; i++)
            leave_out(&round->asked[groups], parts->at[i]);
    }
    *asked = judge_ask(round->judge, round->asked, groups, round->verdicts);
    for (unsigned i = 0; *asked && i < groups; i++)
        if (round->verdicts[i] == VERDICT_DIFFER)
            needless[count++] = i;
    if (!count)
        return false;
    /* Together: without the first needless one, the first two, and so on. */
    for (unsigned i = 0; i < count; i++) {
        round->asked[i] = i ? round->asked[i - 1] : *parts->sample;
        for (unsigned j = 0; j < size && first + needless[i] * size + j < parts->count; j++)
            leave_out(&round->asked[i], parts->at[first + needless[i] * size + j]);
    }
    *asked = judge_ask(round->judge, round->asked, count, round->verdicts);
    for (unsigned i = 0; *asked && i < count; i++)
        if (round->verdicts[i] == VERDICT_DIFFER)
            best = i;
    if (*asked)
        *parts->sample = round->asked[best];
    return *asked;
}

static bool shrink_parts(struct round *round, struct sample *sample)
{
    struct parts parts = {.sample = sample};
    bool asked = true, moved = true;
    unsigned size;

    list_parts(&parts);
    for (size = parts.count; asked && (size > 1 || moved); size = size > 1 ? (size + 1) / 2 : 1) {
        moved = false;
        list_parts(&parts);
        for (unsigned first = 0; asked && first < parts.count; first += ASKED * size)
            moved |= leave_out_groups(round, &parts, first, size ? size : 1, &asked);
    }
    return asked;
}

/* Keeps the last of these that still differs. */
static bool keep_best(struct round *round, struct sample *sample, unsigned count)
{
    if (!judge_ask(round->judge, round->asked, count, round->verdicts))
        return false;
    for (unsigned i = count; i-- > 0;)
        if (round->verdicts[i] == VERDICT_DIFFER) {
            *sample = round->asked[i];
            break;
        }
    return true;
}

static bool shrink_whole(struct round *round, struct sample *sample)
{
    unsigned count = 0;

    for (u64 loops = sample->loops; loops > 0; loops--) { /* fewer iterations */
        round->asked[count] = *sample;
        round->asked[count++].loops = loops;
    }
    if (!keep_best(round, sample, count))
        return false;
    for (count = 0; count < SAMPLE_WHERES; count++) { /* one where for all */
        round->asked[count] = *sample;
        for (unsigned i = 0; i < SAMPLE_WHERES; i++)
            memcpy(round->asked[count].wheres[i], sample->wheres[count],
                   sizeof sample->wheres[count]);
    }
    return keep_best(round, sample, count);
}

/* Takes the nops from the start and the end, or all of them, so that branches lead elsewhere. */
static void take_nops(struct sample *sample, bool (*is_taken)(const struct sample *, u32 at))
{
    struct sample before = *sample;
    u32 length;

    sample->size = 0;
    for (u32 at = 0; at + 2 <= before.size; at += length) {
        length = length_at(&before, at);
        if (is_nop(&before, at) && is_taken(&before, at)) {
            sample->start += sample->size ? 0 : length;
            continue;
        }
        memcpy(sample->body + sample->size, before.body + at, length);
        sample->size += length;
    }
}

static bool is_anywhere(const struct sample *sample, u32 at)
{
    (void)sample;
    return at < sample->size;
}

static bool is_at_start(const struct sample *sample, u32 at)
{
    for (u32 i = 0; i < at; i += length_at(sample, i))
        if (!is_nop(sample, i))
            return false;
    return true;
}

static bool is_at_end(const struct sample *sample, u32 at)
{
    for (u32 i = at; i + 2 <= sample->size; i += length_at(sample, i))
        if (!is_nop(sample, i))
            return false;
    return true;
}

/* Each step is kept only while the sample still differs. */
static bool shrink_nops(struct round *round, struct sample *sample)
{
    struct sample *asked = round->asked;

    asked[0] = *sample;
    take_nops(&asked[0], is_at_end);
    asked[1] = asked[0];
    take_nops(&asked[1], is_at_start);
    asked[2] = asked[1];
    take_nops(&asked[2], is_anywhere);
    for (unsigned i = 0; i < 3; i++) {
        asked[3 + i] = asked[i];
        asked[3 + i].data = 0;
    }
    return keep_best(round, sample, 6);
}

bool shrink(struct judge *judge, struct sample *sample)
{
    struct round *round = malloc(sizeof *round);
    bool done = false;

    if (!round)
        return false;
    round->judge = judge;
    round->asked = malloc(ASKED * sizeof *round->asked);
    done = round->asked && shrink_whole(round, sample) && shrink_parts(round, sample) &&
           shrink_whole(round, sample) && shrink_parts(round, sample) && shrink_nops(round, sample);
    free(round->asked);
    free(round);
    return done;
}
