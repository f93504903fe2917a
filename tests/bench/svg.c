/* The figures as a picture: a bar for each row on a logarithmic scale, short is quick; a line where
 * R is 1 and a mark at each goal. Text and shapes only, so that any browser shows it. */
#include "report.h"
#include <math.h>
#include <string.h>

enum { LINE = 22, LEFT = 150, WIDTH = 520, RIGHT = 70, TOP = 76 };
static const double axis_least = 0.02, axis_most = 8.0;

static double place_of(double r)
{
    double place = log(r / axis_least) / log(axis_most / axis_least);
    return LEFT + WIDTH * fmin(1.0, fmax(0.0, place));
}

static void write_text(FILE *out, double x, double y, const char *anchor, const char *text)
{
    fprintf(out, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\">", x, y, anchor);
    for (; *text; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
    fputs("</text>\n", out);
}

static void write_bar(FILE *out, int line, const char *name, double r, double goal)
{
    char figure[32];
    int y = TOP + line * LINE;
    snprintf(figure, sizeof figure, "%.2f", r);
    write_text(out, LEFT - 8, y + 14, "end", name);
    fprintf(out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
            goal > 0 && r > goal ? "over" : "within", LEFT, y + 3, place_of(r) - LEFT, LINE - 7);
    if (goal > 0)
        fprintf(out, "<path class=\"goal\" d=\"M%.1f %dv%d\"/>\n", place_of(goal), y + 1, LINE - 3);
    write_text(out, fmax(place_of(r), place_of(goal > 0 ? goal : r)) + 6, y + 14, "start", figure);
}

static int write_section(FILE *out, const struct report *report, const char *mean, int line)
{
    int missing;
    for (int i = 0; i < report->row_count; i++) {
        const struct row *row = &report->rows[i];
        if (row_has_figure(row) && row->r > 0 && strcmp(row->mean, mean) == 0)
            write_bar(out, line++, row->name, row->r, row->goal);
    }
    for (int i = 0; i < report->row_count; i++) {
        const struct row *row = &report->rows[i];
        double figure = report_mean(report, mean, &missing);
        if (strcmp(row->kind, "mean") == 0 && strcmp(row->mean, mean) == 0 && figure > 0) {
            char name[NAME_BYTES * 2];
            snprintf(name, sizeof name, "mean of %s", mean);
            write_bar(out, line++, name, figure, row->goal);
        }
    }
    return line + 1;
}

static int count_lines(const struct report *report)
{
    int lines = 5; /* two means and three gaps */
    for (int i = 0; i < report->row_count; i++)
        lines += row_has_figure(&report->rows[i]) && report->rows[i].r > 0;
    return lines;
}

static const char *fact_of(const struct report *report, const char *key)
{
    for (int i = 0; i < report->fact_count; i++)
        if (strcmp(report->facts[i].key, key) == 0)
            return report->facts[i].value;
    return "?";
}

static void write_axis(FILE *out, int height)
{
    static const double ticks[] = {0.05, 0.1, 0.2, 0.5, 1, 2, 5};
    for (unsigned i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        char label[16];
        snprintf(label, sizeof label, "%g", ticks[i]);
        fprintf(out, "<path class=\"%s\" d=\"M%.1f %dV%d\"/>\n", ticks[i] == 1 ? "one" : "tick",
                place_of(ticks[i]), TOP - 4, height - 10);
        write_text(out, place_of(ticks[i]), TOP - 10, "middle", label);
    }
}

void svg_write(FILE *out, const struct report *report)
{
    char title[FACT_BYTES * 2 + 80];
    int height = TOP + count_lines(report) * LINE;
    snprintf(title, sizeof title, "peer: %s; Vitrine was built by %s", fact_of(report, "peer"),
             fact_of(report, "compiler"));
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"13\">\n"
            "<style>.within{fill:#4a7fb5}.over{fill:#c9803c}.goal{stroke:#111;stroke-width:2}.tick{"
            "stroke:#ddd}"
            ".one{stroke:#888}</style>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
            LEFT + WIDTH + RIGHT, height);
    write_text(
        out, 12, 22, "start",
        "Vitrine's user CPU time divided by its peer's; shorter is quicker, a mark is the goal");
    write_text(out, 12, 42, "start", title);
    write_axis(out, height);
    int line = write_section(out, report, "code", 0);
    line = write_section(out, report, "events", line);
    write_section(out, report, "-", line);
    fprintf(out, "</svg>\n");
}
