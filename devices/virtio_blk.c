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

enum { CONFIG_CAPACITY = 0, CONFIG_SEG_MAX = 12, CONFIG_BLK_SIZE = 20, CONFIG_SIZE = 24 };

static const struct reg_info config[] = {
    {"capacity", CONFIG_CAPACITY, 8, REG_R, "size of the disk in sectors of 512 bytes"},
    {"seg_max", CONFIG_SEG_MAX, 4, REG_R, "most pieces that the data of one request may be in"},
    {"blk_size", CONFIG_BLK_SIZE, 4, REG_R, "bytes in a block: 512"},
    {0},
};

static const struct host_disk *disk_of(const struct device *device)
{
    return device->plugged;
}

static u64 features(const struct device *device)
{
    return VIRTIO_BLK_F_SEG_MAX | VIRTIO_BLK_F_BLK_SIZE | VIRTIO_BLK_F_FLUSH |
           (disk_of(device)->read_only ? VIRTIO_BLK_F_RO : 0);
}

static void config_read(const struct device *device, u8 *bytes)
{
    u64 capacity = disk_of(device)->size / VIRTIO_BLK_SECTOR;
    u32 seg_max = VIRTQUEUE_MOST - 2; /* a chain also holds the header and the status */
    u32 blk_size = VIRTIO_BLK_SECTOR;

    memcpy(bytes + CONFIG_CAPACITY, &capacity, sizeof capacity);
    memcpy(bytes + CONFIG_SEG_MAX, &seg_max, sizeof seg_max);
    memcpy(bytes + CONFIG_BLK_SIZE, &blk_size, sizeof blk_size);
}

/* Whole sectors, all of them on the disk? */
static bool is_on_disk(const struct host_disk *disk, u64 sector, u64 size)
{
    u64 capacity = disk->size / VIRTIO_BLK_SECTOR;

    return size % VIRTIO_BLK_SECTOR == 0 && sector <= capacity &&
           size / VIRTIO_BLK_SECTOR <= capacity - sector;
}

/* Fills size bytes of the writable side; counts in *done those that are good. */
static enum virtio_blk_status read_sectors(struct device *device, struct virtqueue_chain *chain,
                                           u64 sector, u64 size, u64 *done)
{
    const struct host_disk *disk = disk_of(device);
    struct ram *ram = device->bus->ram;

    if (!is_on_disk(disk, sector, size))
        return VIRTIO_BLK_IOERR;
    while (*done < size) {
        struct virtqueue_part piece = virtqueue_next(chain, &chain->writable, size - *done);
        u8 *to = ram_writable(ram, piece.at, piece.size);

        ram->dma_writes++;
        if (disk->read(disk->context, sector * VIRTIO_BLK_SECTOR + *done, to, piece.size) != 0)
            return VIRTIO_BLK_IOERR;
        *done += piece.size;
    }
    return VIRTIO_BLK_OK;
}

static enum virtio_blk_status flush(const struct host_disk *disk)
{
    return disk->flush(disk->context) == 0 ? VIRTIO_BLK_OK : VIRTIO_BLK_IOERR;
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

        if (disk->write(disk->context, at, ram_host(device->bus->ram, piece.at), piece.size) != 0)
            return VIRTIO_BLK_IOERR;
        at += piece.size;
    }
    return virtio_has_feature(device, VIRTIO_BLK_F_FLUSH) ? VIRTIO_BLK_OK : flush(disk);
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
