/* Asking both sides and comparing the answers (see judge.h). */
#include "tests/random/judge.h"

#include <stdio.h>
#include <string.h>

struct line {
    const char *text;
    size_t length;
};

/* The next line that has come whole; false when there is none. */
static bool next_line(const struct answers *answers, size_t *at, struct line *line)
{
    const char *end;

    if (*at >= answers->size)
        return false;
    line->text = answers->text + *at;
    end = memchr(line->text, '\n', answers->size - *at);
    if (!end)
        return false;
    line->length = (size_t)(end - line->text) + 1;
    *at += line->length;
    return true;
}

static bool is_endless(struct line line)
{
    return line.length == strlen(JUDGE_ENDLESS) && !memcmp(line.text, JUDGE_ENDLESS, line.length);
}

static void skip_endless(struct image *image, const struct answers *ours)
{
    struct line line;
    size_t at = 0;

    for (unsigned i = 0; next_line(ours, &at, &line); i++)
        if (is_endless(line))
            image_ask(image, i, ASK_NOTHING);
}

/* The first sample that QEMU has no answer to differs, those after it were not reached. */
static void compare(const struct answers *ours, const struct answers *theirs, unsigned count,
                    enum verdict *verdicts)
{
    size_t at = 0, their_at = 0;
    bool is_alive = true;

    for (unsigned i = 0; i < count; i++) {
        struct line mine, other;
        verdicts[i] = VERDICT_UNKNOWN;
        if (!next_line(ours, &at, &mine) || !is_alive)
            continue;
        if (is_endless(mine)) {
            verdicts[i] = VERDICT_ENDLESS;
            continue;
        }
        is_alive = next_line(theirs, &their_at, &other);
        verdicts[i] =
            is_alive && mine.length == other.length && !memcmp(mine.text, other.text, mine.length)
                ? VERDICT_AGREE
                : VERDICT_DIFFER;
    }
}

static bool ask_both(struct judge *judge, struct image *image, struct answers *ours,
                     struct answers *theirs)
{
    if (!ours_run(judge, image, ours))
        return false;
    skip_endless(image, ours);
    return qemu_run(judge, image, theirs);
}

bool judge_ask(struct judge *judge, const struct sample *samples, unsigned count,
               enum verdict *verdicts)
{
    struct answers ours = {0}, theirs = {0};
    struct image image;
    bool done = image_build(&image, &judge->driver, samples, count) &&
                ask_both(judge, &image, &ours, &theirs);

    if (done)
        compare(&ours, &theirs, count, verdicts);
    image_release(&image);
    answers_release(&ours);
    answers_release(&theirs);
    return done;
}

static void print_differences(const struct judge *judge, const char *mine, const char *other)
{
    char name[16], left[20], right[20];
    int mine_used = 0, other_used = 0;

    for (unsigned i = 0; driver_state_name(&judge->driver, i, name); i++) {
        if (sscanf(mine, "%19s%n", left, &mine_used) != 1 ||
            sscanf(other, "%19s%n", right, &other_used) != 1)
            return;
        if (strcmp(left, right))
            printf("  %-12s %-20s %s\n", name, left, right);
        mine += mine_used;
        other += other_used;
    }
}

bool judge_print(struct judge *judge, const struct sample *sample)
{
    struct answers ours = {0}, theirs = {0};
    struct image image;
    bool done = image_build(&image, &judge->driver, sample, 1);

    if (done) {
        image_ask(&image, 0, ASK_STATE);
        done = ask_both(judge, &image, &ours, &theirs) && answers_add(&ours, '\0') &&
               answers_add(&theirs, '\0');
    }
    if (done) {
        printf("  %-12s %-20s QEMU\n", "", "Vitrine");
        print_differences(judge, ours.text, theirs.text);
        if (theirs.size < 2)
            printf("  QEMU does not come to an end.\n");
    }
    image_release(&image);
    answers_release(&ours);
    answers_release(&theirs);
    return done;
}
