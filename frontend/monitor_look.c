/* The monitor's commands about translation, protection, and what went wrong: each shows a view. */
#include "frontend/monitor_parts.h"
#include "frontend/view_explain.h"
#include "frontend/view_linux.h"
#include "frontend/view_paging.h"
#include "frontend/why.h"

#include <inttypes.h>
#include <string.h>

void monitor_walk(struct monitor_call *call)
{
    static const char letters[] = "xrw"; /* as enum access */
    enum access why = ACCESS_LOAD;
    u64 at;

    if (!monitor_number(call, 0, &at))
        return;
    if (call->count > 1) {
        const char *found = strchr(letters, call->words[1][0]);
        if (!found || !*found || call->words[1][1]) {
            view_refuse(&call->view, "An access is r, w or x.");
            return;
        }
        why = (enum access)(found - letters);
    }
    view_walk(&call->view, at, why);
}

void monitor_maps(struct monitor_call *call)
{
    view_maps(&call->view);
}

void monitor_tlb(struct monitor_call *call)
{
    view_tlb(&call->view);
}

void monitor_pmp(struct monitor_call *call)
{
    view_pmp(&call->view);
}

void monitor_explain(struct monitor_call *call)
{
    view_explain(&call->view, call->words[0]);
}

void monitor_dmesg(struct monitor_call *call)
{
    u64 count;

    if (!monitor_optional(call, 0, 20, &count))
        return;
    if (!count || count > VIEW_LOG_MOST)
        view_refuse(&call->view, "It shows 1 to %u messages.", VIEW_LOG_MOST);
    else
        view_log(&call->view, (unsigned)count);
}

void monitor_why(struct monitor_call *call)
{
    view_why(&call->view);
}

/* The words are one expression: `print sp + 8`. */
void monitor_print(struct monitor_call *call)
{
    struct view *view = &call->view;
    struct json json = {.out = view->out};
    char whole[MONITOR_LINE] = "", place[VIEW_PLACE], number[24];
    size_t used = 0;
    u64 value;

    for (unsigned i = 0; i < call->count && used < sizeof(whole); i++)
        used += (size_t)snprintf(whole + used, sizeof(whole) - used, "%s", call->words[i]);
    call->words[0] = whole;
    if (!monitor_number(call, 0, &value))
        return;
    if (view_hart(view)->xlen == 32)
        value = (u32)value;
    snprintf(number, sizeof(number), "0x%" PRIx64, value);
    view_place(view, value, place);
    if (view->json) {
        json_object(&json, NULL);
        json_hex(&json, "value", value);
        json_text(&json, "place", place);
        json_end_object(&json);
        fputc('\n', view->out);
        return;
    }
    fprintf(view->out, "%s  %" PRIu64, number, value);
    if (value >> (view_hart(view)->xlen - 1))
        fprintf(view->out, "  %" PRId64,
                view_hart(view)->xlen == 32 ? (i64)(i32)value : (i64)value);
    fprintf(view->out, "%s%s\n", strcmp(place, number) ? "  " : "",
            strcmp(place, number) ? place : "");
}
