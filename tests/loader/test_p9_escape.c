/* What a guest must not get out of its folder, however it asks: raw messages against the 9P server
 * (loader/p9.c) and what keeps it inside (loader/share.c, loader/beneath_linux.c or _posix.c). */
#include "tests/loader/p9_client.h"

#include "loader/beneath.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#define FID    2u
#define SECOND 3u

static struct client client;

static void set_up(void)
{
    client_open(&client, SHARE_READ_WRITE);
    host_write(client.inside, "file", "mine");
}

static void tear_down(void)
{
    ck_assert_str_eq(host_read(client.outside, "secret"), "secret");
    client_close(&client);
}

static void host_symlink(const char *target, const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", client.inside, name);
    ck_assert_int_eq(symlink(target, path), 0);
}

static u64 root_number(void)
{
    ck_assert_uint_eq(get_attributes(&client, ROOT), 0);
    return answer(&client, 7 + 8 + 5, 8);
}

START_TEST(the_folder_is_its_own_parent)
{
    u64 root = root_number();
    static const char *const paths[] = {"..", "../..", "../../../../etc", "d/../../outside"};

    ck_assert_uint_eq(make_folder(&client, ROOT, "d"), 0);
    ck_assert_uint_eq(walk(&client, ROOT, FID, "d/../../../.."), 0);
    ck_assert_uint_eq(get_attributes(&client, FID), 0);
    ck_assert_uint_eq(answer(&client, 7 + 8 + 5, 8), root);
    ck_assert_uint_eq(clunk(&client, FID), 0);
    for (int i = 0; i < 2; i++, clunk(&client, FID)) {
        ck_assert_uint_eq(walk(&client, ROOT, FID, paths[i]), 0);
        ck_assert_uint_eq(get_attributes(&client, FID), 0);
        ck_assert_uint_eq(answer(&client, 7 + 8 + 5, 8), root);
    }
    for (int i = 2; i < 4; i++)
        ck_assert_uint_eq(walk(&client, ROOT, FID, paths[i]), L_ENOENT);
    /* Its listing does not tell of its parent either. */
    ck_assert_uint_eq(walk(&client, ROOT, FID, ""), 0);
    ck_assert_uint_eq(open_fid(&client, FID, L_RDONLY), 0);
    begin(&client, TREADDIR, FID);
    put(&client, 8, 0);
    put(&client, 4, 4096);
    ck_assert_uint_eq(send(&client), 0);
    for (u32 at = 11; at < client.got; at += 24 + (u32)answer(&client, at + 22, 2))
        if (client.share->answer[at + 24] == '.')
            ck_assert_uint_eq(answer(&client, at + 5, 8), root);
}
END_TEST

/* Puts a name that need not be a text. */
static void put_name(const char *name, size_t size)
{
    put(&client, 2, size);
    put_bytes(&client, name, size);
}

START_TEST(a_name_that_is_a_path_is_refused_in_every_message)
{
    static const struct {
        const char *bytes;
        size_t size;
    } names[] = {{"", 0},
                 {".", 1},
                 {"..", 2},
                 {"../outside/secret", 17},
                 {"/etc/passwd", 11},
                 {"file/", 5},
                 {"a/b", 3},
                 {"file\0x", 6},
                 {"\0", 1},
                 {"../outside/x", 12}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name = names[i].bytes;
        size_t size = names[i].size;
        static const u8 types[] = {TLCREATE, TSYMLINK, TMKNOD,    TRENAME,
                                   TLINK,    TMKDIR,   TUNLINKAT, TRENAMEAT};
        for (size_t type = 0; type < sizeof types; type++) {
            ck_assert_uint_eq(walk(&client, ROOT, FID, ""), 0);
            ck_assert_uint_eq(walk(&client, ROOT, SECOND, "file"), 0);
            begin(&client, types[type], types[type] == TRENAME ? SECOND : FID);
            if (types[type] == TRENAME || types[type] == TLINK)
                put(&client, 4, types[type] == TLINK ? SECOND : FID);
            put_name(name, size);
            if (types[type] == TSYMLINK)
                put_text(&client, "x");
            if (types[type] == TRENAMEAT) {
                put(&client, 4, FID);
                put_text(&client, "x");
            } else if (types[type] != TRENAME && types[type] != TLINK) {
                unsigned numbers = types[type] == TLCREATE ? 3
                                   : types[type] == TMKNOD ? 4
                                   : types[type] == TMKDIR ? 2
                                                           : 1;
                for (unsigned n = 0; n < numbers; n++)
                    put(&client, 4, n == 0 && types[type] == TLCREATE ? L_RDWR | L_CREAT : 0600);
            }
            ck_assert_msg(send(&client) == L_EINVAL, "message %u takes name %zu", types[type], i);
            clunk(&client, FID);
            clunk(&client, SECOND);
        }
        begin(&client, TWALK, ROOT);
        put(&client, 4, FID);
        put(&client, 2, 1);
        put_name(name, size);
        if (strcmp(name, ".."))
            ck_assert_msg(send(&client) == L_EINVAL, "a walk takes name %zu", i);
    }
    ck_assert_str_eq(host_read(client.inside, "file"), "mine");
}
END_TEST

START_TEST(a_symlink_is_the_end_of_a_walk_wherever_it_leads)
{
    static const char *const names[] = {"absolute", "upwards", "sideways", "root", "self"};

    host_symlink(client.outside, "absolute");
    host_symlink("../outside", "upwards");
    host_symlink("../inside", "sideways");
    host_symlink("/", "root");
    host_symlink(".", "self");
    for (int i = 0; i < 5; i++) {
        char path[64];
        ck_assert_uint_eq(walk(&client, ROOT, FID, names[i]), 0);
        ck_assert_uint_eq(answer(&client, 9, 1), 0x02); /* a symbolic link, not a folder */
        ck_assert_uint_eq(open_fid(&client, FID, L_RDONLY), L_ELOOP);
        ck_assert_uint_ne(create(&client, FID, "new", L_RDWR | L_CREAT, 0600), 0);
        ck_assert_uint_ne(make_folder(&client, FID, "new"), 0);
        ck_assert_uint_ne(unlink_at(&client, FID, "secret", 0), 0);
        ck_assert_uint_ne(rename_at(&client, FID, "secret", ROOT, "mine"), 0);
        ck_assert_uint_ne(rename_at(&client, ROOT, "file", FID, "given"), 0);
        ck_assert_uint_ne(set_attributes(&client, FID, (struct attributes){.which = 8, .size = 0}),
                          0);
        snprintf(path, sizeof path, "%s/secret", names[i]);
        ck_assert_uint_eq(walk(&client, ROOT, SECOND, path), L_ENOENT);
        ck_assert_uint_eq(answer(&client, 7, 2), 1); /* no further than the link */
        clunk(&client, FID);
    }
    /* Nor is one followed when a file is made or cut under its name. */
    host_symlink("../outside/secret", "letter");
    ck_assert_uint_eq(walk(&client, ROOT, FID, ""), 0);
    ck_assert_uint_eq(create(&client, FID, "letter", L_RDWR | L_CREAT | L_TRUNC, 0600), L_ELOOP);
    ck_assert_uint_eq(walk(&client, ROOT, SECOND, "letter"), 0);
    ck_assert_uint_eq(open_fid(&client, SECOND, L_WRONLY | L_TRUNC), L_ELOOP);
    ck_assert_uint_eq(set_attributes(&client, SECOND, (struct attributes){.which = 8, .size = 0}),
                      L_ELOOP);
}
END_TEST

/* Attributes are the link's own: the file it leads to keeps its mode and times. */
START_TEST(attributes_of_a_symlink_are_not_those_of_its_target)
{
    struct stat before, after;
    char path[128];

    snprintf(path, sizeof path, "%s/secret", client.outside);
    host_symlink("../outside/secret", "letter");
    ck_assert_int_eq(stat(path, &before), 0);
    ck_assert_uint_eq(walk(&client, ROOT, FID, "letter"), 0);
    ck_assert_uint_eq(
        set_attributes(&client, FID, (struct attributes){.which = 0x180 | 0x30, .times = {1}}), 0);
    ck_assert_uint_eq(set_attributes(&client, FID, (struct attributes){.which = 1, .mode = 0777}),
                      L_EOPNOTSUPP);
    set_attributes(&client, FID, (struct attributes){.which = 6, .uid = 1, .gid = 1});
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_uint_eq(after.st_mode, before.st_mode);
    ck_assert_uint_eq(after.st_uid, before.st_uid);
    ck_assert_uint_eq(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
}
END_TEST

/* A hard link is made of the symbolic link itself. */
START_TEST(a_link_to_a_symlink_does_not_reach_its_target)
{
    struct stat status;
    char path[128];

    host_symlink("../outside/secret", "letter");
    ck_assert_uint_eq(walk(&client, ROOT, FID, "letter"), 0);
    begin(&client, TLINK, ROOT);
    put(&client, 4, FID);
    put_text(&client, "copy");
    send(&client);
    snprintf(path, sizeof path, "%s/secret", client.outside);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_nlink, 1);
}
END_TEST

/* Links of /proc that are no text but lead straight to an open file, another root or a folder. */
START_TEST(magic_links_of_proc_are_not_followed)
{
    struct client proc = {.room = P9_MESSAGE_MOST};
    static const char *const names[] = {"root", "cwd", "exe", "fd/0"};

    if (access("/proc/self/root", F_OK) != 0)
        return;
    client_open_folder(&proc, "/proc/self", SHARE_READ_WRITE);
    for (int i = 0; i < 4; i++) {
        char path[32];
        snprintf(path, sizeof path, "%s/etc", names[i]);
        ck_assert_uint_eq(walk(&proc, ROOT, FID, path), L_ENOENT);
        if (walk(&proc, ROOT, FID, names[i]))
            continue; /* a test without a standard input */
        ck_assert_uint_eq(open_fid(&proc, FID, L_RDONLY), L_ELOOP);
        clunk(&proc, FID);
    }
    p9_close(proc.share);
}
END_TEST

/* The system's own door, without the protocol before it. */
START_TEST(no_path_opens_a_folder_that_is_not_beneath)
{
    static const char *const paths[] = {"..", "d/../..", "/", "/etc", "link", "link/x", "d/up"};
    int root = open(client.inside, O_RDONLY | O_DIRECTORY), fd;

    ck_assert_uint_eq(make_folder(&client, ROOT, "d"), 0);
    host_symlink("/etc", "link");
    host_symlink("../../outside", "d/up");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        fd = beneath_open(root, paths[i]);
        ck_assert_msg(fd < 0, "%s opens", paths[i]);
    }
    ck_assert_int_eq(beneath_open(root, "file"), -ENOTDIR);
    ck_assert_int_eq(beneath_open(root, "none/x"), -ENOENT);
    for (int i = 0; i < 2; i++) {
        fd = beneath_open(root, i ? "d" : "");
        ck_assert_int_ge(fd, 0);
        close(fd);
    }
    close(root);
}
END_TEST

struct racer {
    atomic_int stop;
    atomic_uint swaps;
};

/* Somebody on the host: "d" is now a folder with a harmless "secret", now a link to outside. */
static void *swap(void *context)
{
    struct racer *racer = context;
    char door[128], folder[128], link[128];

    snprintf(door, sizeof door, "%s/d", client.inside);
    snprintf(folder, sizeof folder, "%s/folder", client.folder);
    snprintf(link, sizeof link, "%s/link", client.folder);
    while (!atomic_load(&racer->stop)) {
        if (rename(door, folder) || rename(link, door) || rename(door, link) ||
            rename(folder, door))
            break;
        atomic_fetch_add(&racer->swaps, 1);
    }
    return NULL;
}

START_TEST(a_folder_that_turns_into_a_symlink_meanwhile_lets_nobody_out)
{
    struct racer racer = {0};
    char path[128];
    pthread_t thread;
    unsigned read = 0;

    ck_assert_uint_eq(make_folder(&client, ROOT, "d"), 0);
    host_write(client.inside, "d/secret", "public");
    snprintf(path, sizeof path, "%s/link", client.folder);
    ck_assert_int_eq(symlink(client.outside, path), 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, swap, &racer), 0);
    for (unsigned i = 0; i < 20000 || atomic_load(&racer.swaps) < 1000; i++) {
        u32 fid = 100 + i % 100;
        if (walk(&client, ROOT, fid, "d/secret"))
            continue;
        if (open_fid(&client, fid, L_RDWR) == 0 && read_fid(&client, fid, 0, 10) == 0) {
            ck_assert_mem_eq(client.share->answer + 11, "public", 6);
            read++;
            if (i % 2)
                write_fid(&client, fid, 0, "public");
        }
        begin(&client, TSETATTR, fid);
        clunk(&client, fid);
        rename_at(&client, ROOT, "file", ROOT, "file2");
        rename_at(&client, ROOT, "file2", ROOT, "file");
    }
    atomic_store(&racer.stop, 1);
    pthread_join(thread, NULL);
    ck_assert_uint_gt(read, 0);
    ck_assert_uint_ge(atomic_load(&racer.swaps), 1000);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_folder_is_its_own_parent,
        a_name_that_is_a_path_is_refused_in_every_message,
        a_symlink_is_the_end_of_a_walk_wherever_it_leads,
        attributes_of_a_symlink_are_not_those_of_its_target,
        a_link_to_a_symlink_does_not_reach_its_target,
        magic_links_of_proc_are_not_followed,
        no_path_opens_a_folder_that_is_not_beneath,
        a_folder_that_turns_into_a_symlink_meanwhile_lets_nobody_out,
    };
    return p9_suite("p9_escape", tests, sizeof tests / sizeof *tests, set_up, tear_down);
}
