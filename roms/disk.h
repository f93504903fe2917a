/* A disk on the first virtio-mmio slot, driven with as little as possible: one queue of eight
 * entries, one request at a time (VIRTIO 1.2, "Virtio Over MMIO" and "Block Device"). The slot says
 * whether it speaks version 1, the legacy interface, or version 2. */
#ifndef ROMS_DISK_H
#define ROMS_DISK_H

#include "rom.h"

#define DISK_SLOT 0x10001000ul
#define DISK_IRQ  1

enum { DISK_READ = 0, DISK_WRITE = 1, SECTOR = 512 };

/* The version of the slot when there is a disk in it, which is then ready; 0 when there is none. */
int disk_start(void);
/* Its size in sectors. */
word disk_size(void);
/* Hands a request to the disk, and at once returns; buffer is SECTOR bytes. */
void disk_request(int direction, word sector, volatile void *buffer);
/* Is it answered? */
int disk_has_answered(void);
/* What the disk said of it: 0 is good. */
int disk_status(void);
/* Takes back the interrupt. */
void disk_acknowledge(void);

/* Reads sector 0, prints its first line, writes the line to sector 1 with its letters made large,
 * and reads that again. wait() returns when the disk has answered. 0 when all went well. */
int disk_tour(void (*wait)(void));

#endif
