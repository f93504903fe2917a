/* Source lines by libdw (see lines.h). Units are looked at when an address is asked for: a kernel
 * has thousands, and reading them all takes seconds. */
#include "loader/lines.h"

#include <elfutils/libdw.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct lines {
    int fd;
    Dwarf *dwarf;
    u64 slide;
};

void lines_close(struct lines *lines)
{
    if (!lines)
        return;
    if (lines->dwarf)
        dwarf_end(lines->dwarf);
    if (lines->fd >= 0)
        close(lines->fd);
    free(lines);
}

struct lines *lines_open(const char *path, u64 slide)
{
    struct lines *lines = calloc(1, sizeof *lines);
    Dwarf_CU *first = NULL;

    if (!lines)
        return NULL;
    lines->slide = slide;
    lines->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (lines->fd >= 0)
        lines->dwarf = dwarf_begin(lines->fd, DWARF_C_READ);
    if (lines->dwarf && dwarf_get_units(lines->dwarf, NULL, &first, NULL, NULL, NULL, NULL) == 0)
        return lines;
    lines_close(lines);
    return NULL;
}

/* The index of addresses (.debug_aranges) names the unit; where there is none, each is asked. */
static bool find_unit(Dwarf *dwarf, Dwarf_Addr at, Dwarf_Die *unit)
{
    Dwarf_CU *next = NULL;

    if (dwarf_addrdie(dwarf, at, unit))
        return true;
    while (dwarf_get_units(dwarf, next, &next, NULL, NULL, unit, NULL) == 0)
        if (dwarf_haspc(unit, at) == 1)
            return true;
    return false;
}

bool lines_find(struct lines *lines, vaddr at, const char **file, unsigned *line)
{
    Dwarf_Die unit;
    Dwarf_Line *found;
    int number = 0;

    if (!find_unit(lines->dwarf, at - lines->slide, &unit))
        return false;
    found = dwarf_getsrc_die(&unit, at - lines->slide);
    if (!found || dwarf_lineno(found, &number) != 0 || number <= 0)
        return false;
    *file = dwarf_linesrc(found, NULL, NULL);
    *line = (unsigned)number;
    return *file;
}
