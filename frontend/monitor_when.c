/* Conditions of places to stop (see monitor_when.h). Left out: and, or, memory; comparing is
 * unsigned. */
#include "frontend/monitor_when.h"

#include <inttypes.h>
#include <string.h>

static bool is_equal(u64 left, u64 right)
{
    return left == right;
}

static bool is_other(u64 left, u64 right)
{
    return left != right;
}

static bool is_less(u64 left, u64 right)
{
    return left < right;
}

static bool is_more(u64 left, u64 right)
{
    return left > right;
}

static bool is_most(u64 left, u64 right)
{
    return left <= right;
}

static bool is_least(u64 left, u64 right)
{
    return left >= right;
}

static bool has_bits(u64 left, u64 right)
{
    return left & right;
}

static const struct {
    const char *sign;
    bool (*holds)(u64 left, u64 right);
} relations[] = {{"==", is_equal}, {"!=", is_other}, {"<", is_less}, {">", is_more},
                 {"<=", is_most},  {">=", is_least}, {"&", has_bits}};

#define RELATIONS (sizeof relations / sizeof relations[0])

static bool find_relation(const char *sign, u8 *relation)
{
    for (*relation = 0; *relation < RELATIONS; ++*relation)
        if (!strcmp(relations[*relation].sign, sign))
            return true;
    return false;
}

static bool take_if(struct monitor_call *call, unsigned at, struct monitor_when *when)
{
    u64 ignored;

    if (at + 4 > call->count || !find_relation(call->words[at + 2], &when->relation)) {
        view_refuse(&call->view, "It is if LEFT RELATION RIGHT with blanks between, for example: "
                                 "if a0 == 3; relations are == != < > <= >= &.");
        return false;
    }
    if (strlen(call->words[at + 1]) >= sizeof when->left ||
        strlen(call->words[at + 3]) >= sizeof when->right) {
        view_refuse(&call->view, "Each side has at most %zu characters.", sizeof when->left - 1);
        return false;
    }
    strcpy(when->left, call->words[at + 1]);
    strcpy(when->right, call->words[at + 3]);
    return monitor_number(call, at + 1, &ignored) && monitor_number(call, at + 3, &ignored);
}

bool monitor_take_when(struct monitor_call *call, struct monitor_when *when)
{
    unsigned begin = 0, at;

    *when = (struct monitor_when){.skip = 0};
    while (begin < call->count && strcmp(call->words[begin], "if") &&
           strcmp(call->words[begin], "skip"))
        begin++;
    for (at = begin; at < call->count;) {
        bool is_if = !strcmp(call->words[at], "if");
        if (!is_if && strcmp(call->words[at], "skip")) {
            view_refuse(&call->view, "After \"%.60s\" nothing but if and skip can follow.",
                        call->words[at - 1]);
            return false;
        }
        if (!(is_if ? take_if(call, at, when) : monitor_number(call, at + 1, &when->skip)))
            return false;
        at += is_if ? 4 : 2;
    }
    call->count = begin;
    return true;
}

static bool holds(struct monitor *monitor, struct monitor_when *when, unsigned hart)
{
    struct monitor_talk talk = {.monitor = monitor, .hart = hart};
    struct monitor_call call = {
        .talk = &talk,
        .view = {.machine = monitor->machine, .hart = hart, .symbols = monitor_symbols(monitor)},
        .count = 2,
        .words = {when->left, when->right}};
    u64 left, right;

    if (!*when->left || !monitor_number(&call, 0, &left) || !monitor_number(&call, 1, &right))
        return true;
    return relations[when->relation].holds(left, right);
}

bool monitor_is_when(struct monitor *monitor, struct monitor_when *when, unsigned hart)
{
    if (!holds(monitor, when, hart))
        return false;
    when->met++;
    return when->met > when->skip;
}

void monitor_show_when(const struct view *view, struct json *json, const struct monitor_when *when)
{
    char condition[2 * sizeof when->left + 8] = "";

    if (*when->left)
        snprintf(condition, sizeof condition, "%s %s %s", when->left,
                 relations[when->relation].sign, when->right);
    if (view->json) {
        json_text(json, "if", condition);
        json_number(json, "skip", when->skip);
        json_number(json, "met", when->met);
        return;
    }
    if (*condition)
        fprintf(view->out, ", if %s", condition);
    if (when->skip)
        fprintf(view->out, ", skip %" PRIu64, when->skip);
    if (when->met)
        fprintf(view->out, ", met %" PRIu64 " time%s", when->met, when->met == 1 ? "" : "s");
}
