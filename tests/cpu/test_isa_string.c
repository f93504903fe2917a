/* ISA strings: what is read of them, what is written, and what is refused with a sentence. */
#include "cpu/isa.h"

#include "tests/agree/random.h"
#include "tests/suite.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct isa everything(unsigned xlen)
{
    return (struct isa){.xlen = xlen, .extensions = isa_all(xlen)};
}

static struct isa parse(const char *text)
{
    char message[256] = "";
    struct isa isa = {0};

    ck_assert_msg(isa_parse(text, &isa, message, sizeof message), "%s", message);
    return isa;
}

START_TEST(isa_strings_say_what_was_read)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"rv64i", "rv64i"},
        {"rv32imac", "rv32imac"},
        {"rv64gc", "rv64imafdc_zicntr_zicsr_zifencei_zihpm"},
        {"rv32gc", "rv32imafdc_zicntr_zicsr_zifencei_zihpm"},
        {"rv64g", "rv64imafd_zicsr_zifencei"},
        {"rv64gc_zba_zbb", "rv64imafdc_zicsr_zifencei_zba_zbb"},
        {"rv64i_zbb_zba", "rv64i_zba_zbb"},
        {"rv64izba", "rv64i_zba"},
        {"rv64if", "rv64if_zicsr"},
        {"rv64id", "rv64ifd_zicsr"},
        {"rv64i_zfh", "rv64if_zicsr_zfh_zfhmin"},
        {"rv64i_zfa_zba", "rv64if_zicsr_zfa_zba"},
        {"rv32i_sstc", "rv32i_zicsr_sstc"},
        {"rv64i_m_a_c", "rv64imac"},
    };
    char text[1024];

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct isa isa = parse(cases[i].from);
        ck_assert_str_eq(isa_string(&isa, text, sizeof text), cases[i].to);
    }
}
END_TEST

START_TEST(isa_strings_round_trip)
{
    struct random random = {.state = 4};
    char text[1024], again[1024];

    for (unsigned i = 0; i < 1000; i++) {
        struct isa isa = everything(i % 2 ? 32 : 64), read;
        isa.extensions = (isa.extensions & random_next(&random)) | (u64)1 << EXT_I;
        /* What it implies is added once; after that, reading changes nothing. */
        isa = parse(isa_string(&isa, text, sizeof text));
        read = parse(isa_string(&isa, text, sizeof text));
        ck_assert_uint_eq(read.xlen, isa.xlen);
        ck_assert_uint_eq(read.extensions, isa.extensions);
        ck_assert_str_eq(isa_string(&read, again, sizeof again), text);
    }
}
END_TEST

START_TEST(max_has_every_extension)
{
    ck_assert_uint_eq(parse("max").extensions, everything(64).extensions);
    ck_assert_uint_eq(parse("max").xlen, 64);
    ck_assert_uint_eq(parse("max32").extensions, everything(32).extensions);
    ck_assert_uint_eq(parse("max32").xlen, 32);
}
END_TEST

START_TEST(every_extension_says_what_it_brings)
{
    for (unsigned i = 0; i < EXT_COUNT; i++)
        ck_assert_uint_gt(strlen(extension_meaning((enum extension)i)), 5);
}
END_TEST

START_TEST(profiles_bring_what_they_make_mandatory)
{
    char text[1024];
    struct isa isa = parse("rva20s64");

    ck_assert_str_eq(isa_string(&isa, text, sizeof text), "rv64imafdc_zicntr_zicsr_zifencei_svade");
}
END_TEST

START_TEST(a_profile_that_needs_more_than_there_is_says_what)
{
    char message[256];
    struct isa isa;

    ck_assert(!isa_parse("rva23s64", &isa, message, sizeof message));
    ck_assert_int_eq(strncmp(message, "rva23s64: this profile needs ", 29), 0);
    ck_assert(!isa_parse("rva24s64", &isa, message, sizeof message));
    ck_assert_ptr_nonnull(strstr(message, "not a processor"));
}
END_TEST

START_TEST(what_is_rv64s_alone_is_refused_on_rv32)
{
    static const char *const names[] = {"svnapot", "svpbmt", "ssu64xl", "smnpm", "ssnpm", "supm"};

    for (size_t i = 0; i < COUNT(names); i++) {
        char text[32], message[256];
        struct isa isa;
        snprintf(text, sizeof text, "rv64i_%s", names[i]);
        ck_assert(isa_parse(text, &isa, message, sizeof message));
        snprintf(text, sizeof text, "rv32i_%s", names[i]);
        ck_assert(!isa_parse(text, &isa, message, sizeof message));
    }
}
END_TEST

START_TEST(isa_strings_that_make_no_sense_are_refused_with_a_reason)
{
    static const char *const bad[] = {"",
                                      "rv64",
                                      "rv128i",
                                      "rv16i",
                                      "RV64GC",
                                      "rv64gq",
                                      "rv64m",
                                      "rv64i_zfoo",
                                      "64gc",
                                      "rv64i-zba",
                                      "rv64i zba",
                                      "rv64gcv",
                                      "rv64i_zbasomething",
                                      "r",
                                      "rv64i2p1"};

    for (size_t i = 0; i < COUNT(bad); i++) {
        char message[256] = "";
        struct isa isa;
        ck_assert_msg(!isa_parse(bad[i], &isa, message, sizeof message), "%s was read", bad[i]);
        ck_assert_msg(!strncmp(message, bad[i], strlen(bad[i])) && strstr(message, ": "), "%s",
                      message);
    }
}
END_TEST

START_TEST(isa_string_is_cut_to_the_room_there_is)
{
    struct isa isa = everything(64);
    char text[16] = "...............";

    for (size_t size = 1; size < sizeof text; size++) {
        isa_string(&isa, text, size);
        ck_assert_uint_eq(strlen(text), size - 1);
        ck_assert_int_eq(strncmp("rv64imafdc_zicbom", text, size - 1), 0);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {isa_strings_say_what_was_read,
                                  isa_strings_round_trip,
                                  max_has_every_extension,
                                  every_extension_says_what_it_brings,
                                  profiles_bring_what_they_make_mandatory,
                                  a_profile_that_needs_more_than_there_is_says_what,
                                  what_is_rv64s_alone_is_refused_on_rv32,
                                  isa_strings_that_make_no_sense_are_refused_with_a_reason,
                                  isa_string_is_cut_to_the_room_there_is};

    return SUITE_RUN("isa strings", tests, 1);
}
