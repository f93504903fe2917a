/* Power cuts under a real guest: Debian appends numbered records to a file on an ext4 disk, fsyncs
 * each, and prints its number. All that reaches the disk is written down; then, of what a power cut
 * can leave at every flush and at many moments between, each must be a file system that e2fsck
 * finds clean once its journal is replayed, with every record whose number was printed by then.
 *
 *   power_loss raw|overlay FOLDER RECORDS CUTS SEED -- OPTIONS...
 *
 * OPTIONS are those of `vitrine run`, with the disk FOLDER/disk (raw) or FOLDER/disk over
 * FOLDER/overlay as the guest's /dev/vdb. Not tested: a true power cut of the host. */
#include "frontend/run.h"
#include "loader/disk.h"

#include "tests/loader/disk_log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define PATH   512
#define LINE   1024
#define ANSWER 65536u

struct trial {
    const char *folder;
    bool is_overlay;
    u64 records, cuts, seed;
    const char *first_seed;
    char disk[PATH], crashed[PATH]; /* files */
    u64 checked;
};

/* The witness has no argument, so what it looks at is here: one run per process. */
static struct script script;
static size_t seen; /* bytes of its output that were looked at */
static u64 last_acked;

/* The last number that the guest has printed to the end of its line. */
static u64 count_acked(void)
{
    const char *output = script_output(&script), *found;

    while ((found = strstr(output + seen, "acked "))) {
        char *end;
        u64 number = strtoull(found + 6, &end, 10);
        if (*end == 0)
            break; /* more digits may come */
        if (end != found + 6)
            last_acked = number;
        seen = (size_t)(end - output);
    }
    return last_acked;
}

static int fail(const struct trial *trial, const char *what, size_t cut)
{
    fprintf(stderr, "FAILED: %s, power cut after event %zu of %zu, seed %s\n", what, cut,
            disk_log.count, trial->first_seed);
    return EXIT_FAILURE;
}

/* A sector. But ext4 writes its superblock of two sectors in place and with a checksum, at mounting
 * and unmounting; a power cut between them is ext4's own risk on any disk, and e2fsck then asks for
 * a person. */
static u64 measure_piece(const struct disk_event *event, u64 from)
{
    enum { SUPERBLOCK = 1024, MAGIC_AT = 0x38 };
    static const u8 magic[] = {0x53, 0xef};

    if (event->kind == EVENT_WRITE && (event->offset + from) % SUPERBLOCK == 0 &&
        event->size - from >= SUPERBLOCK &&
        !memcmp(event->bytes + from + MAGIC_AT, magic, sizeof magic))
        return SUPERBLOCK;
    return disk_log_sector(event, from);
}

/* Runs a command on the image; its exit code. */
static int run_on(const char *command, const char *image)
{
    char line[LINE];

    snprintf(line, sizeof line, command, image);
    int status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Does the file of records begin with all that were acknowledged? */
static bool has_records(const struct trial *trial, u64 acked)
{
    char line[LINE], wanted[64];
    static char answer[ANSWER];
    bool has_all = true;

    snprintf(line, sizeof line, "debugfs -R 'cat /records' '%s' 2>/dev/null", trial->crashed);
    FILE *pipe = popen(line, "r");
    size_t length = pipe ? fread(answer, 1, sizeof answer - 1, pipe) : 0;
    answer[length] = 0;
    if (!pipe || pclose(pipe) != 0)
        return false;
    const char *at = answer;
    for (u64 i = 1; i <= acked && has_all; i++) {
        int size = snprintf(wanted, sizeof wanted, "record %llu\n", (unsigned long long)i);
        has_all = !strncmp(at, wanted, (size_t)size);
        at += size;
    }
    return has_all;
}

/* Writes what the guest would find on the disk to the file crashed. */
static bool save(const struct trial *trial, const struct disk_content *content)
{
    char path[PATH], message[512] = "";
    struct disk_content flat = {0};

    if (!trial->is_overlay)
        return content_save(content, trial->crashed);
    snprintf(path, sizeof path, "%s/crashed.overlay", trial->folder);
    if (!content_save(content, path))
        return false;
    struct host_disk *disk = disk_open(trial->disk, DISK_READ_ONLY, message, sizeof message);
    disk = disk ? disk_open_overlay(disk, path, DISK_READ_WRITE, message, sizeof message) : NULL;
    if (!disk) {
        fprintf(stderr, "%s\n", message);
        return false;
    }
    content_resize(&flat, disk->size);
    bool is_saved = disk->read(disk->context, 0, flat.bytes, flat.size) == 0 &&
                    content_save(&flat, trial->crashed);
    disk_close(disk);
    free(flat.bytes);
    return is_saved;
}

static int check(struct trial *trial, const struct disk_content *content, size_t cut)
{
    u64 acked = cut < disk_log.count ? disk_log.events[cut].witness : count_acked();

    trial->checked++;
    if (!save(trial, content))
        return fail(trial, "the disk cannot be opened", cut);
    int code = run_on("e2fsck -p '%s' >/dev/null 2>&1", trial->crashed);
    if (code != 0 && code != 1)
        return fail(trial, "e2fsck cannot replay the journal", cut);
    if (run_on("e2fsck -fn '%s' >/dev/null 2>&1", trial->crashed) != 0)
        return fail(trial, "e2fsck finds fault", cut);
    return has_records(trial, acked) ? 0 : fail(trial, "an acknowledged record is missing", cut);
}

/* Every flush, and in between as many random moments as were asked for. */
static int cut_everywhere(struct trial *trial, struct disk_content *stable)
{
    struct disk_content crashed = {0};
    size_t stable_end = 0;
    int code = 0;

    for (size_t cut = 1; cut <= disk_log.count && !code; cut++) {
        if (disk_log.events[cut - 1].kind == EVENT_SYNC) {
            for (; stable_end < cut; stable_end++)
                content_apply(stable, &disk_log.events[stable_end]);
            code = check(trial, stable, cut);
        }
        if (!code && disk_log_roll(&trial->seed) % disk_log.count < trial->cuts) {
            disk_log_crash(&crashed, stable, stable_end, cut, &trial->seed);
            code = check(trial, &crashed, cut);
        }
    }
    free(crashed.bytes);
    return code;
}

static bool load(struct disk_content *content, const char *path)
{
    int fd = open(path, O_RDONLY);
    off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

    content_resize(content, size < 0 ? 0 : (u64)size);
    bool is_loaded = size >= 0 && pread(fd, content->bytes, (size_t)size, 0) == size;
    if (fd >= 0)
        close(fd);
    return is_loaded;
}

static int run_guest(const struct trial *trial, int argc, char **argv)
{
    char commands[LINE], message[512];
    struct options options;

    snprintf(commands, sizeof commands,
             "mount -t ext4 -o discard /dev/vdb /mnt && cd /mnt; i=0; while [ $i -lt %llu ]; do "
             "i=$((i+1)); echo record $i >>records; dd if=/dev/urandom of=f$i bs=3000 "
             "count=$((i%%7+1)) 2>/dev/null; rm -f f$((i-3)); sync records; echo acked $i; done\n",
             (unsigned long long)trial->records);
    const struct script_step steps[] = {{"# ", commands}, {"# ", "poweroff\n"}};
    if (!options_parse(&options, argc, argv, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        return EXIT_USAGE;
    }
    script_init(&script, steps, 2);
    disk_log.witness = count_acked;
    disk_log.piece = measure_piece;
    disk_log.is_on = true;
    int code = run_scripted(&options, NULL, &script);
    disk_log.is_on = false;
    if (code == EXIT_DONE && count_acked() != trial->records)
        code = EXIT_FAILURE;
    if (code != EXIT_DONE)
        fprintf(stderr, "%s\nthe guest has not come to its end\n", script_output(&script));
    return code;
}

int main(int argc, char **argv)
{
    struct disk_content stable = {0};

    if (argc < 7 || strcmp(argv[6], "--")) {
        fprintf(stderr, "usage: %s raw|overlay FOLDER RECORDS CUTS SEED -- OPTIONS...\n", argv[0]);
        return EXIT_USAGE;
    }
    struct trial trial = {.folder = argv[2],
                          .is_overlay = !strcmp(argv[1], "overlay"),
                          .records = strtoull(argv[3], NULL, 10),
                          .cuts = strtoull(argv[4], NULL, 10),
                          .first_seed = argv[5],
                          .seed = strtoull(argv[5], NULL, 10)};
    snprintf(trial.disk, PATH, "%s/disk", trial.folder);
    snprintf(trial.crashed, PATH, "%s/crashed", trial.folder);
    if (!trial.is_overlay && !load(&stable, trial.disk)) {
        fprintf(stderr, "%s cannot be read\n", trial.disk);
        return EXIT_FAILURE;
    }
    /* The dashes stand where the program's name would. */
    int code = run_guest(&trial, argc - 6, argv + 6);
    size_t events = disk_log.count;
    if (code == EXIT_DONE)
        code = cut_everywhere(&trial, &stable);
    printf("%s: %zu events, %llu power cuts, seed %s\n", argv[1], events,
           (unsigned long long)trial.checked, argv[5]);
    free(stable.bytes);
    disk_log_clear();
    script_release(&script);
    return code;
}
