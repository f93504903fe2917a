/* What the benchmark measured, read and reckoned by report.c, and its three forms: table.c, json.c
 * and svg.c. R is our user CPU seconds divided by the peer's, start-up subtracted from both. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdio.h>

enum { MAX_ROWS = 64, MAX_PAIRS = 64, MAX_FACTS = 16, NAME_BYTES = 40, FACT_BYTES = 200 };

/* One row of the list WORKLOADS, with what was measured for it. */
struct row {
    char name[NAME_BYTES], kind[NAME_BYTES];
    char mean[NAME_BYTES];  /* which mean it counts for; "-": none */
    double goal;            /* R at most; 0 when there is none */
    int pairs;              /* 0: not measured */
    double ours[MAX_PAIRS]; /* user CPU seconds, start-up included */
    double theirs[MAX_PAIRS];
    long our_kilobytes, their_kilobytes; /* the largest of all pairs */
    /* Reckoned: medians with the start-up subtracted, and the median of the pairs' ratios; r is 0
     * where the work was too short to tell from the start-up. */
    double our_seconds, their_seconds, r, least_r, most_r;
};

/* Something to be said about the run: a compiler, a version. */
struct fact {
    char key[NAME_BYTES], value[FACT_BYTES];
};

struct report {
    struct row rows[MAX_ROWS];
    int row_count;
    struct fact facts[MAX_FACTS];
    int fact_count;
};

/* The geometric mean of the measured rows that count for `mean`; rows whose names begin alike up to
 * a dot count as one, their own mean. 0 when nothing was measured; *missing is set to the number of
 * rows that were not. */
double report_mean(const struct report *report, const char *mean, int *missing);

/* Whether the row holds a figure: it was measured, is no start-up and no mean. */
int row_has_figure(const struct row *row);

void table_write(FILE *out, const struct report *report);
void json_write(FILE *out, const struct report *report);
void svg_write(FILE *out, const struct report *report);

#endif
