/* The monitor's commands about translation, protection, and what went wrong: each shows a view. */
#include "frontend/monitor_parts.h"
#include "frontend/view_explain.h"
#include "frontend/view_paging.h"
#include "frontend/why.h"

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

void monitor_why(struct monitor_call *call)
{
    view_why(&call->view);
}
