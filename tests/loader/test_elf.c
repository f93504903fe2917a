/* ELF programs: what is read of a good one, and that a damaged one is refused and nothing worse. */
#include "loader/elf.h"

#include "loader/image.h"
#include "tests/loader/fixture.h"

static const unsigned xlens[] = {32, 64};

static struct elf read_good(unsigned xlen)
{
    struct test_file on_disk = test_file_create("elf");
    struct file file;
    struct elf elf;
    char message[256] = "";

    test_elf_write(&on_disk, xlen, NULL);
    ck_assert(file_open(&file, on_disk.path, message, sizeof message));
    ck_assert_msg(elf_read(&file, &elf, message, sizeof message), "%s", message);
    file_close(&file);
    test_file_remove(&on_disk);
    return elf;
}

START_TEST(segments_and_entry_are_read_in_either_class)
{
    struct elf elf = read_good(xlens[_i]);

    ck_assert_uint_eq(elf.xlen, xlens[_i]);
    ck_assert_uint_eq(elf.entry, RAM_BASE + 4);
    ck_assert_uint_eq(elf.segment_count, 2);
    ck_assert_uint_eq(elf.segments[0].start, RAM_BASE);
    ck_assert_uint_eq(elf.segments[0].memory_size, 0x100);
    ck_assert_uint_eq(elf.segments[0].file_size, 16);
    ck_assert_uint_eq(elf.segments[1].start, ELF_DATA_PA);
    ck_assert_uint_eq(elf.segments[1].va, ELF_DATA_VA);
    symbols_destroy(elf.symbols);
}
END_TEST

START_TEST(tohost_is_found_at_its_physical_address)
{
    struct elf elf = read_good(xlens[_i]);

    ck_assert(elf.has_htif);
    ck_assert_uint_eq(elf.tohost, ELF_DATA_PA);
    ck_assert_uint_eq(elf.fromhost, ELF_DATA_PA + 8);
    symbols_destroy(elf.symbols);
}
END_TEST

START_TEST(symbols_name_code_and_data_but_not_values)
{
    struct elf elf = read_good(xlens[_i]);
    char text[64];
    vaddr at;

    ck_assert_str_eq(symbols_describe(elf.symbols, RAM_BASE + 4, text, sizeof text), "start+0x4");
    ck_assert_str_eq(symbols_describe(elf.symbols, RAM_BASE + 8, text, sizeof text), "helper");
    ck_assert_str_eq(symbols_describe(elf.symbols, RAM_BASE + 12, text, sizeof text), "helper+0x4");
    ck_assert_str_eq(symbols_describe(elf.symbols, RAM_BASE + 16, text, sizeof text), "0x80000010");
    ck_assert(symbols_find_address(elf.symbols, "value", &at));
    ck_assert_uint_eq(at, RAM_BASE + 12);
    ck_assert(!symbols_find_address(elf.symbols, "$x", &at));
    symbols_destroy(elf.symbols);
}
END_TEST

/* Opens and places what is in the file: true when it is now in RAM. Whatever happens, only RAM was
 * written (the gate asserts it) and a refusal is a sentence. */
static bool try_file(const struct test_file *file, struct ram *ram)
{
    struct layout layout = {.ram = ram};
    struct image image;
    paddr entry, end;
    char message[256] = "";

    if (!image_open(&image, file->path, message, sizeof message)) {
        check_sentence(message);
        return false;
    }
    bool is_placed =
        image_place(&image, &layout, ram, ram->base, &entry, &end, message, sizeof message);
    if (!is_placed)
        check_sentence(message);
    for (unsigned i = 0; i < layout.count; i++)
        ck_assert(ram_holds(ram, layout.spans[i].start, layout.spans[i].size));
    image_close(&image);
    return is_placed;
}

START_TEST(truncation_at_every_byte_is_refused_or_harmless)
{
    struct test_file file = test_file_create("elf");
    u8 bytes[ELF_LARGEST];
    size_t size = test_elf_write(&file, xlens[_i], bytes);
    struct ram ram;

    ck_assert(ram_init(&ram, RAM_BASE, 4 * MIB));
    ck_assert(try_file(&file, &ram));
    for (size_t length = 0; length < size; length++) {
        test_file_write(&file, bytes, length);
        bool is_loaded = try_file(&file, &ram);
        /* From 1 to 3 bytes it is a raw binary; without all of the segments it must not load. */
        if (length == 0 || (length >= 4 && length < ELF_SYMTAB))
            ck_assert_msg(!is_loaded, "loaded with %zu bytes", length);
    }
    ram_free(&ram);
    test_file_remove(&file);
}
END_TEST

START_TEST(any_changed_byte_is_refused_or_harmless)
{
    static const u8 changes[] = {0xff, 0x00, 0x01, 0x80, 0x7f};
    struct test_file file = test_file_create("elf");
    u8 bytes[ELF_LARGEST];
    size_t size = test_elf_write(&file, xlens[_i], bytes);
    unsigned refused = 0;
    struct ram ram;

    ck_assert(ram_init(&ram, RAM_BASE, 4 * MIB));
    for (size_t at = 0; at < size; at++) {
        for (size_t i = 0; i < sizeof changes; i++) {
            u8 before = bytes[at];
            bytes[at] = i == 0 ? (u8)~before : changes[i];
            test_file_write(&file, bytes, size);
            refused += !try_file(&file, &ram);
            bytes[at] = before;
        }
    }
    ck_assert_uint_gt(refused, 100);
    ram_free(&ram);
    test_file_remove(&file);
}
END_TEST

/* One field of the 64-bit file changed, and a word that the refusal must contain. */
static const struct {
    size_t at;
    unsigned size;
    u64 value;
    const char *word;
} bad_fields[] = {
    {16, 2, ET_DYN, "position-independent"},
    {16, 2, ET_REL, "not an executable"},
    {18, 2, EM_X86_64, "another processor"},
    {24, 8, 0x1234, "its entry 0x1234 is in none"},
    {64, 4, PT_INTERP, "dynamically linked"},
    {64 + 8, 8, 0x10000, "segment 0 lies beyond its end"},
    {64 + 24, 8, 0x70000000, "link it for 0x80000000"},
    {64 + 56 + 24, 8, 0x80800000, "RAM ends at 0x803fffff; use -m 64M"},
    {64 + 56 + 24, 8, 0x80000080, "where "},
    {64 + 24, 8, UINT64_MAX - 15, "wraps round"},
    {64 + 32, 8, 0x101, "larger in the file"},
    {64 + 40, 8, UINT64_MAX, "wraps round"},
    {64 + 40, 8, 0x10000000, "0x80000000..0x8fffffff, but RAM ends at 0x803fffff; use -m 320M"},
};

static void put(u8 *to, unsigned size, u64 value)
{
    for (unsigned i = 0; i < size; i++)
        to[i] = (u8)(value >> 8 * i);
}

START_TEST(a_refusal_says_what_is_wrong)
{
    struct test_file file = test_file_create("elf");
    u8 bytes[ELF_LARGEST];
    size_t size = test_elf_write(&file, 64, bytes);
    struct ram ram;
    struct layout layout = {.ram = &ram};
    struct image image;
    paddr entry, end;
    char message[256] = "";

    ck_assert(ram_init(&ram, RAM_BASE, 4 * MIB));
    put(bytes + bad_fields[_i].at, bad_fields[_i].size, bad_fields[_i].value);
    test_file_write(&file, bytes, size);
    if (image_open(&image, file.path, message, sizeof message)) {
        ck_assert(!image_place(&image, &layout, &ram, 0, &entry, &end, message, sizeof message));
        image_close(&image);
    }
    check_sentence(message);
    ck_assert_msg(strstr(message, bad_fields[_i].word), "%s", message);
    ram_free(&ram);
    test_file_remove(&file);
}
END_TEST

/* The first segment now starts with the file, and so many bytes before RAM. */
static void put_segment_before_ram(u8 *bytes)
{
    put(bytes + 64 + 8, 8, 0);
    put(bytes + 64 + 16, 8, RAM_BASE - ELF_TEXT);
    put(bytes + 64 + 24, 8, RAM_BASE - ELF_TEXT);
    put(bytes + 64 + 32, 8, ELF_TEXT + 16);
    put(bytes + 64 + 40, 8, ELF_TEXT + 0x100);
}

START_TEST(a_file_header_in_front_of_ram_is_left_out)
{
    struct test_file file = test_file_create("elf");
    u8 bytes[ELF_LARGEST];
    size_t size = test_elf_write(&file, 64, bytes);
    struct ram ram;

    put_segment_before_ram(bytes);
    test_file_write(&file, bytes, size);
    ck_assert(ram_init(&ram, RAM_BASE, 4 * MIB));
    ck_assert(try_file(&file, &ram));
    ck_assert_uint_eq(*ram_host(&ram, RAM_BASE), 0x13);
    ck_assert_uint_eq(*ram_host(&ram, RAM_BASE + 15), 0x13);
    ck_assert_uint_eq(*ram_host(&ram, RAM_BASE + 16), 0);
    ram_free(&ram);
    test_file_remove(&file);
}
END_TEST

START_TEST(an_entry_in_a_header_that_is_left_out_is_refused)
{
    struct test_file file = test_file_create("elf");
    u8 bytes[ELF_LARGEST];
    size_t size = test_elf_write(&file, 64, bytes);
    struct ram ram;

    put_segment_before_ram(bytes);
    put(bytes + 24, 8, RAM_BASE - 2);
    test_file_write(&file, bytes, size);
    ck_assert(ram_init(&ram, RAM_BASE, 4 * MIB));
    ck_assert(!try_file(&file, &ram));
    ram_free(&ram);
    test_file_remove(&file);
}
END_TEST

#define NAMES_SIZE   0x10000u
#define SYMBOLS      2000u
#define TABLE_AT     ELF_LARGEST
#define NAMES_AT     (TABLE_AT + 24 * SYMBOLS)
#define HEADER_OF(i) (ELF_HEADERS + 64 * (i))

/* A table of functions that all have the same long name. */
static void make_long_names(u8 *bytes)
{
    put(bytes + HEADER_OF(3) + 24, 8, TABLE_AT);
    put(bytes + HEADER_OF(3) + 32, 8, 24 * SYMBOLS);
    put(bytes + HEADER_OF(4) + 24, 8, NAMES_AT);
    put(bytes + HEADER_OF(4) + 32, 8, NAMES_SIZE);
    memset(bytes + NAMES_AT, 'n', NAMES_SIZE - 1);
    for (u32 i = 0; i < SYMBOLS; i++) {
        u8 *symbol = bytes + TABLE_AT + 24 * i;
        symbol[4] = GELF_ST_INFO(STB_GLOBAL, STT_FUNC);
        symbol[6] = 1; /* in the first section */
        put(symbol + 8, 8, RAM_BASE);
    }
}

START_TEST(names_take_no_more_memory_than_the_file_is_long)
{
    struct test_file file = test_file_create("elf");
    u8 *bytes = calloc(1, NAMES_AT + NAMES_SIZE);
    struct image image;
    char message[256] = "";

    ck_assert_ptr_nonnull(bytes);
    test_elf_write(&file, 64, bytes);
    make_long_names(bytes);
    test_file_write(&file, bytes, NAMES_AT + NAMES_SIZE);
    ck_assert_msg(image_open(&image, file.path, message, sizeof message), "%s", message);
    ck_assert_uint_eq(symbols_count(image.symbols), 1);
    image_close(&image);
    free(bytes);
    test_file_remove(&file);
}
END_TEST

START_TEST(only_the_first_symbol_table_is_read)
{
    struct test_file file = test_file_create("elf");
    u8 bytes[ELF_LARGEST];
    size_t size = test_elf_write(&file, 64, bytes), count;
    struct image image;
    char message[256] = "";

    ck_assert(image_open(&image, file.path, message, sizeof message));
    count = symbols_count(image.symbols);
    image_close(&image);
    memcpy(bytes + HEADER_OF(2), bytes + HEADER_OF(3), 64); /* the same table once more */
    test_file_write(&file, bytes, size);
    ck_assert(image_open(&image, file.path, message, sizeof message));
    ck_assert_uint_eq(symbols_count(image.symbols), count);
    image_close(&image);
    test_file_remove(&file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("elf");
    TCase *reading = tcase_create("reading"), *damage = tcase_create("damage");

    tcase_add_loop_test(reading, segments_and_entry_are_read_in_either_class, 0, 2);
    tcase_add_loop_test(reading, tohost_is_found_at_its_physical_address, 0, 2);
    tcase_add_loop_test(reading, symbols_name_code_and_data_but_not_values, 0, 2);
    tcase_add_test(reading, a_file_header_in_front_of_ram_is_left_out);
    tcase_add_test(reading, an_entry_in_a_header_that_is_left_out_is_refused);
    tcase_set_timeout(damage, 120);
    tcase_add_loop_test(damage, truncation_at_every_byte_is_refused_or_harmless, 0, 2);
    tcase_add_loop_test(damage, any_changed_byte_is_refused_or_harmless, 0, 2);
    tcase_add_loop_test(damage, a_refusal_says_what_is_wrong, 0,
                        sizeof bad_fields / sizeof bad_fields[0]);
    tcase_add_test(damage, names_take_no_more_memory_than_the_file_is_long);
    tcase_add_test(damage, only_the_first_symbol_table_is_read);
    suite_add_tcase(suite, reading);
    suite_add_tcase(suite, damage);
    return test_run(suite);
}
