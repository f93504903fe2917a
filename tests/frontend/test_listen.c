/* Where others can connect: the forms of a place, what is refused, and what a dead process left. */
#include "frontend/listen.h"

#include "tests/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char message[300];

START_TEST(a_port_is_this_hosts_alone_and_zero_is_any)
{
    struct listener listener, second;
    char place[LISTEN_PLACE];

    ck_assert_msg(listen_at(&listener, "0", message, sizeof message), "%s", message);
    ck_assert_msg(!strncmp(listener.place, "127.0.0.1:", 10), "%s", listener.place);
    ck_assert_int_eq(listen_accept(&listener), -1); /* and it does not block */
    strcpy(place, listener.place);
    ck_assert(!listen_at(&second, place, message, sizeof message)); /* taken */
    ck_assert_ptr_nonnull(strstr(message, place));
    listen_close(&listener);
    ck_assert_msg(listen_at(&second, place, message, sizeof message), "%s", message);
    listen_close(&second);
    ck_assert_int_eq(second.fd, -1);
}
END_TEST

START_TEST(what_is_no_place_is_refused_with_a_sentence)
{
    static const char *const wrong[] = {
        "",      "x",      "127.0.0.1:",        "1:2:x", "12345678",
        "unix:", "99999x", "nowhere.invalid:1", ":",     "unix:/no/such/folder/door"};
    struct listener listener;

    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_msg(!listen_at(&listener, wrong[i], message, sizeof message), "%s", wrong[i]);
        ck_assert_int_eq(listener.fd, -1);
        ck_assert_int_eq(message[strlen(message) - 1], '.');
    }
}
END_TEST

static void connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    strcpy(address.sun_path, path);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    close(fd);
}

START_TEST(a_path_is_this_users_is_removed_again_and_replaces_a_dead_one)
{
    char folder[] = "/tmp/listen.XXXXXX", place[64];
    struct listener listener, second;
    struct stat status;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(place, sizeof place, "unix:%s/door", folder);
    ck_assert_msg(listen_at(&listener, place, message, sizeof message), "%s", message);
    ck_assert_int_eq(stat(place + 5, &status), 0);
    ck_assert_uint_eq(status.st_mode & 077, 0);
    connect_to(place + 5);
    int fd = listen_accept(&listener);
    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert(!listen_at(&second, place, message, sizeof message)); /* somebody is there */
    close(listener.fd);                                             /* he dies */
    ck_assert_msg(listen_at(&second, place, message, sizeof message), "%s", message);
    listen_close(&second);
    ck_assert_int_ne(stat(place + 5, &status), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(a_file_that_is_no_socket_stays)
{
    char folder[] = "/tmp/listen.XXXXXX", place[64];
    struct listener listener;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(place, sizeof place, "unix:%s/file", folder);
    FILE *file = fopen(place + 5, "w");
    ck_assert_ptr_nonnull(file);
    fclose(file);
    ck_assert(!listen_at(&listener, place, message, sizeof message));
    ck_assert_int_eq(unlink(place + 5), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_port_is_this_hosts_alone_and_zero_is_any,
                                  what_is_no_place_is_refused_with_a_sentence,
                                  a_path_is_this_users_is_removed_again_and_replaces_a_dead_one,
                                  a_file_that_is_no_socket_stays};

    return SUITE_RUN("listening", tests, 1);
}
