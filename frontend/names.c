/* Whose names are shown (see names.h). */
#include "frontend/names.h"

void names_init(struct names *names, struct machine *machine, const struct image_set *images)
{
    *names = (struct names){.machine = machine, .images = images};
}

void names_free(struct names *names)
{
    symbols_destroy(names->symbols);
    names->symbols = NULL;
}

void names_reset(struct names *names)
{
    names->kernel = (struct guest_kernel){0};
    names->is_new_life = true;
}

/* An Image file's names are as good as the memory's, unless the kernel has moved itself: then the
 * handler of traps is somewhere in the middle of something else. */
static bool fits(const struct names *names, const struct guest_kernel *kernel)
{
    u64 offset;

    return !names->is_new_life &&
           symbols_find_name(names->symbols, names->machine->harts[kernel->hart]->stvec, &offset) &&
           offset == 0;
}

/* Whether they are found or not: it is not tried again for this kernel. */
static void read_kernel(struct names *names, const struct guest_kernel *kernel)
{
    bool has_names = fits(names, kernel);

    names->kernel = *kernel;
    names->is_new_life = false;
    if (!has_names) {
        symbols_forget(names->symbols, SYMBOLS_KERNEL);
        symbols_begin(names->symbols, SYMBOLS_KERNEL);
        guest_kernel_add_names(names->machine, kernel, names->symbols);
        symbols_begin(names->symbols, SYMBOLS_FILE);
        symbols_sort(names->symbols);
    }
    guest_linux_open(&names->guest, names->machine, kernel, names->symbols);
}

const struct guest_linux *names_guest(const struct names *names)
{
    return names && names->kernel.size ? &names->guest : NULL;
}

struct symbols *names_get(struct names *names)
{
    struct guest_kernel kernel;

    if (!names->symbols)
        names->symbols = names->images ? loader_collect_symbols(names->images) : symbols_create();
    if (names->symbols && names->machine && guest_kernel_find(names->machine, &kernel) &&
        (kernel.base != names->kernel.base || kernel.at != names->kernel.at ||
         kernel.size != names->kernel.size))
        read_kernel(names, &kernel);
    return names->symbols;
}
