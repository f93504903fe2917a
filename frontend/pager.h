/* A long answer on a terminal: lines are broken between words, below where their last column
 * begins, and after a screenful somebody has to press a key. Prints; whoever has the keys asks. */
#ifndef FRONTEND_PAGER_H
#define FRONTEND_PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct pager {
    char *text; /* NULL: nothing is being shown */
    size_t at;  /* what has been shown of it */
    unsigned rows;
};

/* Takes the text, which is malloc'd, and shows its first screen; all of it where rows is 0. False:
 * that was all. columns 0: lines stay as they are. */
bool pager_begin(struct pager *pager, char *text, unsigned columns, unsigned rows, FILE *to);
/* Space: another screen. Enter: a line. Anything else: no more; *is_ours says whether it is used
 * up. False: there is nothing more to show. */
bool pager_press(struct pager *pager, char key, bool *is_ours, FILE *to);

/* What has not been shown is not; harmless when all has. */
void pager_end(struct pager *pager);

/* The text with its lines broken, malloc'd; NULL: no memory. */
char *pager_fold(const char *text, unsigned columns);

#endif
