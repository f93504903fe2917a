/* What Linux itself has to say, when the hardware has seen nothing wrong: its traps are mended by
 * its handlers, so a killed program or a panic is to be found in its log alone. */
#include "frontend/why_parts.h"

#include <inttypes.h>
#include <string.h>

#include "frontend/view_linux.h"

#define LOOKED_AT 300 /* messages, from the last on */

/* How the first line of a complaint begins, or what is in it. */
static const char *const complaints[] = {
    "Kernel panic - not syncing",
    "Unable to handle kernel",
    "kernel BUG at",
    "unhandled signal",
    "Out of memory: Killed process",
    "blocked for more than",
    "soft lockup",
    "rcu_sched self-detected stall",
    "detected stalls on",
};

static bool is_complaint(const char *text)
{
    for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++)
        if (strstr(text, complaints[i]))
            return true;
    return false;
}

struct found {
    struct guest_message panic, other; /* the last of each; without text: none */
};

static bool look_at(void *context, const struct guest_message *message)
{
    struct found *found = context;

    if (!is_complaint(message->text) || strstr(message->text, "---[ end"))
        return true;
    if (!*found->panic.text && strstr(message->text, complaints[0])) {
        found->panic = *message;
        return true; /* what came before may say more */
    }
    found->other = *message;
    return false;
}

bool why_say_linux(const struct question *question)
{
    struct view *view = question->view;
    struct found found = {.panic.ns = 0};

    if (!view->guest)
        return false;
    guest_linux_log(view->machine, view->guest, LOOKED_AT, look_at, &found);
    if (*found.panic.text)
        fprintf(question->out, "Linux has given up: \"%s\"", found.panic.text);
    else if (*found.other.text)
        fprintf(question->out,
                "Nothing looks wrong now; Linux complained at %" PRIu64 ".%06" PRIu64 " s: \"%s\"",
                found.other.ns / 1000000000, found.other.ns / 1000 % 1000000, found.other.text);
    else
        return false;
    if (*found.panic.text && *found.other.text)
        fprintf(question->out, ", after \"%s\"", found.other.text);
    fputs(" (dmesg shows more).", question->out);
    return true;
}

void why_say_task(const struct question *question)
{
    char task[VIEW_TASK], place[WHY_TEXT];

    if (*view_task(question->view, task))
        fprintf(question->out, "Hart %u is with %s, in %s-mode at %s.\n", question->view->hart,
                task, view_privilege(question->hart->privilege),
                why_place(question, question->hart->pc, place));
}
