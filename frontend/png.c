/* Writing PNG files (see png.h): PNG (W3C), colour type 2, eight bits of each colour. */
#include "frontend/png.h"

#include "loader/refuse.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* libpng comes back here when something fails. What is needed afterwards is not changed before. */
static bool write_rows(FILE *file, png_structp png, png_infop info, const u32 *pixels, u32 width,
                       u32 height)
{
    if (setjmp(png_jmpbuf(png)))
        return false;
    png_init_io(png, file);
    png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png, 3);
    png_write_info(png, info);
    png_set_bgr(png); /* in memory: blue, green, red, one more */
    png_set_filler(png, 0, PNG_FILLER_AFTER);
    for (u32 row = 0; row < height; row++)
        png_write_row(png, (png_const_bytep)(pixels + (u64)row * width));
    png_write_end(png, info);
    return true;
}

static void say_nothing(png_structp png, png_const_charp text)
{
    (void)text;
    png_longjmp(png, 1);
}

static bool write_picture(FILE *file, const u32 *pixels, u32 width, u32 height)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, say_nothing, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    bool written = info && write_rows(file, png, info, pixels, width, height);

    png_destroy_write_struct(&png, &info);
    return written;
}

bool png_save(const char *path, const u32 *pixels, u32 width, u32 height, char *message,
              size_t message_size)
{
    FILE *file = fopen(path, "wb");
    bool written = file && write_picture(file, pixels, width, height);

    if (file && fclose(file) != 0)
        written = false;
    if (written)
        return true;
    refuse(message, message_size, "The screenshot %s cannot be written: %s.", path,
           strerror(errno));
    if (file)
        unlink(path);
    return false;
}
