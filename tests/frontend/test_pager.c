/* Long answers on a terminal. */
#include "frontend/pager.h"

#include "tests/suite.h"

#include <stdlib.h>
#include <string.h>

START_TEST(lines_are_broken_between_words_below_their_last_column)
{
    static const struct {
        const char *text, *folded;
        unsigned columns;
    } rows[] = {
        {"short\nlines\n", "short\nlines\n", 30},
        {"", "", 30},
        {"no end", "no end", 30},
        {"a sentence of so many words that it is long\n",
         "a sentence of so many words\n  that it is long\n", 30},
        {"  3  MIE  0  interrupts for M-mode are taken in M-mode\n",
         "  3  MIE  0  interrupts for\n             M-mode are taken\n             in M-mode\n",
         30},
        {"000000000000000000000000000000000000000\n",
         "000000000000000000000000000000\n  000000000\n", 30},
        {"exactly thirty columns of text\n", "exactly thirty columns of text\n", 30},
        {"far to the right of it      a word\n", "far to the right of it      a\n  word\n", 30},
        {"this window is too narrow for it\n", "this window is too narrow for it\n", 10},
        {"unknown width\n", "unknown width\n", 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *folded = pager_fold(rows[i].text, rows[i].columns);
        ck_assert_msg(!strcmp(folded, rows[i].folded), "%s becomes\n%s\nand not\n%s", rows[i].text,
                      folded, rows[i].folded);
        free(folded);
    }
}
END_TEST

/* What has been printed since; lines are counted. */
static unsigned lines_of(FILE *to, char **text)
{
    unsigned lines = 0;

    fflush(to);
    for (const char *at = *text; *at; at++)
        lines += *at == '\n';
    rewind(to);
    return lines;
}

START_TEST(a_screen_at_a_time_a_line_or_no_more)
{
    struct pager pager;
    char *shown = NULL, text[201];
    size_t size;
    bool is_ours;
    FILE *to = open_memstream(&shown, &size);

    for (unsigned i = 0; i < 200; i++)
        text[i] = i % 2 ? '\n' : 'x';
    text[200] = 0;
    ck_assert(pager_begin(&pager, strdup(text), 80, 24, to));
    ck_assert_uint_eq(lines_of(to, &shown), 23);
    ck_assert(strstr(shown, "more"));
    ck_assert(pager_press(&pager, ' ', &is_ours, to) && is_ours);
    ck_assert_uint_eq(lines_of(to, &shown), 23);
    ck_assert(pager_press(&pager, '\r', &is_ours, to) && is_ours);
    ck_assert_uint_eq(pager.at, 47 * 2);
    ck_assert(!pager_press(&pager, 'q', &is_ours, to) && is_ours);
    ck_assert_ptr_null(pager.text);
    ck_assert(pager_begin(&pager, strdup(text), 80, 24, to));
    ck_assert(!pager_press(&pager, 'r', &is_ours, to) && !is_ours);
    ck_assert(!pager_begin(&pager, strdup(text), 80, 0, to));
    ck_assert(!pager_begin(&pager, strdup("short\n"), 80, 24, to));
    ck_assert_ptr_null(pager.text);
    ck_assert(pager_begin(&pager, strdup(text), 80, 60, to));
    ck_assert(!pager_press(&pager, ' ', &is_ours, to) && is_ours);
    fclose(to);
    free(shown);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        lines_are_broken_between_words_below_their_last_column,
        a_screen_at_a_time_a_line_or_no_more,
    };
    return SUITE_RUN("pager", tests, 1);
}
