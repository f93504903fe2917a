/* report WORKLOADS MEASURED FACTS [--json FILE] [--svg FILE]: reckons the benchmark's figures and
 * prints the table. WORKLOADS is the list of rows. MEASURED has a line for each pair of runs: row,
 * our user CPU seconds, the peer's, our largest memory in kilobytes, the peer's. FACTS has lines
 * "key: value". From each measurement the median of that kind's empty row is subtracted, on its
 * side. */
#include "report.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 512 };

/* Below this the clock's grain and the start-up's own spread would be all we see. */
static const double shortest_seconds = 0.002;

static int by_size(const void *one, const void *other)
{
    double left = *(const double *)one, right = *(const double *)other;
    return (left > right) - (left < right);
}

static double median(const double *values, int count)
{
    double sorted[MAX_PAIRS];
    memcpy(sorted, values, (size_t)count * sizeof *values);
    qsort(sorted, (size_t)count, sizeof *sorted, by_size);
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static struct row *find_row(struct report *report, const char *name)
{
    for (int i = 0; i < report->row_count; i++)
        if (strcmp(report->rows[i].name, name) == 0)
            return &report->rows[i];
    return NULL;
}

static void refuse(const char *file, const char *line)
{
    fprintf(stderr, "report: %s: cannot read this line: %s\n", file, line);
    exit(1);
}

static FILE *open_file(const char *name, const char *mode)
{
    FILE *file = fopen(name, mode);
    if (!file) {
        perror(name);
        exit(1);
    }
    return file;
}

static void read_list(struct report *report, const char *name)
{
    FILE *file = open_file(name, "r");
    char line[LINE_BYTES];
    while (fgets(line, sizeof line, file)) {
        struct row *row = &report->rows[report->row_count];
        char goal[NAME_BYTES];
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (report->row_count == MAX_ROWS || sscanf(line, "%39s | %39s | %*s | %39s | %39s",
                                                    row->name, row->kind, row->mean, goal) != 4)
            refuse(name, line);
        row->goal = atof(goal);
        report->row_count++;
    }
    fclose(file);
}

static void read_measured(struct report *report, const char *name)
{
    FILE *file = open_file(name, "r");
    char line[LINE_BYTES], row_name[NAME_BYTES];
    while (fgets(line, sizeof line, file)) {
        double ours, theirs;
        long our_kilobytes, their_kilobytes;
        if (sscanf(line, "%39s %lf %lf %ld %ld", row_name, &ours, &theirs, &our_kilobytes,
                   &their_kilobytes) != 5)
            refuse(name, line);
        struct row *row = find_row(report, row_name);
        if (!row || row->pairs == MAX_PAIRS)
            refuse(name, line);
        row->ours[row->pairs] = ours;
        row->theirs[row->pairs] = theirs;
        row->pairs++;
        if (our_kilobytes > row->our_kilobytes)
            row->our_kilobytes = our_kilobytes;
        if (their_kilobytes > row->their_kilobytes)
            row->their_kilobytes = their_kilobytes;
    }
    fclose(file);
}

static void read_facts(struct report *report, const char *name)
{
    FILE *file = open_file(name, "r");
    char line[LINE_BYTES];
    while (fgets(line, sizeof line, file) && report->fact_count < MAX_FACTS) {
        struct fact *fact = &report->facts[report->fact_count];
        if (sscanf(line, "%39[^:]: %199[^\n]", fact->key, fact->value) == 2)
            report->fact_count++;
    }
    fclose(file);
}

int row_has_figure(const struct row *row)
{
    return row->pairs > 0 && strncmp(row->name, "empty-", 6) != 0;
}

static void reckon_row(struct report *report, struct row *row)
{
    char empty_name[NAME_BYTES * 2];
    snprintf(empty_name, sizeof empty_name, "empty-%s", row->kind);
    const struct row *empty = find_row(report, empty_name);
    double our_start = 0, their_start = 0, ratios[MAX_PAIRS];
    if (empty && empty->pairs > 0) {
        our_start = median(empty->ours, empty->pairs);
        their_start = median(empty->theirs, empty->pairs);
    }
    row->our_seconds = median(row->ours, row->pairs) - our_start;
    row->their_seconds = median(row->theirs, row->pairs) - their_start;
    for (int i = 0; i < row->pairs; i++) {
        double ours = row->ours[i] - our_start, theirs = row->theirs[i] - their_start;
        if (ours < shortest_seconds || theirs < shortest_seconds)
            return;
        ratios[i] = ours / theirs;
    }
    row->r = median(ratios, row->pairs);
    row->least_r = row->most_r = row->r;
    for (int i = 0; i < row->pairs; i++) {
        row->least_r = fmin(row->least_r, ratios[i]);
        row->most_r = fmax(row->most_r, ratios[i]);
    }
}

/* The length of the part of a name that rows share; 0 when the row counts for itself. */
static size_t group_length(const struct row *row)
{
    const char *dot = strchr(row->name, '.');
    return dot ? (size_t)(dot - row->name) : 0;
}

static int is_same_group(const struct row *one, const struct row *other)
{
    size_t length = group_length(one);
    return length > 0 && length == group_length(other) &&
           strncmp(one->name, other->name, length) == 0;
}

double report_mean(const struct report *report, const char *mean, int *missing)
{
    double sum = 0;
    int count = 0;
    *missing = 0;
    for (int i = 0; i < report->row_count; i++) {
        const struct row *row = &report->rows[i];
        int is_counted = strcmp(row->kind, "mean") == 0 || strcmp(row->mean, mean) != 0;
        for (int before = 0; before < i; before++)
            is_counted |= is_same_group(row, &report->rows[before]);
        if (is_counted)
            continue;
        double group_sum = 0;
        int group_count = 0;
        for (int other = i; other < report->row_count; other++)
            if ((other == i || is_same_group(row, &report->rows[other])) &&
                report->rows[other].r > 0) {
                group_sum += log(report->rows[other].r);
                group_count++;
            } else if (other == i || is_same_group(row, &report->rows[other])) {
                ++*missing;
            }
        if (group_count > 0) {
            sum += group_sum / group_count;
            count++;
        }
    }
    return count > 0 ? exp(sum / count) : 0;
}

int main(int count, char **arguments)
{
    static struct report report;
    if (count < 4 || count % 2 != 0) {
        fprintf(stderr, "usage: report WORKLOADS MEASURED FACTS [--json FILE] [--svg FILE]\n");
        return 2;
    }
    read_list(&report, arguments[1]);
    read_measured(&report, arguments[2]);
    read_facts(&report, arguments[3]);
    for (int i = 0; i < report.row_count; i++)
        if (row_has_figure(&report.rows[i]))
            reckon_row(&report, &report.rows[i]);
    table_write(stdout, &report);
    for (int i = 4; i < count; i += 2) {
        FILE *out = open_file(arguments[i + 1], "w");
        (strcmp(arguments[i], "--json") == 0 ? json_write : svg_write)(out, &report);
        if (fclose(out) != 0) {
            perror(arguments[i + 1]);
            return 1;
        }
    }
    return 0;
}
