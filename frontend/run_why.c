/* What a run says of a guest that went wrong: unasked when it hangs, and with --why when it ends.
 */
#include "frontend/why.h"

#include "frontend/run_parts.h"

static struct view make_view(struct run *run, unsigned hart)
{
    return (struct view){.machine = run->machine,
                         .hart = hart,
                         .symbols = names_get(&run->names),
                         .guest = names_guest(&run->names),
                         .out = stderr,
                         .json = run->options->json};
}

static void hung(void *context, unsigned hart, enum hang what)
{
    struct run *run = context;
    struct view view = make_view(run, hart);

    console_flush(&run->console);
    why_print_hang(&view, what);
}

void run_listen(struct run *run)
{
    run->machine->listener = (struct machine_listener){run, hung};
}

void run_print_why(struct run *run)
{
    unsigned harts = run->machine->config.harts;

    for (unsigned i = 0; i < harts; i++) {
        struct view view = make_view(run, i);
        if (harts > 1 && !view.json)
            fprintf(stderr, "%sHart %u: ", i ? "\n" : "", i);
        view_why(&view);
    }
}
