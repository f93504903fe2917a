/* Where others can connect: the forms of a place, what is refused, and what a dead process left. */
#include "frontend/listen.h"

#include "tests/suite.h"

#include "memory/types.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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

/* Whose host is gone without a word would keep the door shut for hours, by the system's defaults.
 */
START_TEST(who_is_no_longer_there_is_noticed_within_two_minutes)
{
    struct listener listener;
    struct sockaddr_in address = {.sin_family = AF_INET};
    int idle_s = 0, between_s = 0, times = 0;
    socklen_t size = sizeof idle_s;

    ck_assert_msg(listen_at(&listener, "0", message, sizeof message), "%s", message);
    address.sin_port = htons((u16)atoi(strchr(listener.place, ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int caller = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(caller, (struct sockaddr *)&address, sizeof address), 0);
    int fd = listen_accept(&listener);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, &size), 0);
    ck_assert_int_eq(getsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &between_s, &size), 0);
    ck_assert_int_eq(getsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &times, &size), 0);
    ck_assert_int_le(idle_s + between_s * times, 120);
    close(fd);
    close(caller);
    listen_close(&listener);
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
                                  who_is_no_longer_there_is_noticed_within_two_minutes,
                                  what_is_no_place_is_refused_with_a_sentence,
                                  a_path_is_this_users_is_removed_again_and_replaces_a_dead_one,
                                  a_file_that_is_no_socket_stays};

    return SUITE_RUN("listening", tests, 1);
}
