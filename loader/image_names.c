/* What the addresses of a loaded program are called: by its own symbol table, or, for a Linux
 * Image, by the tables that the kernel has of itself (kallsyms.h). */
#include "loader/image.h"

#include "loader/kallsyms.h"

#include <stdlib.h>

/* Where Linux is linked: KERNEL_LINK_ADDR of RV64, PAGE_OFFSET of RV32. */
#define LINKED_RV64 0xffffffff80000000u
#define LINKED_RV32 0xc0000000u

static bool add_kernel(const struct image *image, struct symbols *symbols)
{
    u8 *bytes = malloc(image->file.size);
    char ignored[256];

    if (!bytes)
        return false;
    symbols_begin(symbols, SYMBOLS_KERNEL);
    if (file_read(&image->file, 0, bytes, image->file.size, ignored, sizeof ignored))
        kallsyms_read(bytes, image->file.size, image->xlen == 32 ? LINKED_RV32 : LINKED_RV64,
                      image->xlen, symbols);
    symbols_begin(symbols, SYMBOLS_FILE);
    free(bytes);
    return true;
}

bool image_add_names(const struct image *image, struct symbols *symbols)
{
    if (image->kind == IMAGE_LINUX64 || image->kind == IMAGE_LINUX32)
        return add_kernel(image, symbols);
    if (!image->symbols)
        return true;
    if (image->kind != IMAGE_SOURCE)
        symbols_add_lines(symbols, lines_open(image->file.path, 0));
    return symbols_add_all(symbols, image->symbols, 0);
}
