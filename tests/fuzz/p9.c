/* Fuzzer: the 9P server and a hostile client, on a folder of its own under /tmp. Beside that folder
 * lies a secret which must stay as it is, and must never be in an answer.
 *
 *     a message    type, an index of types[]    1 byte
 *                  size of the body             1
 *                  body; a fid first, of which the upper three bytes are 0                 */
#include "loader/p9.h"

#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>

#define SECRET "this is outside of the folder"

static const u8 types[] = {8,  12, 14, 16, 18, 20, 22,  24,  26,  30,  32,  40,  50,  52,  54,
                           70, 72, 74, 76, 7,  99, 100, 102, 104, 108, 110, 116, 118, 120, 122};

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    chmod(path, 0700);
    return where->level == 0 ? 0 : remove(path);
}

static void send(struct host_share *share, u8 type, const u8 *body, size_t size, u32 room)
{
    u8 *request = share->request;
    u32 whole = (u32)(7 + size);

    memcpy(request, &whole, 4);
    request[4] = type;
    request[5] = request[6] = 1;
    memcpy(request + 7, body, size);
    u32 got = share->exchange(share->context, whole, room);
    fuzz_check(got <= room, "an answer is larger than its room");
    fuzz_check(got == 0 || !memcmp(share->answer, &got, 4), "an answer lies about its size");
    fuzz_check(!memmem(share->answer, got, SECRET, strlen(SECRET)), "the secret is out");
}

/* What every client does first: agree on a version, attach fid 0, and make fid 1 of it. */
static void begin(struct host_share *share)
{
    static const u8 version[] = "\0\0\2\0\10\0009P2000.L";
    static const u8 attach[] = "\0\0\0\0\377\377\377\377\0\0\0\0\0\0\0";
    static const u8 walk[] = "\0\0\0\0\1\0\0\0\0";

    send(share, 100, version, sizeof version - 1, 1000);
    send(share, 104, attach, sizeof attach, 1000);
    send(share, 110, walk, sizeof walk, 1000);
}

static void check_secret(const char *path)
{
    char text[64] = "";
    int fd = open(path, O_RDONLY);

    fuzz_check(fd >= 0 && read(fd, text, sizeof text - 1) == (ssize_t)strlen(SECRET) &&
                   !strcmp(text, SECRET),
               "the secret has changed");
    close(fd);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    char inside[64], secret[64], message[200];

    snprintf(inside, sizeof inside, "/tmp/vitrine-fuzz-%d", (int)getpid());
    snprintf(secret, sizeof secret, "%s-secret", inside);
    int fd = open(secret, O_WRONLY | O_CREAT, 0600);
    fuzz_check(fd >= 0 && write(fd, SECRET, strlen(SECRET)) > 0 && close(fd) == 0, "no /tmp");
    mkdir(inside, 0700);
    struct host_share *share =
        p9_open(inside, "fuzz", fuzz_take(&fuzz, 1) & 1 ? SHARE_READ_ONLY : SHARE_READ_WRITE,
                message, sizeof message);
    fuzz_check(share != NULL, "the folder cannot be shared");
    begin(share);
    while (fuzz.left) {
        u8 type = types[fuzz_take(&fuzz, 1) % sizeof types];
        struct fuzz body = fuzz_split(&fuzz, fuzz_take(&fuzz, 1));
        u8 copy[256];
        memcpy(copy, body.at, body.left);
        if (body.left >= 4 && type != 100)
            memset(copy + 1, 0, 3);
        send(share, type, copy, body.left, 4096);
    }
    p9_close(share);
    check_secret(secret);
    nftw(inside, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    rmdir(inside);
    unlink(secret);
    return 0;
}
