/* The flame graph (see profile.h): each function is a box on top of its caller, as wide as its
 * share of the samples. Plain SVG without scripts; a box says its numbers when one points at it. */
#include "frontend/profile.h"

#include <inttypes.h>
#include <string.h>

#define WIDTH     1200.0
#define ROW       17.0
#define HEAD      30.0
#define LEAST     0.3 /* narrower boxes are left out */
#define CHARACTER 6.6 /* width of a letter */

struct drawing {
    const struct view *view;
    const struct profile *profile;
    FILE *to;
    double per_sample, bottom;
};

/* Cut to so many characters; two dots say so. */
static void write_text(FILE *to, const char *text, size_t most)
{
    bool is_cut = strlen(text) > most;

    for (most -= is_cut ? 2 : 0; *text && most; text++, most--) {
        if (*text == '<')
            fputs("&lt;", to);
        else if (*text == '&')
            fputs("&amp;", to);
        else
            fputc(*text, to);
    }
    fputs(is_cut ? ".." : "", to);
}

/* Warm colours, the same for a function wherever it is. */
static unsigned colour_of(vaddr place)
{
    u64 mixed = place * 0x9e3779b97f4a7c15;

    return 0xd00000u + ((unsigned)(mixed >> 40) % 150 + 60) * 0x100u +
           (unsigned)(mixed >> 52) % 50 + ((unsigned)(mixed >> 30) % 40) * 0x10000u;
}

static void draw_box(const struct drawing *drawing, vaddr place, unsigned depth, u64 first,
                     u64 count)
{
    double x = (double)first * drawing->per_sample, width = (double)count * drawing->per_sample;
    double y = drawing->bottom - (depth + 1) * ROW;
    char text[VIEW_PLACE];
    const char *name = profile_name(drawing->view, place, text);

    if (width < LEAST)
        return;
    fputs("<g><title>", drawing->to);
    write_text(drawing->to, name, VIEW_PLACE);
    fprintf(drawing->to, ": %" PRIu64 " samples, %.1f %%</title>", count,
            100.0 * (double)count / (double)drawing->profile->samples);
    fprintf(drawing->to,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#%06x\"/>", x, y,
            width, ROW - 1, colour_of(place));
    if (width > 4 * CHARACTER) {
        fprintf(drawing->to, "<text x=\"%.1f\" y=\"%.1f\">", x + 2, y + ROW - 5);
        write_text(drawing->to, name, (size_t)((width - 4) / CHARACTER));
        fputs("</text>", drawing->to);
    }
    fputs("</g>\n", drawing->to);
}

/* Do these stacks have the same functions up to here? */
static bool share(const struct profile_stack *a, const struct profile_stack *b, unsigned depth)
{
    if (a->depth <= depth || b->depth <= depth)
        return false;
    for (unsigned i = 0; i <= depth; i++)
        if (a->places[i] != b->places[i])
            return false;
    return true;
}

/* Behind the stacks that have the box of this one; *count of samples is in it. They are sorted, so
 * what belongs to a box lies together. */
static size_t end_of_box(const struct profile *profile, size_t first, unsigned depth, u64 *count)
{
    size_t next = first + 1;

    *count = profile->stacks[first].count;
    for (; next < profile->count && share(&profile->stacks[first], &profile->stacks[next], depth);
         next++)
        *count += profile->stacks[next].count;
    return next;
}

static void draw_row(const struct drawing *drawing, unsigned depth)
{
    const struct profile *profile = drawing->profile;
    u64 first = 0, count;

    for (size_t i = 0; i < profile->count; first += count) {
        const struct profile_stack *stack = &profile->stacks[i];
        i = end_of_box(profile, i, depth, &count);
        if (stack->depth > depth)
            draw_box(drawing, stack->places[depth], depth, first, count);
    }
}

/* Has this row any box that is wide enough? */
static bool is_seen(const struct drawing *drawing, unsigned depth)
{
    const struct profile *profile = drawing->profile;
    u64 count;

    for (size_t i = 0; i < profile->count;) {
        bool is_deep = profile->stacks[i].depth > depth;
        i = end_of_box(profile, i, depth, &count);
        if (is_deep && (double)count * drawing->per_sample >= LEAST)
            return true;
    }
    return false;
}

void profile_draw(const struct view *view, const struct profile *profile, FILE *to)
{
    struct drawing drawing = {.view = view, .profile = profile, .to = to};
    unsigned deepest = 0;

    if (profile->samples)
        drawing.per_sample = WIDTH / (double)profile->samples;
    while (deepest < PROFILE_DEPTH && is_seen(&drawing, deepest))
        deepest++;
    double height = HEAD + deepest * ROW + 10;
    drawing.bottom = height - 10;
    fprintf(
        to,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
        "font-family=\"monospace\" font-size=\"11\">\n"
        "<rect width=\"100%%\" height=\"100%%\" fill=\"#fffdf5\"/>\n"
        "<text x=\"8\" y=\"20\">%" PRIu64
        " samples; a box is a function, on top of what called it; its width is its share</text>\n",
        WIDTH, height, profile->samples);
    for (unsigned depth = 0; depth < deepest; depth++)
        draw_row(&drawing, depth);
    fputs("</svg>\n", to);
}
