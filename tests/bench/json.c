/* The figures as JSON, for programs: facts, a list of rows with every pair, and the means. */
#include "report.h"
#include <string.h>

static void write_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        if ((unsigned char)*text >= ' ')
            fputc(*text, out);
    }
    fputc('"', out);
}

static void write_numbers(FILE *out, const char *name, const double *numbers, int count)
{
    fprintf(out, ", \"%s\": [", name);
    for (int i = 0; i < count; i++)
        fprintf(out, "%s%.6f", i ? ", " : "", numbers[i]);
    fputc(']', out);
}

static void write_row(FILE *out, const struct row *row)
{
    fprintf(out, "    {\"name\": \"%s\", \"kind\": \"%s\", \"mean\": ", row->name, row->kind);
    fprintf(out, strcmp(row->mean, "-") == 0 ? "null" : "\"%s\"", row->mean);
    if (row->r > 0)
        fprintf(out, ", \"r\": %.4f, \"least\": %.4f, \"most\": %.4f", row->r, row->least_r,
                row->most_r);
    if (row->goal > 0)
        fprintf(out, ", \"goal\": %.2f", row->goal);
    write_numbers(out, "ours", row->ours, row->pairs);
    write_numbers(out, "theirs", row->theirs, row->pairs);
    fprintf(out, ", \"our_kilobytes\": %ld, \"their_kilobytes\": %ld}", row->our_kilobytes,
            row->their_kilobytes);
}

void json_write(FILE *out, const struct report *report)
{
    fprintf(out, "{\n  \"facts\": {");
    for (int i = 0; i < report->fact_count; i++) {
        fprintf(out, "%s\n    ", i ? "," : "");
        write_text(out, report->facts[i].key);
        fprintf(out, ": ");
        write_text(out, report->facts[i].value);
    }
    fprintf(out, "\n  },\n  \"rows\": [\n");
    int written = 0;
    for (int i = 0; i < report->row_count; i++) {
        if (report->rows[i].pairs == 0)
            continue;
        fprintf(out, written++ ? ",\n" : "");
        write_row(out, &report->rows[i]);
    }
    fprintf(out, "\n  ],\n  \"means\": [\n");
    written = 0;
    for (int i = 0; i < report->row_count; i++) {
        const struct row *row = &report->rows[i];
        int missing;
        if (strcmp(row->kind, "mean") != 0)
            continue;
        double figure = report_mean(report, row->mean, &missing);
        fprintf(out, "%s    {\"mean\": \"%s\", \"r\": %.4f, \"goal\": %.2f, \"missing\": %d}",
                written++ ? ",\n" : "", row->mean, figure, row->goal, missing);
    }
    fprintf(out, "\n  ]\n}\n");
}
