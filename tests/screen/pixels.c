/* Looks at pictures for the tests of the screen: PNG files, and the file in which Xvfb (-fbdir)
 * keeps what its screen shows, in the form of XWD ("X Window Dump").
 *
 *   pixels size FILE                      width and height
 *   pixels at FILE X Y                    one pixel, rrggbb
 *   pixels find FILE RRGGBB               where about that colour is first; exit code 1: nowhere
 *   pixels same A X Y B X Y WIDTH HEIGHT  exit code 0: equal, and of more than one colour
 *   pixels count FILE SECONDS X Y         how often a pixel changes, looking every millisecond
 */
#include <fcntl.h>
#include <png.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct picture {
    unsigned width, height, stride; /* pixels */
    const volatile uint32_t *pixels;
};

static _Noreturn void fail(const char *what, const char *why)
{
    fprintf(stderr, "pixels: %s: %s\n", what, why);
    exit(2);
}

/* XWD's header: words, most significant byte first. */
enum { SIZE = 0, WIDTH = 4, HEIGHT = 5, DEPTH = 11, LINE = 12, COLOURS = 19, WORDS = 25 };

static uint32_t word(const uint8_t *bytes, unsigned index)
{
    bytes += 4 * index;
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static struct picture open_dump(const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY);
    uint8_t *bytes;

    if (fd < 0 || fstat(fd, &status) != 0 || status.st_size < 4 * WORDS)
        fail(path, "cannot be read");
    bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED || word(bytes, DEPTH) != 32)
        fail(path, "is no dump with 32 bits for a pixel");
    size_t at = word(bytes, SIZE) + 12 * (size_t)word(bytes, COLOURS);
    if (at + (size_t)word(bytes, LINE) * word(bytes, HEIGHT) > (size_t)status.st_size)
        fail(path, "is cut off");
    return (struct picture){word(bytes, WIDTH), word(bytes, HEIGHT), word(bytes, LINE) / 4,
                            (const volatile uint32_t *)(void *)(bytes + at)};
}

static struct picture open_png(const char *path)
{
    png_image image = {.version = PNG_IMAGE_VERSION};

    if (!png_image_begin_read_from_file(&image, path))
        fail(path, image.message);
    image.format = PNG_FORMAT_BGRA;
    uint32_t *pixels = malloc(PNG_IMAGE_SIZE(image));
    if (!pixels || !png_image_finish_read(&image, NULL, pixels, 0, NULL))
        fail(path, image.message);
    return (struct picture){image.width, image.height, image.width, pixels};
}

static struct picture open_picture(const char *path)
{
    size_t length = strlen(path);

    return length > 4 && !strcmp(path + length - 4, ".png") ? open_png(path) : open_dump(path);
}

static uint32_t pixel(const struct picture *picture, unsigned x, unsigned y)
{
    if (x >= picture->width || y >= picture->height)
        fail("a pixel", "lies outside the picture");
    return picture->pixels[(size_t)y * picture->stride + x] & 0xffffff;
}

static unsigned number(const char *text)
{
    return (unsigned)strtoul(text, NULL, 10);
}

static int compare(char **argv)
{
    struct picture a = open_picture(argv[2]), b = open_picture(argv[5]);
    unsigned width = number(argv[8]), height = number(argv[9]), differ = 0, others = 0;

    for (unsigned i = 0; i < width * height; i++) {
        unsigned x = i % width, y = i / width;
        uint32_t left = pixel(&a, number(argv[3]) + x, number(argv[4]) + y);
        differ += left != pixel(&b, number(argv[6]) + x, number(argv[7]) + y);
        others += left != pixel(&a, number(argv[3]), number(argv[4]));
    }
    if (differ || !others)
        printf("%u of %u pixels differ%s\n", differ, width * height,
               others ? "" : "; they are all of one colour");
    return differ || !others;
}

/* Libraries do not agree on how halves are rounded when colours are mixed. */
static bool is_close(uint32_t a, uint32_t b)
{
    int most = 0;

    for (unsigned shift = 0; shift < 24; shift += 8) {
        int difference = abs((int)(a >> shift & 255) - (int)(b >> shift & 255));
        most = difference > most ? difference : most;
    }
    return most <= 2;
}

static int find(char **argv)
{
    struct picture picture = open_picture(argv[2]);
    uint32_t wanted = (uint32_t)strtoul(argv[3], NULL, 16);

    for (unsigned i = 0; i < picture.width * picture.height; i++)
        if (is_close(pixel(&picture, i % picture.width, i / picture.width), wanted)) {
            printf("%u %u\n", i % picture.width, i / picture.width);
            return 0;
        }
    return 1;
}

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static int count(char **argv)
{
    const struct timespec nap = {0, 1000000};
    struct picture picture = open_picture(argv[2]);
    double start = now(), seconds = strtod(argv[3], NULL);
    uint32_t before = pixel(&picture, number(argv[4]), number(argv[5]));
    unsigned changes = 0;

    while (now() - start < seconds) {
        uint32_t here = pixel(&picture, number(argv[4]), number(argv[5]));
        changes += here != before;
        before = here;
        nanosleep(&nap, NULL);
    }
    printf("%u\n", changes);
    return 0;
}

static bool is(int argc, char **argv, const char *command, int words)
{
    return argc == words && !strcmp(argv[1], command);
}

int main(int argc, char **argv)
{
    struct picture picture;

    if (is(argc, argv, "same", 10))
        return compare(argv);
    if (is(argc, argv, "find", 4))
        return find(argv);
    if (is(argc, argv, "count", 6))
        return count(argv);
    if (!is(argc, argv, "size", 3) && !is(argc, argv, "at", 5))
        fail("usage",
             "size FILE | at FILE X Y | same A X Y B X Y WIDTH HEIGHT | count FILE SECONDS X Y");
    picture = open_picture(argv[2]);
    if (argc == 3)
        printf("%u %u\n", picture.width, picture.height);
    else
        printf("%06x\n", pixel(&picture, number(argv[3]), number(argv[4])));
    return 0;
}
