/* "Did you mean": the nearest of some words, by edit distance (insert, delete, replace one letter,
 * or swap two neighbours, each costs one).
 *
 * Left out: long words; nothing we name is longer than NAME_MAX_LENGTH. */
#include <string.h>

#include "frontend/options.h"

#define NAME_MAX_LENGTH 31

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned distance(const char *from, const char *to)
{
    unsigned cost[NAME_MAX_LENGTH + 1][NAME_MAX_LENGTH + 1];
    unsigned rows = (unsigned)strlen(from), columns = (unsigned)strlen(to);
    for (unsigned i = 0; i <= rows; i++)
        cost[i][0] = i;
    for (unsigned j = 0; j <= columns; j++)
        cost[0][j] = j;
    for (unsigned i = 1; i <= rows; i++) {
        for (unsigned j = 1; j <= columns; j++) {
            unsigned same = cost[i - 1][j - 1] + (from[i - 1] != to[j - 1]);
            cost[i][j] = least(same, 1 + least(cost[i - 1][j], cost[i][j - 1]));
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[rows][columns];
}

const char *nearest_word(const char *word, const char *const *words)
{
    const char *best = NULL;
    size_t length = strlen(word);
    unsigned best_distance = length < 4 ? 1 : length < 8 ? 2 : 3;
    for (size_t i = 0; words[i] && length <= NAME_MAX_LENGTH; i++) {
        if (strlen(words[i]) > NAME_MAX_LENGTH)
            continue;
        unsigned d = distance(word, words[i]);
        if (d < best_distance || (d == best_distance && !best)) {
            best = words[i];
            best_distance = d;
        }
    }
    return best;
}
