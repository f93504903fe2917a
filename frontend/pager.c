/* Folding lines and showing them a screen at a time (see pager.h).
 *
 * Left out: characters of more than one byte or column; our answers have none. */
#include "frontend/pager.h"

#include <stdlib.h>
#include <string.h>

#define PROMPT "-- more: Space a screen, Enter a line, q no more --"

/* Where the rest of a line stands that is too long: below its last column that two blanks set off,
 * if that leaves room for words. */
static size_t find_hang(const char *line, size_t length, unsigned columns)
{
    size_t lead = strspn(line, " "), hang = lead + 2;

    for (size_t i = lead + 2; i < length && i < columns * 2 / 3; i++)
        if (line[i - 1] == ' ' && line[i - 2] == ' ' && line[i] != ' ')
            hang = i;
    return hang < columns * 2 / 3 ? hang : 0;
}

/* How much of the line stands on this row: up to the last blank that fits. */
static size_t fit(const char *line, size_t length, size_t room)
{
    size_t end = room;

    if (length <= room)
        return length;
    while (end > 0 && line[end] != ' ')
        end--;
    while (end > 0 && line[end - 1] == ' ')
        end--;
    return end ? end : room;
}

static void fold_line(FILE *to, const char *line, size_t length, unsigned columns)
{
    size_t hang = find_hang(line, length, columns);
    size_t taken = fit(line + hang, length > hang ? length - hang : 0, columns - hang);

    taken = length <= columns ? length : taken + hang;
    fwrite(line, 1, taken, to);
    while (taken < length) {
        while (taken < length && line[taken] == ' ')
            taken++;
        size_t more = fit(line + taken, length - taken, columns - hang);
        if (more)
            fprintf(to, "\n%*s%.*s", (int)hang, "", (int)more, line + taken);
        taken += more;
    }
}

char *pager_fold(const char *text, unsigned columns)
{
    char *folded = NULL;
    size_t size;
    FILE *to = open_memstream(&folded, &size);

    if (!to)
        return NULL;
    while (*text) {
        size_t length = strcspn(text, "\n");
        if (columns < 20)
            fwrite(text, 1, length, to);
        else
            fold_line(to, text, length, columns);
        text += length;
        if (*text) {
            fputc('\n', to);
            text++;
        }
    }
    if (fclose(to) == 0)
        return folded;
    free(folded);
    return NULL;
}

void pager_end(struct pager *pager)
{
    free(pager->text);
    pager->text = NULL;
}

static bool show(struct pager *pager, unsigned lines, FILE *to)
{
    const char *text = pager->text + pager->at;
    size_t size = 0;

    for (unsigned i = 0; i < lines && text[size]; i++) {
        size += strcspn(text + size, "\n");
        size += text[size] == '\n';
    }
    fwrite(text, 1, size, to);
    pager->at += size;
    if (text[size]) {
        fputs(PROMPT, to);
        fflush(to);
        return true;
    }
    fflush(to);
    pager_end(pager);
    return false;
}

bool pager_begin(struct pager *pager, char *text, unsigned columns, unsigned rows, FILE *to)
{
    char *folded = pager_fold(text, columns);

    if (folded)
        free(text);
    *pager = (struct pager){.text = folded ? folded : text, .rows = rows};
    return show(pager, rows > 1 ? rows - 1 : (unsigned)-1, to);
}

bool pager_press(struct pager *pager, char key, bool *is_ours, FILE *to)
{
    bool is_more = key == ' ' || key == '\r' || key == '\n';

    *is_ours = is_more || key == 'q' || key == 'C' - '@';
    fprintf(to, "\r%*s\r", (int)strlen(PROMPT), "");
    if (is_more)
        return show(pager, key == ' ' ? pager->rows - 1 : 1, to);
    fflush(to);
    pager_end(pager);
    return false;
}
