/* The launch file for Visual Studio Code: written once, and never over somebody else's. */
#include "frontend/vscode.h"

#include "tests/frontend/json_reader.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/vscode.XXXXXX";

/* Into a folder of its own, which stays the working one. */
static enum exit_code write_for(const char *what, const char *gdb)
{
    struct options options = {.gdb = gdb};

    return vscode_write(&options, what);
}

static void enter_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void leave_folder(void)
{
    unlink(".vscode/launch.json");
    rmdir(".vscode");
    ck_assert_int_eq(chdir("/"), 0);
    rmdir(folder);
}

static void contains(const char *wanted)
{
    char text[4096] = "";
    FILE *file = fopen(".vscode/launch.json", "r");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
    fclose(file);
    ck_assert_msg(strstr(text, wanted) != NULL, "%s", text);
    ck_assert_msg(json_is_value(text), "%s", text);
}

START_TEST(it_names_the_program_and_where_gdb_connects)
{
    enter_folder();
    ck_assert_int_eq(write_for("a \"b\".elf", NULL), EXIT_DONE);
    contains("\"program\": \"${workspaceFolder}/a \\\"b\\\".elf\"");
    contains("\"miDebuggerServerAddress\": \"127.0.0.1:1234\"");
    leave_folder();
}
END_TEST

START_TEST(absolute_paths_and_other_places_are_taken_as_they_are)
{
    enter_folder();
    ck_assert_int_eq(write_for("/boot/k", "localhost:77"), EXIT_DONE);
    contains("\"program\": \"/boot/k\"");
    contains("\"miDebuggerServerAddress\": \"localhost:77\"");
    leave_folder();
}
END_TEST

/* gdb takes neither a port alone nor our "unix:". */
START_TEST(the_address_is_written_as_gdb_takes_it)
{
    enter_folder();
    ck_assert_int_eq(write_for("k", "4321"), EXIT_DONE);
    contains("\"miDebuggerServerAddress\": \"127.0.0.1:4321\"");
    unlink(".vscode/launch.json");
    ck_assert_int_eq(write_for("k", "unix:/run/door"), EXIT_DONE);
    contains("\"miDebuggerServerAddress\": \"/run/door\"");
    leave_folder();
}
END_TEST

START_TEST(a_guest_by_name_is_no_file_with_names)
{
    enter_folder();
    ck_assert_int_eq(write_for("linux", NULL), EXIT_USAGE);
    ck_assert_int_ne(access(".vscode/launch.json", F_OK), 0);
    leave_folder();
}
END_TEST

START_TEST(a_file_that_is_there_stays_as_it_is)
{
    enter_folder();
    ck_assert_int_eq(write_for("first.elf", NULL), EXIT_DONE);
    ck_assert_int_eq(write_for("second.elf", NULL), EXIT_FILE);
    contains("first.elf");
    leave_folder();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_names_the_program_and_where_gdb_connects,
                                  absolute_paths_and_other_places_are_taken_as_they_are,
                                  the_address_is_written_as_gdb_takes_it,
                                  a_guest_by_name_is_no_file_with_names,
                                  a_file_that_is_there_stays_as_it_is};

    return SUITE_RUN("launch file", tests, 1);
}
