/* Views of a Linux kernel itself: the end of its log, and the task that a hart is with. */
#include "frontend/view_linux.h"

#include <inttypes.h>
#include <stdlib.h>

struct messages {
    struct guest_message *list;
    unsigned count;
};

static bool keep(void *context, const struct guest_message *message)
{
    struct messages *messages = context;

    messages->list[messages->count++] = *message;
    return true;
}

/* A message may have lines; each but the first is moved in. */
static void print_message(struct view *view, const struct guest_message *message)
{
    fprintf(view->out, "[%5" PRIu64 ".%06" PRIu64 "] ", message->ns / 1000000000,
            message->ns / 1000 % 1000000);
    for (const char *c = message->text; *c; c++) {
        fputc(*c, view->out);
        if (*c == '\n')
            fputs("               ", view->out);
    }
    fputc('\n', view->out);
}

void view_log(struct view *view, unsigned count)
{
    struct messages messages = {.count = 0};
    struct json json = {.out = view->out};

    if (!view->guest || !view->guest->has_log) {
        fputs(view->json ? "[]\n"
                         : "There is no Linux in the guest's memory whose log can be read.\n",
              view->out);
        return;
    }
    messages.list = calloc(count, sizeof(*messages.list));
    if (!messages.list) {
        view_refuse(view, "There is no memory for so many messages.");
        return;
    }
    guest_linux_log(view->machine, view->guest, count, keep, &messages);
    if (view->json)
        json_array(&json, NULL);
    for (unsigned i = messages.count; i-- > 0;) {
        if (!view->json) {
            print_message(view, &messages.list[i]);
            continue;
        }
        json_object(&json, NULL);
        json_number(&json, "ns", messages.list[i].ns);
        json_text(&json, "text", messages.list[i].text);
        json_end_object(&json);
    }
    if (view->json) {
        json_end_array(&json);
        fputc('\n', view->out);
    }
    free(messages.list);
}

const char *view_task(const struct view *view, char text[VIEW_TASK])
{
    struct guest_task task;

    *text = 0;
    if (!view->guest || !guest_linux_task(view->machine, view->guest, view->hart, &task))
        return text;
    if (task.number)
        snprintf(text, VIEW_TASK, "%s (task %" PRId32 ")", task.name, task.number);
    else
        snprintf(text, VIEW_TASK, "%s (idle)", task.name);
    return text;
}
