/* Linux Images and raw binaries: how they are told apart, and that damaged headers do no harm. */
#include "loader/image.h"

#include "tests/loader/fixture.h"

#define SIZE 96 /* of the kernel in these tests: a header and a little more */

static void make_linux(u8 *bytes, u64 text_offset, u64 image_size)
{
    memset(bytes, 0x13, SIZE);
    memset(bytes + 8, 0, 56);
    for (unsigned i = 0; i < 8; i++) {
        bytes[8 + i] = (u8)(text_offset >> 8 * i);
        bytes[16 + i] = (u8)(image_size >> 8 * i);
    }
    memcpy(bytes + 48, "RISCV\0\0", 8);
    memcpy(bytes + 56, "RSC\x05", 4);
}

static bool open_bytes(struct image *image, const void *bytes, size_t size, char *message)
{
    struct test_file file = test_file_create("image");

    test_file_write(&file, bytes, size);
    bool is_open = image_open(image, file.path, message, 256);
    test_file_remove(&file);
    return is_open;
}

START_TEST(the_header_says_that_it_is_linux_and_how_wide)
{
    static const u64 offsets[] = {0x200000, 0x400000};
    static const enum image_kind kinds[] = {IMAGE_LINUX64, IMAGE_LINUX32};
    struct image image;
    char message[256] = "";
    u8 bytes[SIZE];

    make_linux(bytes, offsets[_i], 0x1000);
    ck_assert(open_bytes(&image, bytes, SIZE, message));
    ck_assert_int_eq(image.kind, kinds[_i]);
    ck_assert_uint_eq(image.xlen, _i == 0 ? 64 : 32);
    ck_assert_uint_eq(image.segments[0].memory_size, 0x1000);
    ck_assert_uint_eq(image.segments[0].file_size, SIZE);
    image_close(&image);
}
END_TEST

START_TEST(an_image_lies_at_its_text_offset_and_keeps_its_zeroed_memory)
{
    struct ram ram;
    struct layout layout = {.ram = &ram};
    struct image image;
    paddr entry = 0, end = 0;
    char message[256] = "";
    u8 bytes[SIZE];

    make_linux(bytes, 0x200000, 0x1000);
    ck_assert(ram_init(&ram, RAM_BASE, 4 * MIB));
    ck_assert(open_bytes(&image, bytes, SIZE, message));
    ck_assert_msg(
        image_place(&image, &layout, &ram, RAM_BASE, &entry, &end, message, sizeof message), "%s",
        message);
    ck_assert_uint_eq(entry, RAM_BASE + 0x200000);
    ck_assert_uint_eq(end, RAM_BASE + 0x201000);
    ck_assert_int_eq(memcmp(ram_host(&ram, entry), bytes, SIZE), 0);
    image_close(&image);
    ram_free(&ram);
}
END_TEST

START_TEST(an_old_header_without_a_size_counts_as_large_as_the_file)
{
    struct image image;
    char message[256] = "";
    u8 bytes[SIZE];

    make_linux(bytes, 0x200000, 0);
    ck_assert(open_bytes(&image, bytes, SIZE, message));
    ck_assert_uint_eq(image.segments[0].memory_size, SIZE);
    image_close(&image);
}
END_TEST

START_TEST(anything_else_is_a_raw_binary)
{
    struct image image;
    char message[256] = "";

    ck_assert(open_bytes(&image, "\x13\0\0\0", 4, message));
    ck_assert_int_eq(image.kind, IMAGE_RAW);
    ck_assert_uint_eq(image.xlen, 0);
    ck_assert_uint_eq(image.entry, 0);
    image_close(&image);
}
END_TEST

START_TEST(compressed_empty_and_big_endian_kernels_are_refused)
{
    struct image image;
    char message[256] = "";
    u8 bytes[SIZE];

    ck_assert(!open_bytes(&image, "\x1f\x8b\x08\0", 4, message));
    ck_assert_ptr_nonnull(strstr(message, "gunzip"));
    ck_assert(!open_bytes(&image, "", 0, message));
    ck_assert_ptr_nonnull(strstr(message, "is empty"));
    make_linux(bytes, 0x200000, 0);
    bytes[24] = 1;
    ck_assert(!open_bytes(&image, bytes, SIZE, message));
    ck_assert_ptr_nonnull(strstr(message, "big-endian"));
    ck_assert(!image_open(&image, "/nowhere/at/all", message, sizeof message));
    ck_assert_ptr_nonnull(strstr(message, "/nowhere/at/all cannot be opened"));
    ck_assert(!image_open(&image, "/tmp", message, sizeof message));
    ck_assert_ptr_nonnull(strstr(message, "not a regular file"));
}
END_TEST

/* Opens and places; a refusal is a sentence, and nothing is placed outside RAM. */
static void try_bytes(const u8 *bytes, size_t size, struct ram *ram, unsigned *refused)
{
    struct layout layout = {.ram = ram};
    struct image image;
    paddr entry, end;
    char message[256] = "";

    if (!open_bytes(&image, bytes, size, message)) {
        check_sentence(message);
        ++*refused;
        return;
    }
    if (image_place(&image, &layout, ram, RAM_BASE, &entry, &end, message, sizeof message)) {
        ck_assert(ram_holds(ram, layout.spans[0].start, layout.spans[0].size));
    } else {
        check_sentence(message);
        ++*refused;
    }
    image_close(&image);
}

START_TEST(truncated_and_changed_headers_are_refused_or_harmless)
{
    static const u8 changes[] = {0xff, 0x00, 0x01, 0x80, 0x7f};
    unsigned refused = 0;
    struct ram ram;
    u8 bytes[SIZE];

    ck_assert(ram_init(&ram, RAM_BASE, 4 * MIB));
    make_linux(bytes, 0x200000, 0x1000);
    for (size_t size = 0; size < SIZE; size++)
        try_bytes(bytes, size, &ram, &refused);
    ck_assert_uint_eq(refused, 1); /* the empty file; without a whole header it is raw */
    for (size_t at = 0; at < 64; at++) {
        for (size_t i = 0; i < sizeof changes; i++) {
            u8 before = bytes[at];
            bytes[at] = i == 0 ? (u8)~before : changes[i];
            try_bytes(bytes, SIZE, &ram, &refused);
            bytes[at] = before;
        }
    }
    ck_assert_uint_gt(refused, 30);
    ram_free(&ram);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("image");
    TCase *all = tcase_create("all");

    tcase_set_timeout(all, 60);
    tcase_add_loop_test(all, the_header_says_that_it_is_linux_and_how_wide, 0, 2);
    tcase_add_test(all, an_image_lies_at_its_text_offset_and_keeps_its_zeroed_memory);
    tcase_add_test(all, an_old_header_without_a_size_counts_as_large_as_the_file);
    tcase_add_test(all, anything_else_is_a_raw_binary);
    tcase_add_test(all, compressed_empty_and_big_endian_kernels_are_refused);
    tcase_add_test(all, truncated_and_changed_headers_are_refused_or_harmless);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
