/* A host with nothing in it (see door.h): for each slot something of the right kind and size that
 * is never asked, since a tape is played in front of it. */
#include "loader/door_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct door_empty {
    struct host_disk disks[HOST_PLUGS];
    struct host_net nets[HOST_PLUGS];
    struct host_share shares[HOST_PLUGS];
    struct host_terminal terminals[HOST_PLUGS];
    struct host_screen screens[HOST_PLUGS], framebuffer;
    struct host_input inputs[HOST_PLUGS];
    u64 seed;
};

static int no_read(void *context, u64 offset, void *to, size_t size)
{
    (void)context, (void)offset, (void)to, (void)size;
    return -EIO;
}

static int no_write(void *context, u64 offset, const void *from, size_t size)
{
    (void)context, (void)offset, (void)from, (void)size;
    return -EIO;
}

static int no_flush(void *context)
{
    (void)context;
    return -EIO;
}

static int no_discard(void *context, u64 offset, u64 size)
{
    (void)context, (void)offset, (void)size;
    return -EIO;
}

static int no_zero(void *context, u64 offset, u64 size, enum host_zero how)
{
    (void)context, (void)offset, (void)size, (void)how;
    return -EIO;
}

static void no_send(void *context, const u8 *frame, size_t size)
{
    (void)context, (void)frame, (void)size;
}

static const u8 *no_look(void *context, size_t *size)
{
    (void)context, (void)size;
    return NULL;
}

static void no_call(void *context)
{
    (void)context;
}

static bool no_cable(void *context)
{
    (void)context;
    return false;
}

static u32 no_exchange(void *context, u32 size, u32 room)
{
    (void)context, (void)size, (void)room;
    return 0;
}

static int no_byte(void *context)
{
    (void)context;
    return -1;
}

static void no_measure(void *context, u16 *columns, u16 *rows)
{
    (void)context, (void)columns, (void)rows;
}

static bool no_size(void *context, u32 *width, u32 *height)
{
    (void)context, (void)width, (void)height;
    return false;
}

static bool no_event(void *context, struct host_event *event)
{
    (void)context, (void)event;
    return false;
}

static u64 no_clock(void *context)
{
    (void)context;
    return 0;
}

static u64 no_wait(void *context, u64 ns)
{
    (void)context;
    return ns;
}

static void no_random(void *context, void *to, size_t size)
{
    (void)context;
    memset(to, 0, size);
}

static const void *make_disk(struct host_disk *disk, const struct state_plug *plug)
{
    *disk = (struct host_disk){.size = plug->size,
                               .read_only = plug->flags & PLUG_READ_ONLY,
                               .read = no_read,
                               .write = no_write,
                               .flush = no_flush,
                               .discard = plug->flags & PLUG_DISCARDS ? no_discard : NULL,
                               .zero = plug->flags & PLUG_ZEROES ? no_zero : NULL};
    memcpy(disk->id, plug->name, sizeof disk->id);
    return disk;
}

static const void *make_net(struct host_net *net, const struct state_plug *plug)
{
    *net = (struct host_net){.mtu = plug->mtu,
                             .send = no_send,
                             .look = no_look,
                             .drop = no_call,
                             .is_up = plug->flags & PLUG_HAS_CABLE ? no_cable : NULL};
    memcpy(net->mac, plug->mac, sizeof net->mac);
    return net;
}

/* NULL: no memory. */
static const void *make_share(struct host_share *share, const struct state_plug *plug)
{
    *share = (struct host_share){.message_most = (u32)plug->size,
                                 .request = calloc(2, plug->size),
                                 .exchange = no_exchange,
                                 .forget = no_call};
    share->answer = share->request + plug->size;
    memcpy(share->tag, plug->name, sizeof share->tag);
    share->tag[sizeof share->tag - 1] = 0;
    return share->request ? share : NULL;
}

static const void *make_terminal(struct host_terminal *terminal, const struct state_plug *plug)
{
    terminal->line.read = no_byte;
    terminal->line.one_at_a_time = plug->flags & PLUG_ONE_AT_A_TIME;
    terminal->measure = plug->flags & PLUG_HAS_SIZE ? no_measure : NULL;
    return terminal;
}

static const void *make_screen(struct host_screen *screen, const struct state_plug *plug)
{
    *screen = (struct host_screen){.width = (u32)(plug->size >> 32),
                                   .height = (u32)plug->size,
                                   .next_size = plug->flags & PLUG_HAS_SIZE ? no_size : NULL};
    return screen;
}

/* False: no memory, or a plug that cannot be. */
static bool make_plug(struct door_empty *empty, unsigned i, const struct state_plug *plug,
                      struct host_plug *to)
{
    to->kind = (enum host_plug_kind)plug->kind;
    switch (to->kind) {
    case PLUG_NOTHING:
        return true;
    case PLUG_DISK:
        to->backend = make_disk(&empty->disks[i], plug);
        return plug->size && plug->size % 512 == 0;
    case PLUG_ENTROPY:
        to->backend = &empty->seed;
        return true;
    case PLUG_NET:
        to->backend = make_net(&empty->nets[i], plug);
        return plug->mtu >= 68;
    case PLUG_SHARE:
        to->backend = plug->size <= ((u64)1 << 24) ? make_share(&empty->shares[i], plug) : NULL;
        return to->backend;
    case PLUG_CONSOLE:
        to->backend = make_terminal(&empty->terminals[i], plug);
        return true;
    case PLUG_SCREEN:
        to->backend = make_screen(&empty->screens[i], plug);
        return true;
    case PLUG_KEYBOARD:
    case PLUG_TABLET:
    case PLUG_MOUSE:
        empty->inputs[i].next = no_event;
        to->backend = &empty->inputs[i];
        return true;
    case PLUG_KINDS:
        break;
    }
    return false;
}

struct door_empty *door_empty_create(struct host *host, const struct state_config *config)
{
    struct door_empty *empty = calloc(1, sizeof *empty);

    if (!empty)
        return NULL;
    empty->seed = config->seed;
    host->console.read = no_byte;
    host->console.one_at_a_time = config->serial.flags & PLUG_ONE_AT_A_TIME;
    host->monotonic_ns = config->outside & OUTSIDE_CLOCK ? no_clock : NULL;
    host->wall_ns = config->outside & OUTSIDE_WALL ? no_clock : NULL;
    host->random = config->outside & OUTSIDE_RANDOM ? no_random : NULL;
    host->wait = config->outside & OUTSIDE_WAIT ? no_wait : NULL;
    host->framebuffer = config->has_framebuffer ? &empty->framebuffer : NULL;
    for (unsigned i = 0; i < HOST_PLUGS; i++)
        if (!make_plug(empty, i, &config->plugs[i], &host->plugs[i])) {
            door_empty_destroy(empty);
            return NULL;
        }
    return empty;
}

void door_empty_destroy(struct door_empty *empty)
{
    if (!empty)
        return;
    for (unsigned i = 0; i < HOST_PLUGS; i++)
        free(empty->shares[i].request);
    free(empty);
}
