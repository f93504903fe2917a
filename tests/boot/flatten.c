/* Writes what a guest would find on a disk with an overlay to a file of its own.
 *
 *   boot_flatten BASE OVERLAY FILE */
#include "loader/disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE (1u << 20)

static int flatten(struct host_disk *disk, const char *path)
{
    static u8 bytes[PIECE];
    FILE *file = fopen(path, "wb");
    int error = file ? 0 : 1;

    for (u64 at = 0; at < disk->size && !error; at += PIECE) {
        size_t size = disk->size - at < PIECE ? disk->size - at : PIECE;
        error = disk->read(disk->context, at, bytes, size);
        if (!error && fwrite(bytes, 1, size, file) != size)
            error = 1;
    }
    if (file && fclose(file) != 0)
        error = 1;
    return error ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    char message[512] = "usage: boot_flatten BASE OVERLAY FILE";
    struct host_disk *disk = NULL;

    if (argc == 4)
        disk = disk_open(argv[1], DISK_READ_ONLY, message, sizeof message);
    if (disk)
        disk = disk_open_overlay(disk, argv[2], DISK_READ_WRITE, message, sizeof message);
    if (!disk) {
        fprintf(stderr, "%s\n", message);
        return 2;
    }
    int code = flatten(disk, argv[3]);
    disk_close(disk);
    return code;
}
