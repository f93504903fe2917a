/* The disk (see virtio_blk.h): VIRTIO 1.2, "Block Device".
 *
 *     request   type:32  reserved:32  sector:64  data ...  status:8
 *
 * How the driver cuts a request into descriptors is its own affair: the first 16 readable bytes are
 * the header and the last writable byte is the status. Data goes straight between guest RAM and the
 * host's disk. Unless the driver has accepted FLUSH, every write is on stable storage when it is
 * answered. */
#include "devices/virtio_blk.h"

#include <string.h>

struct header {
    u32 type;
    u32 reserved;
    u64 sector;
};

enum {
    CONFIG_CAPACITY = 0,
    CONFIG_SEG_MAX = 12,
    CONFIG_BLK_SIZE = 20,
    CONFIG_DISCARD_SECTORS = 36,
    CONFIG_DISCARD_SEG = 40,
    CONFIG_DISCARD_ALIGNMENT = 44,
    CONFIG_ZERO_SECTORS = 48,
    CONFIG_ZERO_SEG = 52,
    CONFIG_ZERO_MAY_UNMAP = 56,
    CONFIG_SIZE = 60,
};

#define DISCARD_ALIGNMENT 8u /* sectors: a page, the least that a host's file system gives back */

static const struct reg_info config[] = {
    {"capacity", CONFIG_CAPACITY, 8, REG_R, "size of the disk in sectors of 512 bytes"},
    {"seg_max", CONFIG_SEG_MAX, 4, REG_R, "most pieces that the data of one request may be in"},
    {"blk_size", CONFIG_BLK_SIZE, 4, REG_R, "bytes in a block: 512"},
    {"max_discard_sectors", CONFIG_DISCARD_SECTORS, 4, REG_R, "most sectors in a piece discarded"},
    {"max_discard_seg", CONFIG_DISCARD_SEG, 4, REG_R, "most pieces in one discard"},
    {"discard_alignment", CONFIG_DISCARD_ALIGNMENT, 4, REG_R, "sectors that discards align to: 8"},
    {"max_zeroes_sectors", CONFIG_ZERO_SECTORS, 4, REG_R, "most sectors in a piece zeroed"},
    {"max_zeroes_seg", CONFIG_ZERO_SEG, 4, REG_R, "most pieces in one request for zeroes"},
    {"zeroes_may_unmap", CONFIG_ZERO_MAY_UNMAP, 1, REG_R, "1: zeroed space can be given back"},
    {0},
};

static const struct host_disk *disk_of(const struct device *device)
{
    return device->plugged;
}

static u64 features(const struct device *device)
{
    const struct host_disk *disk = disk_of(device);
    u64 offer = VIRTIO_BLK_F_SEG_MAX | VIRTIO_BLK_F_BLK_SIZE | VIRTIO_BLK_F_FLUSH;

    if (disk->read_only)
        return offer | VIRTIO_BLK_F_RO;
    return offer | (disk->discard ? VIRTIO_BLK_F_DISCARD : 0) |
           (disk->zero ? VIRTIO_BLK_F_WRITE_ZEROES : 0);
}

static void put32(u8 *bytes, u32 value)
{
    memcpy(bytes, &value, sizeof value);
}

static void config_read(const struct device *device, u8 *bytes)
{
    u64 capacity = disk_of(device)->size / VIRTIO_BLK_SECTOR;
    u64 offer = features(device);

    memcpy(bytes + CONFIG_CAPACITY, &capacity, sizeof capacity);
    put32(bytes + CONFIG_SEG_MAX, VIRTQUEUE_MOST - 2); /* a chain also holds header and status */
    put32(bytes + CONFIG_BLK_SIZE, VIRTIO_BLK_SECTOR);
    if (offer & VIRTIO_BLK_F_DISCARD) {
        put32(bytes + CONFIG_DISCARD_SECTORS, VIRTIO_BLK_DISCARD_MOST);
        put32(bytes + CONFIG_DISCARD_SEG, VIRTIO_BLK_DISCARD_SEGMENTS);
        put32(bytes + CONFIG_DISCARD_ALIGNMENT, DISCARD_ALIGNMENT);
    }
    if (offer & VIRTIO_BLK_F_WRITE_ZEROES) {
        put32(bytes + CONFIG_ZERO_SECTORS, VIRTIO_BLK_ZERO_MOST);
        put32(bytes + CONFIG_ZERO_SEG, VIRTIO_BLK_ZERO_SEGMENTS);
        bytes[CONFIG_ZERO_MAY_UNMAP] = 1;
    }
}

/* Whole sectors, all of them on the disk? */
static bool is_on_disk(const struct host_disk *disk, u64 sector, u64 size)
{
    u64 capacity = disk->size / VIRTIO_BLK_SECTOR;

    return size % VIRTIO_BLK_SECTOR == 0 && sector <= capacity &&
           size / VIRTIO_BLK_SECTOR <= capacity - sector;
}

/* The host sees whole sectors only. This one is in several pieces, of which the first is here. */
static int read_split_sector(struct device *device, struct virtqueue_chain *chain, u64 at,
                             struct virtqueue_part first)
{
    const struct host_disk *disk = disk_of(device);
    struct ram *ram = device->bus->ram;
    u8 sector[VIRTIO_BLK_SECTOR];
    int error = disk->read(disk->context, at, sector, sizeof sector);

    if (!error) {
        ram_dma_write(ram, first.at, sector, first.size);
        virtqueue_push(chain, ram, sector + first.size, sizeof sector - first.size);
    }
    return error;
}

static int write_split_sector(struct device *device, struct virtqueue_chain *chain, u64 at,
                              struct virtqueue_part first)
{
    const struct host_disk *disk = disk_of(device);
    const struct ram *ram = device->bus->ram;
    u8 sector[VIRTIO_BLK_SECTOR];

    ram_dma_read(ram, first.at, sector, first.size);
    virtqueue_pull(chain, ram, sector + first.size, sizeof sector - first.size);
    return disk->write(disk->context, at, sector, sizeof sector);
}

/* Cuts what is no whole sector off the end of a piece. */
static struct virtqueue_part cut_tail(struct virtqueue_part *piece)
{
    u32 tail = piece->size % VIRTIO_BLK_SECTOR;

    piece->size -= tail;
    return (struct virtqueue_part){piece->at + piece->size, tail};
}

/* Fills size bytes of the writable side; counts in *done those that are good. */
static enum virtio_blk_status read_sectors(struct device *device, struct virtqueue_chain *chain,
                                           u64 sector, u64 size, u64 *done)
{
    const struct host_disk *disk = disk_of(device);
    struct ram *ram = device->bus->ram;
    u64 at = sector * VIRTIO_BLK_SECTOR;

    if (!is_on_disk(disk, sector, size))
        return VIRTIO_BLK_IOERR;
    while (*done < size) {
        struct virtqueue_part piece = virtqueue_next(chain, &chain->writable, size - *done);
        struct virtqueue_part tail = cut_tail(&piece);

        if (piece.size) {
            u8 *to = ram_writable(ram, piece.at, piece.size);
            ram->dma_writes++;
            if (disk->read(disk->context, at + *done, to, piece.size) != 0)
                return VIRTIO_BLK_IOERR;
            *done += piece.size;
        }
        if (tail.size) {
            if (read_split_sector(device, chain, at + *done, tail) != 0)
                return VIRTIO_BLK_IOERR;
            *done += VIRTIO_BLK_SECTOR;
        }
    }
    return VIRTIO_BLK_OK;
}

static enum virtio_blk_status flush(const struct host_disk *disk)
{
    return disk->flush(disk->context) == 0 ? VIRTIO_BLK_OK : VIRTIO_BLK_IOERR;
}

/* What a request has changed is stable when it is answered, if the driver will never ask for it. */
static enum virtio_blk_status settle(struct device *device)
{
    return virtio_has_feature(device, VIRTIO_BLK_F_FLUSH) ? VIRTIO_BLK_OK : flush(disk_of(device));
}

static enum virtio_blk_status write_sectors(struct device *device, struct virtqueue_chain *chain,
                                            u64 sector)
{
    const struct host_disk *disk = disk_of(device);
    u64 at = sector * VIRTIO_BLK_SECTOR;

    if (disk->read_only || !is_on_disk(disk, sector, chain->readable.left))
        return VIRTIO_BLK_IOERR;
    while (chain->readable.left) {
        struct virtqueue_part piece = virtqueue_next(chain, &chain->readable, UINT32_MAX);
        struct virtqueue_part tail = cut_tail(&piece);
        const u8 *from = ram_host(device->bus->ram, piece.at);

        if (piece.size && disk->write(disk->context, at, from, piece.size) != 0)
            return VIRTIO_BLK_IOERR;
        at += piece.size;
        if (tail.size && write_split_sector(device, chain, at, tail) != 0)
            return VIRTIO_BLK_IOERR;
        at += tail.size ? VIRTIO_BLK_SECTOR : 0;
    }
    return settle(device);
}

static enum virtio_blk_status check_segment(const struct host_disk *disk, u32 type,
                                            const struct virtio_blk_segment *segment)
{
    bool is_zeroes = type == VIRTIO_BLK_WRITE_ZEROES;

    if (segment->flags & ~(is_zeroes ? VIRTIO_BLK_UNMAP : 0))
        return VIRTIO_BLK_UNSUPP;
    if (segment->sectors > (is_zeroes ? VIRTIO_BLK_ZERO_MOST : VIRTIO_BLK_DISCARD_MOST) ||
        !is_on_disk(disk, segment->sector, (u64)segment->sectors * VIRTIO_BLK_SECTOR))
        return VIRTIO_BLK_IOERR;
    return VIRTIO_BLK_OK;
}

static int obey_segment(const struct host_disk *disk, u32 type,
                        const struct virtio_blk_segment *segment)
{
    u64 at = segment->sector * VIRTIO_BLK_SECTOR;
    u64 size = (u64)segment->sectors * VIRTIO_BLK_SECTOR;

    if (size == 0)
        return 0;
    if (type == VIRTIO_BLK_DISCARD)
        return disk->discard(disk->context, at, size);
    return disk->zero(disk->context, at, size,
                      segment->flags & VIRTIO_BLK_UNMAP ? HOST_ZERO_UNMAP : HOST_ZERO_KEEP);
}

/* All segments are checked before the first is obeyed. */
static enum virtio_blk_status clear_segments(struct device *device, struct virtqueue_chain *chain,
                                             u32 type)
{
    const struct host_disk *disk = disk_of(device);
    bool is_zeroes = type == VIRTIO_BLK_WRITE_ZEROES;
    struct virtio_blk_segment segments[VIRTIO_BLK_DISCARD_SEGMENTS];
    u64 size = chain->readable.left, count = size / sizeof *segments;

    if (!virtio_has_feature(device, is_zeroes ? VIRTIO_BLK_F_WRITE_ZEROES : VIRTIO_BLK_F_DISCARD))
        return VIRTIO_BLK_UNSUPP;
    if (size % sizeof *segments || count == 0 ||
        count > (is_zeroes ? VIRTIO_BLK_ZERO_SEGMENTS : VIRTIO_BLK_DISCARD_SEGMENTS))
        return VIRTIO_BLK_IOERR;
    virtqueue_pull(chain, device->bus->ram, segments, size);
    for (u64 i = 0; i < count; i++) {
        enum virtio_blk_status status = check_segment(disk, type, &segments[i]);
        if (status != VIRTIO_BLK_OK)
            return status;
    }
    for (u64 i = 0; i < count; i++)
        if (obey_segment(disk, type, &segments[i]) != 0)
            return VIRTIO_BLK_IOERR;
    return settle(device);
}

static enum virtio_blk_status answer(struct device *device, struct virtqueue_chain *chain,
                                     const struct header *header, u64 room, u64 *done)
{
    const struct host_disk *disk = disk_of(device);

    switch (header->type) {
    case VIRTIO_BLK_IN:
        return read_sectors(device, chain, header->sector, room, done);
    case VIRTIO_BLK_OUT:
        return write_sectors(device, chain, header->sector);
    case VIRTIO_BLK_FLUSH:
        return flush(disk);
    case VIRTIO_BLK_DISCARD:
    case VIRTIO_BLK_WRITE_ZEROES:
        return clear_segments(device, chain, header->type);
    case VIRTIO_BLK_GET_ID:
        *done = virtqueue_push(chain, device->bus->ram, disk->id,
                               room < sizeof disk->id ? room : sizeof disk->id);
        return VIRTIO_BLK_OK;
    default:
        return VIRTIO_BLK_UNSUPP;
    }
}

/* A request without a whole header, or without room for the status, cannot be answered. */
static bool request(struct device *device, struct virtqueue_chain *chain, u32 *written)
{
    struct ram *ram = device->bus->ram;
    struct header header;
    u64 done = 0;

    if (chain->writable.left == 0 ||
        virtqueue_pull(chain, ram, &header, sizeof header) != sizeof header)
        return false;

    u64 room = chain->writable.left - 1;
    u8 status = (u8)answer(device, chain, &header, room, &done);
    virtqueue_skip(chain, &chain->writable, chain->writable.left - 1);
    if (virtqueue_push(chain, ram, &status, 1) != 1)
        return false;
    /* Counted from the start: the status only when everything before it has been written too. */
    *written = (u32)(done == room ? room + 1 : done);
    return true;
}

static void notify(struct device *device, unsigned queue)
{
    virtio_serve(device, queue, request);
}

const struct virtio_type virtio_blk_type = {
    .name = "virtio-blk",
    .device_id = 2,
    .queue_count = 1,
    .queue_most = VIRTQUEUE_MOST,
    .config = config,
    .config_size = CONFIG_SIZE,
    .features = features,
    .config_read = config_read,
    .notify = notify,
};
