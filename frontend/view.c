/* What all views need (see view.h). */
#include "frontend/view.h"

#include <stdarg.h>

void view_refuse(struct view *view, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    vsnprintf(view->why, sizeof(view->why), format, values);
    va_end(values);
    view->refused = true;
}

struct hart *view_hart(const struct view *view)
{
    return view->machine->harts[view->hart];
}

const char *view_place(const struct view *view, vaddr at, char text[VIEW_PLACE])
{
    return symbols_describe(view->symbols, view_hart(view)->xlen == 32 ? (u32)at : at, text,
                            VIEW_PLACE);
}

const char *view_privilege(u64 privilege)
{
    return privilege == PRIV_M ? "M" : privilege == PRIV_S ? "S" : "U";
}
