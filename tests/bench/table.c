/* The table: a section for each mean with its rows, and the rows that count for none; with a bar
 * for each R on a logarithmic scale, on which the goal is a colon and 1 (as quick as the peer) a
 * bar. */
#include "report.h"
#include <math.h>
#include <string.h>

enum { CHART = 36 };
static const double chart_least = 0.03, chart_most = 6.0;

static int place_of(double r)
{
    double place = log(r / chart_least) / log(chart_most / chart_least) * CHART;
    return place < 0 ? 0 : place >= CHART ? CHART - 1 : (int)place;
}

static void write_bar(FILE *out, double r, double goal)
{
    char bar[CHART + 1];
    memset(bar, ' ', CHART);
    bar[CHART] = '\0';
    memset(bar, '#', (size_t)place_of(r) + 1);
    bar[place_of(1.0)] = '|';
    if (goal > 0)
        bar[place_of(goal)] = ':';
    fprintf(out, "  %s", bar);
}

/* "over" marks what misses its goal. */
static void write_figure(FILE *out, double r, double goal)
{
    fprintf(out, "%8.2f", r);
    if (goal > 0)
        fprintf(out, "%8.2f %-5s", goal, r > goal ? "over" : "");
    else
        fprintf(out, "%14s", "");
    write_bar(out, r, goal);
    fputc('\n', out);
}

static void write_row(FILE *out, const struct row *row)
{
    fprintf(out, "  %-18s%10.3f%10.3f", row->name, row->our_seconds, row->their_seconds);
    if (row->r > 0)
        write_figure(out, row->r, row->goal);
    else
        fprintf(out, "       -   too short to tell from the start\n");
}

static const struct row *mean_row(const struct report *report, const char *mean)
{
    for (int i = 0; i < report->row_count; i++)
        if (strcmp(report->rows[i].kind, "mean") == 0 && strcmp(report->rows[i].mean, mean) == 0)
            return &report->rows[i];
    return NULL;
}

static void write_section(FILE *out, const struct report *report, const char *mean)
{
    int written = 0, missing;
    for (int i = 0; i < report->row_count; i++) {
        const struct row *row = &report->rows[i];
        if (!row_has_figure(row) || strcmp(row->mean, mean) != 0)
            continue;
        if (written++ == 0)
            fprintf(out, "%s\n", strcmp(mean, "-") == 0 ? "others" : mean);
        write_row(out, row);
    }
    const struct row *of_all = mean_row(report, mean);
    double figure = report_mean(report, mean, &missing);
    if (!of_all || figure <= 0)
        return;
    fprintf(out, "  %-38s", "geometric mean");
    write_figure(out, figure, of_all->goal);
    if (missing > 0)
        fprintf(out, "  (of the rows above; %d more belong to it)\n", missing);
}

static void write_memory(FILE *out, const struct report *report)
{
    for (int i = 0; i < report->row_count; i++) {
        const struct row *row = &report->rows[i];
        if (row->pairs > 0 && strcmp(row->kind, "boot") == 0)
            fprintf(out, "largest memory of %s: %ld MB, the peer's %ld MB (at most the peer's)%s\n",
                    row->name, row->our_kilobytes / 1024, row->their_kilobytes / 1024,
                    row->our_kilobytes > row->their_kilobytes ? " over" : "");
    }
}

void table_write(FILE *out, const struct report *report)
{
    for (int i = 0; i < report->fact_count; i++)
        fprintf(out, "%-10s %s\n", report->facts[i].key, report->facts[i].value);
    fprintf(out, "\n%-20s%10s%10s%8s%8s\n", "user CPU seconds", "ours", "peer", "R", "goal");
    write_section(out, report, "code");
    write_section(out, report, "events");
    write_section(out, report, "-");
    write_memory(out, report);
}
