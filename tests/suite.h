/* Runs a list of Check tests as one suite. Each test runs once for every case: _i is 0 .. cases
 * - 1. */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>
#include <stddef.h>

#define SUITE_RUN(name, tests, cases) suite_run(name, tests, sizeof(tests) / sizeof *(tests), cases)

/* What main() returns. */
static inline int suite_run(const char *name, const TTest *const tests[], size_t count, int cases)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create(name);
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, all);
    tcase_set_timeout(all, 0); /* never depend on speed; CTest has the last word */
    for (size_t i = 0; i < count; i++)
        tcase_add_loop_test(all, tests[i], 0, cases);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif
