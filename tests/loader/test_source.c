/* Assembly sources as programs: told by their name, assembled for the processor at hand, placed
 * like an ELF file. The assembler has its own tests (tests/cpu/test_assemble.c). */
#include "loader/image.h"
#include "loader/loader.h"

#include "tests/loader/fixture.h"

static const char program[] = ".equ size, 5\n.data\nvalue: .word 7\n.text\nnop\n_start: la a0, "
                              "value\n.balign 8\ntohost: .dword 0\n";

struct source {
    struct test_file file;
    char path[72]; /* the file's, with .s */
    char message[256];
};

static struct source source_create(const char *text, const char *suffix)
{
    struct source source = {.file = test_file_create("source")};

    test_file_write(&source.file, text, strlen(text));
    snprintf(source.path, sizeof source.path, "%s%s", source.file.path, suffix);
    ck_assert_int_eq(rename(source.file.path, source.path), 0);
    return source;
}

static void source_remove(const struct source *source)
{
    close(source->file.fd);
    unlink(source->path);
}

static struct isa isa_of(unsigned xlen)
{
    struct isa isa;
    char message[256];

    ck_assert(isa_parse(xlen == 64 ? "rv64gc" : "rv32gc", &isa, message, sizeof message));
    return isa;
}

static bool open_source(struct source *source, struct image *image, unsigned xlen)
{
    struct isa isa = isa_of(xlen);

    return image_open(image, source->path, source->message, sizeof source->message) &&
           image_assemble(image, &isa, source->message, sizeof source->message);
}

START_TEST(a_source_is_known_by_its_name)
{
    static const char *const suffixes[] = {".s", ".S", ".bin", "s"};
    struct source source = source_create(program, suffixes[_i]);
    struct image image;

    ck_assert_msg(open_source(&source, &image, 64), "%s", source.message);
    ck_assert_int_eq(image.kind, _i < 2 ? IMAGE_SOURCE : IMAGE_RAW);
    ck_assert_int_eq(image.is_fixed, _i < 2);
    image_close(&image);
    source_remove(&source);
}
END_TEST

START_TEST(a_source_is_as_wide_as_the_processor_and_lies_where_ram_begins)
{
    struct source source = source_create(program, ".s");
    struct image image;
    u64 offset;
    vaddr at = 0;

    ck_assert_msg(open_source(&source, &image, _i ? 32 : 64), "%s", source.message);
    ck_assert_uint_eq(image.xlen, _i ? 32 : 64);
    ck_assert_uint_eq(image.entry, RAM_BASE + 4);
    ck_assert_uint_eq(image.segments[0].start, RAM_BASE);
    ck_assert_uint_eq(image.segments[0].memory_size, 36);
    ck_assert_str_eq(symbols_find_name(image.symbols, RAM_BASE + 8, &offset), "_start");
    ck_assert_uint_eq(offset, 4);
    ck_assert(symbols_find_address(image.symbols, "size", &at));
    ck_assert_uint_eq(at, 5);
    ck_assert(image.has_htif);
    ck_assert_uint_eq(image.tohost, RAM_BASE + 16);
    ck_assert_uint_eq(image.fromhost, 0);
    image_close(&image);
    source_remove(&source);
}
END_TEST

START_TEST(a_source_is_in_ram_again_after_every_reset)
{
    struct source source = source_create(program, ".s");
    struct load_plan plan = {.kernel = source.path, .isa = isa_of(64)};
    struct image_set *set = loader_open(&plan, source.message, sizeof source.message);
    struct machine machine;
    struct loaded loaded;

    ck_assert_msg(set, "%s", source.message);
    test_machine_create(&machine, 64, 8 * MIB);
    for (unsigned i = 0; i < 2; i++) {
        memset(ram_host(&machine.ram, RAM_BASE), 0, 64);
        ck_assert_msg(loader_place(set, &machine, &loaded, source.message, sizeof source.message),
                      "%s", source.message);
        ck_assert_uint_eq(loaded.entry, RAM_BASE + 4);
        ck_assert_uint_eq(loaded.tohost, RAM_BASE + 16);
        ck_assert_int_eq(memcmp(ram_host(&machine.ram, RAM_BASE), "\x13\0\0\0", 4), 0);
        ck_assert_int_eq(memcmp(ram_host(&machine.ram, RAM_BASE + 32), "\7\0\0\0", 4), 0);
    }
    loader_close(set);
    test_machine_destroy(&machine);
    source_remove(&source);
}
END_TEST

START_TEST(a_mistake_in_a_source_is_one_sentence_with_file_and_line)
{
    static const struct {
        const char *text, *says;
    } mistakes[] = {
        {"nop\nadi a0, a0, 1\n", ".s:2: there is no instruction adi."},
        {"# nothing\n", "has no instruction and no data."},
        {".zero 1 << 40\n", ".s:1: the program is larger than 64 MiB."},
    };
    struct source source = source_create(mistakes[_i].text, ".s");
    struct load_plan plan = {.kernel = source.path, .isa = isa_of(64)};

    ck_assert_ptr_null(loader_open(&plan, source.message, sizeof source.message));
    check_sentence(source.message);
    ck_assert_msg(strstr(source.message, mistakes[_i].says), "%s", source.message);
    source_remove(&source);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source");
    TCase *all = tcase_create("all");

    tcase_set_timeout(all, 60);
    tcase_add_loop_test(all, a_source_is_known_by_its_name, 0, 4);
    tcase_add_loop_test(all, a_source_is_as_wide_as_the_processor_and_lies_where_ram_begins, 0, 2);
    tcase_add_test(all, a_source_is_in_ram_again_after_every_reset);
    tcase_add_loop_test(all, a_mistake_in_a_source_is_one_sentence_with_file_and_line, 0, 3);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
