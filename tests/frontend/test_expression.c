/* Numbers as people write them. */
#include "frontend/expression.h"

#include <check.h>
#include <inttypes.h>
#include <string.h>

#include "tests/suite.h"

static bool find(void *context, const char *name, u64 *value)
{
    (void)context;
    *value = 0x1000;
    return !strcmp(name, "sp") || !strcmp(name, "do_sys_open.part.0") || !strcmp(name, "$pc");
}

static const struct expression_names names = {NULL, find};
static char message[256];

static bool read(const char *text, u64 *value)
{
    *message = 0;
    return expression_read(text, &names, value, message, sizeof(message));
}

START_TEST(sums_products_and_names_have_their_value)
{
    static const struct {
        const char *text;
        u64 value;
    } cases[] = {
        {"0", 0},
        {"4096", 4096},
        {"0xFFffffff80000000", 0xffffffff80000000},
        {"18446744073709551615", UINT64_MAX},
        {"sp+8", 0x1008},
        {"sp - 8", 0xff8},
        {"2*3+4", 10},
        {"2+3*4", 14},
        {"(2+3)*4", 20},
        {"10-3-2", 5},
        {"-1", UINT64_MAX},
        {"-(sp)+-1", (u64)-0x1001},
        {"do_sys_open.part.0+0x10", 0x1010},
        {"$pc", 0x1000},
        {" 7 ", 7},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        u64 value = 1;
        ck_assert_msg(read(cases[i].text, &value), "%s: %s", cases[i].text, message);
        ck_assert_msg(value == cases[i].value, "%s is %" PRIx64, cases[i].text, value);
    }
}
END_TEST

START_TEST(what_is_no_expression_gets_a_sentence)
{
    static const char *const cases[] = {
        "",     " ",
        "+",    "1+",
        "(1",   "1)",
        "1 2",  "nope",
        "0x",   "0xg",
        "12ab", "1**2",
        "a b",  "18446744073709551616",
        "sp+*", "\x80",
        "sp,8", "(((((((((((((((((((((((((((((((((((((((((((1",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        u64 value;
        ck_assert_msg(!read(cases[i], &value), "%s was read", cases[i]);
        ck_assert_msg(message[strlen(message) - 1] == '.', "no sentence: %s", message);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        sums_products_and_names_have_their_value,
        what_is_no_expression_gets_a_sentence,
    };
    return SUITE_RUN("expression", tests, 1);
}
