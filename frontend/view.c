/* What all views need (see view.h). */
#include "frontend/view.h"

#include "cpu/csr.h"

#include <stdarg.h>
#include <string.h>

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

int view_digits(const struct view *view)
{
    return (int)view_hart(view)->xlen / 4;
}

const char *view_place(const struct view *view, vaddr at, char text[VIEW_PLACE])
{
    return symbols_describe(view->symbols, view_hart(view)->xlen == 32 ? (u32)at : at, text,
                            VIEW_PLACE);
}

const char *view_name(const struct view *view, vaddr at, char text[VIEW_PLACE])
{
    view_place(view, at, text);
    if (!strncmp(text, "0x", 2))
        *text = 0;
    return text;
}

const char *view_csr_name(u64 number)
{
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);

    for (unsigned i = 0; i < count; i++)
        if (rows[i].number == number)
            return rows[i].name;
    return "a control register";
}

const char *view_privilege(u64 privilege)
{
    return privilege == PRIV_M ? "M" : privilege == PRIV_S ? "S" : "U";
}
