/* Recipes: found, run, and their lines understood; with recipes of the test's own. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontend/guests.h"

static char share[64];
static char recipe[128];
static struct guest_files files;
static char message[512];

static void make_share(void)
{
    char folder[96];
    strcpy(share, "/tmp/vitrine-guests-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(share));
    snprintf(folder, sizeof(folder), "%s/recipes", share);
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    snprintf(recipe, sizeof(recipe), "%s/guest", folder);
    ck_assert_int_eq(setenv("VITRINE_SHARE", share, 1), 0);
}

static void remove_share(void)
{
    char folder[96];
    unlink(recipe);
    snprintf(folder, sizeof(folder), "%s/recipes", share);
    rmdir(folder);
    rmdir(share);
}

static void write_recipe(const char *body)
{
    FILE *file = fopen(recipe, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "#!/bin/sh\n%s\n", body);
    fclose(file);
    ck_assert_int_eq(chmod(recipe, 0700), 0);
}

START_TEST(a_recipe_names_the_files)
{
    write_recipe("echo \"kernel=/cache/$1/Image\"; echo INITRD=/with=sign; echo; echo new=word");
    ck_assert_msg(guest_make(&files, "linux", NULL, message, sizeof(message)), "%s", message);
    ck_assert_str_eq(files.kernel, "/cache/linux/Image");
    ck_assert_str_eq(files.initrd, "/with=sign");
    ck_assert_ptr_null(files.firmware);
    ck_assert_ptr_null(files.firmware32);
}
END_TEST

START_TEST(a_recipe_that_fails_is_a_failure)
{
    write_recipe("echo kernel=/cache/Image; exit 4");
    ck_assert(!guest_make(&files, "linux", NULL, message, sizeof(message)));
    ck_assert_str_eq(message, "\"linux\" could not be made; its recipe says why above.");
    write_recipe("kill -9 $$");
    ck_assert(!guest_make(&files, "linux", NULL, message, sizeof(message)));
}
END_TEST

START_TEST(a_recipe_does_not_take_what_is_typed_for_the_guest)
{
    write_recipe("if read -r line; then echo \"kernel=$line\"; fi");
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "typed\n", 6), 6);
    ck_assert_int_ge(dup2(ends[0], STDIN_FILENO), 0);
    ck_assert_msg(guest_make(&files, "linux", NULL, message, sizeof(message)), "%s", message);
    ck_assert_ptr_null(files.kernel);
}
END_TEST

START_TEST(a_recipe_that_prints_something_else_is_refused)
{
    write_recipe("echo here you are");
    ck_assert(!guest_make(&files, "linux", NULL, message, sizeof(message)));
    ck_assert_str_eq(message, "The recipe printed \"here you are\", not NAME=value.");
}
END_TEST

START_TEST(a_recipe_that_prints_without_end_is_refused)
{
    write_recipe("while echo kernel=/dev/zero; do :; done 2>/dev/null");
    ck_assert(!guest_make(&files, "linux", NULL, message, sizeof(message)));
}
END_TEST

START_TEST(a_missing_recipe_is_a_sentence)
{
    char path[4096];
    ck_assert(!guest_find_recipe(path, sizeof(path)));
    ck_assert(!guest_make(&files, "linux", NULL, message, sizeof(message)));
    ck_assert_ptr_nonnull(strstr(message, "VITRINE_SHARE"));
}
END_TEST

START_TEST(wishes_reach_the_recipe_and_silence_leaves_the_environment_alone)
{
    struct guest_wishes wishes = {.size = (u64)3 << 30, .user = "ada"};
    ck_assert(guest_has_wishes(&wishes));
    ck_assert(!guest_has_wishes(&(struct guest_wishes){0}));
    ck_assert_int_eq(setenv("VITRINE_HOSTNAME", "glass", 1), 0);
    ck_assert_int_eq(unsetenv("VITRINE_PACKAGES"), 0);
    write_recipe("echo kernel=$VITRINE_SIZE,$VITRINE_USER\n"
                 "echo initrd=$VITRINE_HOSTNAME,${VITRINE_PACKAGES-unset}\n"
                 "echo disk=$VITRINE_PROGRAM");
    ck_assert_msg(guest_make(&files, "debian", &wishes, message, sizeof(message)), "%s", message);
    ck_assert_str_eq(files.kernel, "3221225472,ada");
    ck_assert_str_eq(files.initrd, "glass,unset");
    ck_assert_msg(access(files.disk, X_OK) == 0, "no program at \"%s\"", files.disk);
    unsetenv("VITRINE_HOSTNAME");
    ck_assert_ptr_null(getenv("VITRINE_USER"));
}
END_TEST

START_TEST(guests_are_found_by_name)
{
    ck_assert_ptr_nonnull(guest_find("linux"));
    ck_assert_uint_eq(guest_find("linux")->ram_size, (u64)1 << 30);
    ck_assert_ptr_null(guest_find("lunix"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("guests");
    TCase *tests = tcase_create("guests");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_share, remove_share);
    tcase_add_test(tests, a_recipe_names_the_files);
    tcase_add_test(tests, a_recipe_that_fails_is_a_failure);
    tcase_add_test(tests, a_recipe_does_not_take_what_is_typed_for_the_guest);
    tcase_add_test(tests, a_recipe_that_prints_something_else_is_refused);
    tcase_add_test(tests, a_recipe_that_prints_without_end_is_refused);
    tcase_add_test(tests, a_missing_recipe_is_a_sentence);
    tcase_add_test(tests, wishes_reach_the_recipe_and_silence_leaves_the_environment_alone);
    tcase_add_test(tests, guests_are_found_by_name);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
