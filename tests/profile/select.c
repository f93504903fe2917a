/* Chooses the sequences worth fusing from what profile_record wrote.
 *
 *   profile_select MOST WEIGHT=FILE... >PROFILE
 *
 * A file counts by its weight, however long its guest ran. First pairs that stand next to each
 * other are joined, the most frequent ones first, then pairs of what was joined, until there are
 * twice as many sequences as wanted. Then each run is cut the way cpu/fuse.c would cut it, the
 * sequences that save least are dropped, and this is repeated until MOST are left. They are printed
 * by what they save. */
#include "cpu/fuse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE      (1u << 20) /* places for sequences that were counted */
#define LINE       4096
#define PER_ROUND  10u    /* joined before counting again */
#define FILE_SCALE 1e9    /* what the instructions of a file add up to */
#define RARE       2000.0 /* of those: a run that is left out */

struct sequence {
    u16 tokens[FUSE_LONGEST]; /* the first by itself */
    unsigned length;          /* 0: a free place */
    double weight;
    bool chosen;
};

struct run {
    u16 *tokens;
    unsigned length;
    double weight;
    u8 *unit; /* instructions in the unit that begins here */
};

struct selection {
    struct sequence *table;
    struct run *runs;
    unsigned run_count, run_room;
    struct sequence *chosen; /* copies, at most twice what is wanted */
    unsigned chosen_count;
    double all; /* what the instructions of all files add up to */
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (!memory) {
        fprintf(stderr, "profile_select: out of memory\n");
        exit(1);
    }
    return memory;
}

/* Where these tokens are in the table, or would be. */
static struct sequence *place_of(const struct selection *selection, const u16 *tokens,
                                 unsigned length)
{
    u64 hash = length ^ (u64)fuse_first(tokens[0]) << 8;
    unsigned at;

    for (unsigned i = 1; i < length; i++)
        hash = (hash ^ tokens[i]) * 0x9e3779b97f4a7c15;
    for (at = hash >> 44; selection->table[at].length; at = (at + 1) % TABLE)
        if (selection->table[at].length == length &&
            selection->table[at].tokens[0] == fuse_first(tokens[0]) &&
            !memcmp(selection->table[at].tokens + 1, tokens + 1, (length - 1) * sizeof(u16)))
            break;
    return &selection->table[at];
}

static struct sequence *find(const struct selection *selection, const u16 *tokens, unsigned length)
{
    struct sequence *place = place_of(selection, tokens, length);

    if (!place->length) {
        place->length = length;
        memcpy(place->tokens, tokens, length * sizeof(u16));
        place->tokens[0] = fuse_first(tokens[0]);
    }
    return place;
}

static void add_run(struct selection *selection, double weight, char *text)
{
    u16 tokens[LINE / 2];
    unsigned length = 0;
    char *rest = text, *word;
    struct run *run;

    while ((word = strtok_r(NULL, " \n", &rest)))
        tokens[length++] = fuse_read(word);
    if (length < 2)
        return;
    if (selection->run_count == selection->run_room) {
        selection->run_room = selection->run_room * 2 + 1024;
        selection->runs = realloc(selection->runs, selection->run_room * sizeof *selection->runs);
        if (!selection->runs)
            exit(1);
    }
    run = &selection->runs[selection->run_count++];
    *run = (struct run){.length = length, .weight = weight};
    run->tokens = allocate(length, sizeof(u16));
    run->unit = allocate(length + 1, 1);
    memcpy(run->tokens, tokens, length * sizeof(u16));
    memset(run->unit, 1, length);
}

static unsigned count_words(const char *line)
{
    unsigned words = 0;

    for (; *line; line++)
        words += *line == ' ';
    return words;
}

/* Twice through the file: what it adds up to, then its runs with their share. */
static bool read_file(struct selection *selection, const char *named)
{
    char *path;
    double share = strtod(named, &path);
    FILE *file = *path == '=' ? fopen(++path, "r") : NULL;
    char line[LINE];
    double total = 0;

    if (!file) {
        fprintf(stderr, "profile_select: %s is no WEIGHT=FILE that can be read\n", named);
        return false;
    }
    selection->all += share * FILE_SCALE;
    while (fgets(line, sizeof line, file))
        total += strtod(line, NULL) * count_words(line);
    rewind(file);
    while (fgets(line, sizeof line, file)) {
        char *text;
        double weight = strtod(line, &text) * share * FILE_SCALE / total;
        if (weight * count_words(line) >= RARE)
            add_run(selection, weight, text);
    }
    fclose(file);
    return true;
}

/* Weighs every two units that stand side by side. */
static void count_pairs(struct selection *selection)
{
    memset(selection->table, 0, TABLE * sizeof *selection->table);
    for (unsigned i = 0; i < selection->run_count; i++) {
        const struct run *run = &selection->runs[i];
        for (unsigned at = 0; at + run->unit[at] < run->length; at += run->unit[at]) {
            unsigned length = run->unit[at] + run->unit[at + run->unit[at]];
            if (length <= FUSE_LONGEST)
                find(selection, run->tokens + at, length)->weight += run->weight;
        }
    }
}

/* Wherever these tokens stand as two units, they become one. */
static void join(struct selection *selection, const struct sequence *sequence)
{
    size_t rest = (sequence->length - 1) * sizeof(u16);

    for (unsigned i = 0; i < selection->run_count; i++) {
        struct run *run = &selection->runs[i];
        for (unsigned at = 0; at + run->unit[at] < run->length; at += run->unit[at]) {
            unsigned length = run->unit[at] + run->unit[at + run->unit[at]];
            if (length == sequence->length && fuse_first(run->tokens[at]) == sequence->tokens[0] &&
                !memcmp(run->tokens + at + 1, sequence->tokens + 1, rest))
                run->unit[at] = (u8)length;
        }
    }
}

static int by_weight(const void *a, const void *b)
{
    const struct sequence *first = a, *second = b;

    return first->weight < second->weight ? 1 : first->weight > second->weight ? -1 : 0;
}

static bool is_chosen(const struct selection *selection, const struct sequence *sequence)
{
    for (unsigned i = 0; i < selection->chosen_count; i++)
        if (selection->chosen[i].length == sequence->length &&
            !memcmp(selection->chosen[i].tokens, sequence->tokens, sizeof sequence->tokens))
            return true;
    return false;
}

/* The heaviest pair of units that was not chosen before; NULL when none is left. */
static struct sequence *heaviest(struct selection *selection)
{
    struct sequence *best = NULL;

    for (unsigned i = 0; i < TABLE; i++) {
        struct sequence *place = &selection->table[i];
        if (place->length && !place->chosen && (!best || place->weight > best->weight))
            best = place;
    }
    return best;
}

static void grow(struct selection *selection, unsigned most)
{
    while (selection->chosen_count < most) {
        count_pairs(selection);
        for (unsigned i = 0; i < PER_ROUND && selection->chosen_count < most; i++) {
            struct sequence *best = heaviest(selection);
            if (!best)
                return;
            best->chosen = true;
            if (!is_chosen(selection, best))
                selection->chosen[selection->chosen_count++] = *best;
            join(selection, best);
        }
        fprintf(stderr, "\r%u sequences ", selection->chosen_count);
    }
}

/* Cuts a run with the fewest pieces, as cpu/fuse.c does, and credits each sequence with what it
 * saves. */
static void credit(struct selection *selection, const struct run *run)
{
    unsigned pieces[LINE / 2 + 1] = {0}, cut[LINE / 2];

    for (unsigned at = run->length; at-- > 0;) {
        pieces[at] = pieces[at + 1] + 1;
        cut[at] = 1;
        for (unsigned length = 2; length <= FUSE_LONGEST && at + length <= run->length; length++)
            if (pieces[at + length] + 1 <= pieces[at] &&
                place_of(selection, run->tokens + at, length)->chosen) {
                pieces[at] = pieces[at + length] + 1;
                cut[at] = length;
            }
    }
    for (unsigned at = 0; at < run->length; at += cut[at])
        if (cut[at] > 1)
            find(selection, run->tokens + at, cut[at])->weight += run->weight * (cut[at] - 1);
}

/* What each of the chosen sequences saves when all of them are there; the best first. */
static void weigh(struct selection *selection)
{
    memset(selection->table, 0, TABLE * sizeof *selection->table);
    for (unsigned i = 0; i < selection->chosen_count; i++)
        find(selection, selection->chosen[i].tokens, selection->chosen[i].length)->chosen = true;
    for (unsigned i = 0; i < selection->run_count; i++)
        credit(selection, &selection->runs[i]);
    for (unsigned i = 0; i < selection->chosen_count; i++)
        selection->chosen[i].weight =
            find(selection, selection->chosen[i].tokens, selection->chosen[i].length)->weight;
    qsort(selection->chosen, selection->chosen_count, sizeof *selection->chosen, by_weight);
}

/* Keeps the sequences that save most, and none that saves nothing. */
static void prune(struct selection *selection, unsigned most)
{
    weigh(selection);
    while (selection->chosen_count > most) {
        selection->chosen_count -= (selection->chosen_count - most + 2) / 3;
        weigh(selection);
        fprintf(stderr, "\r%u sequences ", selection->chosen_count);
    }
    while (selection->chosen_count && selection->chosen[selection->chosen_count - 1].weight == 0)
        selection->chosen_count--;
}

static void release(struct selection *selection)
{
    for (unsigned i = 0; i < selection->run_count; i++) {
        free(selection->runs[i].tokens);
        free(selection->runs[i].unit);
    }
    free(selection->runs);
    free(selection->table);
    free(selection->chosen);
}

static void print(const struct selection *selection)
{
    char text[FUSE_TOKEN_CHARS];
    double saved = 0;

    for (unsigned i = 0; i < selection->chosen_count; i++)
        saved += selection->chosen[i].weight;
    printf("# Made by tests/profile/run. They save %.1f of 100 jumps from handler to handler.\n"
           "# First what each saves, in millionths.\n",
           100 * saved / selection->all);
    for (unsigned i = 0; i < selection->chosen_count; i++) {
        const struct sequence *sequence = &selection->chosen[i];
        printf("%.0f", 1e6 * sequence->weight / selection->all);
        for (unsigned t = 0; t < sequence->length; t++)
            printf(" %s", fuse_print(sequence->tokens[t], text));
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    struct selection selection = {.run_count = 0};
    unsigned most = argc > 2 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;

    if (most == 0) {
        fprintf(stderr, "usage: profile_select MOST WEIGHT=FILE... >PROFILE\n");
        return 2;
    }
    selection.table = allocate(TABLE, sizeof *selection.table);
    selection.chosen = allocate(2 * most, sizeof *selection.chosen);
    for (int i = 2; i < argc; i++)
        if (!read_file(&selection, argv[i]))
            return 1;
    grow(&selection, 2 * most);
    prune(&selection, most);
    fputc('\n', stderr);
    print(&selection);
    release(&selection);
    return 0;
}
