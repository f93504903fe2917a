/* Files and numbers at an address (see extra.h). */
#include "loader/extra.h"

#include "loader/refuse.h"

#include <string.h>

static bool open_elf(struct extra_file *opened, const char *path, char *message, size_t size)
{
    if (!image_open(&opened->image, path, message, size))
        return false;
    if (opened->image.kind != IMAGE_ELF32 && opened->image.kind != IMAGE_ELF64)
        image_close(&opened->image);
    return true;
}

bool extra_open(struct extra_file *opened, const struct extra *extra, char *message, size_t size)
{
    opened->extra = *extra;
    if (!extra->path)
        return true;
    if (!extra->is_raw && !open_elf(opened, extra->path, message, size))
        return false;
    if (opened->image.file.path)
        return true;
    if (!extra->has_at)
        return refuse(message, size, "%s is no ELF program, so its address must be said.",
                      extra->path);
    return file_open(&opened->file, extra->path, message, size);
}

void extra_close(struct extra_file *opened)
{
    image_close(&opened->image);
    file_close(&opened->file);
}

static bool place_file(const struct file *file, paddr at, struct layout *layout, struct ram *ram,
                       char *message, size_t size)
{
    return file_is_unchanged(file, message, size) &&
           layout_take(layout, (struct span){at, file->size, file->path}, message, size) &&
           file_read(file, 0, ram_writable(ram, at, file->size), file->size, message, size);
}

bool extra_place(const struct extra_file *opened, struct layout *layout, struct ram *ram,
                 char *message, size_t size)
{
    const struct extra *extra = &opened->extra;
    paddr entry, end;

    if (opened->image.file.path)
        return file_is_unchanged(&opened->image.file, message, size) &&
               image_place(&opened->image, layout, ram, ram->base, &entry, &end, message, size);
    if (opened->file.path)
        return place_file(&opened->file, extra->at, layout, ram, message, size);
    if (!ram_holds(ram, extra->at, extra->byte_size))
        return refuse(message, size, "The number for 0x%llx would not lie in memory.",
                      (unsigned long long)extra->at);
    memcpy(ram_writable(ram, extra->at, extra->byte_size), &extra->number, extra->byte_size);
    return true;
}
