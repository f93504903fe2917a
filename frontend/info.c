/* Answers to "what is this?": a build, a file, the board, a processor. */
#include "frontend/info.h"

#include <string.h>

#include "cpu/promises.h"
#include "frontend/guests.h"
#include "loader/image.h"

/* clang's version names itself. */
#ifdef __clang__
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif

void info_print_version(void)
{
    printf("vitrine %s\n", VITRINE_VERSION);
    printf("built     %s, by %s; %u fused sequences for RV64, %u for RV32\n", VITRINE_BUILD,
           COMPILER, hart_fused_sequences(64), hart_fused_sequences(32));
}

static enum exit_code print_build(void)
{
    info_print_version();
    printf("engines   fast, plain\n");
    printf("boards    %s\n", board_virt.name);
    printf("cpus      rv64gc, rv32gc, rva20s64, rva22s64, max, max32, or an ISA string\n");
    for (const struct guest *guest = guests; guest->name; guest++)
        printf("guest     %s: %s\n", guest->name, guest->meaning);
    return EXIT_DONE;
}

static void print_range(u64 start, u64 size, const char *name, unsigned irq, const char *meaning)
{
    char line[16] = "";
    if (irq)
        snprintf(line, sizeof(line), "irq %u", irq);
    printf("%#11llx  %#11llx  %-12s %-7s %s\n", (unsigned long long)start,
           (unsigned long long)(start + size - 1), name, line, meaning);
}

static enum exit_code print_board(const struct options *options)
{
    const struct board *board = &board_virt;
    u64 ram_size = options->ram_size ? options->ram_size : (u64)512 << 20;
    printf("The board %s:\n", board->name);
    print_range(board->rom_base, board->rom_size, "rom", 0, "where the harts start");
    for (unsigned i = 0; i < board->slot_count; i++) {
        const struct slot *slot = &board->slots[i];
        print_range(slot->base, slot->size, slot->type->name, slot->irq, slot->type->compatible);
    }
    print_range(board->ram_base, ram_size, "ram", 0, "");
    return EXIT_DONE;
}

static enum exit_code print_processor(const char *name)
{
    const struct promise *promise;
    struct isa isa;
    char text[1024];
    unsigned count;

    if (!isa_parse(name, &isa, text, sizeof(text))) {
        fprintf(stderr, "vitrine: %s\n", text);
        return EXIT_USAGE;
    }
    printf("%s\n", isa_string(&isa, text, sizeof(text)));
    for (unsigned i = 0; i < EXT_COUNT; i++)
        if (isa_has(&isa, (enum extension)i))
            printf("  %-12s %s\n", extension_name((enum extension)i),
                   extension_meaning((enum extension)i));
    printf("and, about how these behave:\n");
    promise = promises_all(&count);
    for (const struct promise *end = promise + count; promise < end; promise++)
        if (promise_holds(promise, &isa))
            printf("  %-12s %s\n", promise->name, promise->meaning);
    return EXIT_DONE;
}

static enum exit_code print_file(const char *path)
{
    struct image image;
    char message[512];
    if (!image_open(&image, path, message, sizeof(message))) {
        fprintf(stderr, "vitrine: %s\n", message);
        return EXIT_FILE;
    }
    printf("%s is %s, %llu bytes.\n", path, image_describe(image.kind),
           (unsigned long long)image.file.size);
    const char *from = image.is_fixed ? "" : " after the place it is loaded at";
    for (unsigned i = 0; i < image.segment_count; i++)
        printf("  %#llx bytes at %#llx%s\n", (unsigned long long)image.segments[i].memory_size,
               (unsigned long long)image.segments[i].start, from);
    if (image.segment_count > 0) /* a source is not assembled for this */
        printf("  starts at %#llx%s\n", (unsigned long long)image.entry, from);
    if (image.symbols)
        printf("  %zu symbols\n", symbols_count(image.symbols));
    if (image.has_htif)
        printf("  speaks HTIF, tohost at %#llx\n", (unsigned long long)image.tohost);
    image_close(&image);
    return EXIT_DONE;
}

enum exit_code info_command(const struct options *options)
{
    if (options->word_count > 2) {
        fprintf(stderr, "vitrine: info takes one file, or board.\n");
        return EXIT_USAGE;
    }
    const char *what = options->words[1];
    if (what && !strcmp(what, "board"))
        return print_board(options);
    if (what)
        return print_file(what);
    return options->cpu ? print_processor(options->cpu) : print_build();
}
