/* The network behind host.h: libslirp (see net.h).
 *
 * What the guest sends is answered within that call as far as the stack itself can answer
 * (acknowledgements, DHCP, ARP); sockets are looked at by the attendant, and as soon as the guest
 * has drained half of a connection's buffer. All timers follow the host's clock, also when the
 * guest's clock is virtual: the other end of a connection is outside.
 *
 * Left out: TFTP and SMB servers, saving the connections in a snapshot. */
#include "frontend/net.h"

#include <errno.h>
#include <poll.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/console.h"
#include "frontend/fragments.h"
#include "frontend/frames.h"
#include "loader/refuse.h"

#define USUAL_MAC                                                                                  \
    {                                                                                              \
        0x52, 0x54, 0x00, 0x12, 0x34, 0x56                                                         \
    } /* as QEMU's first card */
#define NS_PER_MS   ((u64)1000000)
#define TIMERS      4
#define DESCRIPTORS 1024 /* looked at at once; more are not looked at */
/* Frames that may wait for the guest, and how many bytes of them make us read no more sockets: the
 * rest is for the answers to what the guest sends meanwhile. */
#define QUEUE_SIZE   ((size_t)4 << 20)
#define QUEUE_ENOUGH ((size_t)1 << 20)

struct timer {
    bool is_used;
    SlirpTimerId id;
    void *cookie;
    u64 due_ns; /* UINT64_MAX: not running */
};

struct net {
    Slirp *slirp;
    struct host_net host;
    struct frames frames;
    struct fragments fragments;
    struct timer timers[TIMERS];
    bool is_kicked; /* a connection can read on from its socket */
    /* While descriptors are collected, and while they are asked for. */
    struct pollfd *fds;
    const struct pollfd *polled;
    unsigned count, room;
};

static ssize_t send_to_guest(const void *frame, size_t size, void *context)
{
    struct net *net = context;

    if (size <= HOST_NET_FRAME_MOST)
        frames_add(&net->frames, frame, size);
    return (ssize_t)size;
}

/* The guest's mistakes are its own affair. */
static void hear_guest_error(const char *text, void *context)
{
    (void)text;
    (void)context;
}

static int64_t now_ns(void *context)
{
    (void)context;
    return (int64_t)console_now_ns();
}

static void *add_timer(SlirpTimerId id, void *cookie, void *context)
{
    struct net *net = context;

    for (unsigned i = 0; i < TIMERS; i++) {
        if (net->timers[i].is_used)
            continue;
        net->timers[i] = (struct timer){true, id, cookie, UINT64_MAX};
        return &net->timers[i];
    }
    return NULL;
}

static void free_timer(void *timer, void *context)
{
    (void)context;
    if (timer)
        *(struct timer *)timer = (struct timer){0};
}

static void set_timer(void *timer, int64_t due_ms, void *context)
{
    (void)context;
    if (timer)
        ((struct timer *)timer)->due_ns = (u64)due_ms * NS_PER_MS;
}

/* We ask for all descriptors each time. */
static void note_descriptor(int fd, void *context)
{
    (void)fd;
    (void)context;
}

static void kick(void *context)
{
    ((struct net *)context)->is_kicked = true;
}

static const SlirpCb callbacks = {
    .send_packet = send_to_guest,
    .guest_error = hear_guest_error,
    .clock_get_ns = now_ns,
    .timer_free = free_timer,
    .timer_mod = set_timer,
    .register_poll_fd = note_descriptor,
    .unregister_poll_fd = note_descriptor,
    .notify = kick,
    .timer_new_opaque = add_timer,
};

static const struct {
    int theirs;
    short ours;
} events[] = {
    {SLIRP_POLL_IN, POLLIN},   {SLIRP_POLL_OUT, POLLOUT}, {SLIRP_POLL_PRI, POLLPRI},
    {SLIRP_POLL_ERR, POLLERR}, {SLIRP_POLL_HUP, POLLHUP},
};

#define EVENTS (sizeof events / sizeof *events)

static int add_descriptor(int fd, int wanted, void *context)
{
    struct net *net = context;
    short ours = 0;

    if (net->count == net->room)
        return -1;
    for (unsigned i = 0; i < EVENTS; i++)
        if (wanted & events[i].theirs)
            ours |= events[i].ours;
    net->fds[net->count] = (struct pollfd){.fd = fd, .events = ours};
    return (int)net->count++;
}

static int tell_events(int index, void *context)
{
    const struct net *net = context;
    int theirs = 0;

    if (index < 0 || (unsigned)index >= net->count)
        return 0;
    for (unsigned i = 0; i < EVENTS; i++)
        if (net->polled[index].revents & events[i].ours)
            theirs |= events[i].theirs;
    return theirs;
}

static unsigned prepare(void *context, struct pollfd *fds, unsigned room, u64 *ns)
{
    struct net *net = context;
    u64 ms = *ns / NS_PER_MS, now = console_now_ns();
    uint32_t timeout = ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX, wanted = timeout;

    net->fds = fds;
    net->room = room;
    net->count = 0;
    if (frames_used(&net->frames) >= QUEUE_ENOUGH)
        return 0;
    slirp_pollfds_fill(net->slirp, &wanted, add_descriptor, net);
    if (wanted < timeout)
        *ns = wanted * NS_PER_MS;
    for (unsigned i = 0; i < TIMERS; i++) {
        const struct timer *timer = &net->timers[i];
        u64 left = timer->due_ns > now ? timer->due_ns - now : 0;
        if (timer->is_used && left < *ns)
            *ns = left;
    }
    return net->count;
}

static void attend(void *context, const struct pollfd *fds, unsigned count)
{
    struct net *net = context;
    u64 now = console_now_ns();

    if (frames_used(&net->frames) >= QUEUE_ENOUGH)
        return;
    net->polled = fds;
    net->count = count;
    net->is_kicked = false;
    slirp_pollfds_poll(net->slirp, 0, tell_events, net);
    for (unsigned i = 0; i < TIMERS; i++) {
        struct timer *timer = &net->timers[i];
        if (!timer->is_used || timer->due_ns > now)
            continue;
        timer->due_ns = UINT64_MAX;
        slirp_handle_timer(net->slirp, timer->id, timer->cookie);
    }
}

struct attendant net_attendant(struct net *net)
{
    return (struct attendant){.context = net, .prepare = prepare, .attend = attend};
}

/* Without waiting for the attendant's turn. */
static void attend_now(struct net *net)
{
    struct pollfd fds[DESCRIPTORS];
    u64 ns = 0;
    unsigned count = prepare(net, fds, DESCRIPTORS, &ns);

    poll(fds, count, 0);
    attend(net, fds, count);
}

static void send_frame(void *context, const u8 *frame, size_t size)
{
    struct net *net = context;
    const u8 *whole = fragments_join(&net->fragments, frame, &size);

    if (whole)
        slirp_input(net->slirp, whole, (int)size);
}

static const u8 *look(void *context, size_t *size)
{
    struct net *net = context;

    if (net->is_kicked && !frames_used(&net->frames))
        attend_now(net);
    return frames_first(&net->frames, size);
}

static void drop(void *context)
{
    frames_drop(&((struct net *)context)->frames);
}

const struct host_net *net_host(const struct net *net)
{
    return &net->host;
}

static bool listen_on(struct net *net, const struct net_forward *forward, char *message,
                      size_t message_size)
{
    struct in_addr host, guest = {0}; /* 0: whoever was first to ask for an address */
    const u8 *at = forward->address;

    memcpy(&host, at, sizeof host);
    if (slirp_add_hostfwd(net->slirp, forward->is_udp, host, forward->host_port, guest,
                          forward->guest_port) == 0)
        return true;
    return refuse(message, message_size, "The port %u.%u.%u.%u:%u%s cannot be forwarded: %s.",
                  at[0], at[1], at[2], at[3], forward->host_port, forward->is_udp ? "/udp" : "",
                  strerror(errno));
}

static Slirp *start(struct net *net, const struct net_config *config)
{
    SlirpConfig slirp = {
        .version = 4,
        .restricted = config->is_restricted,
        .in_enabled = true,
        .in6_enabled = true,
        .vprefix_len = 64,
        .vhostname = "vitrine",
        .if_mtu = net->host.mtu,
        .if_mru = net->host.mtu,
    };
    const struct {
        const char *text;
        struct in_addr *address;
    } fours[] = {
        {"10.0.2.0", &slirp.vnetwork},    {"255.255.255.0", &slirp.vnetmask},
        {"10.0.2.2", &slirp.vhost},       {"10.0.2.15", &slirp.vdhcp_start},
        {"10.0.2.3", &slirp.vnameserver},
    };
    for (unsigned i = 0; i < sizeof fours / sizeof *fours; i++)
        inet_pton(AF_INET, fours[i].text, fours[i].address);
    inet_pton(AF_INET6, "fec0::", &slirp.vprefix_addr6);
    inet_pton(AF_INET6, "fec0::2", &slirp.vhost6);
    inet_pton(AF_INET6, "fec0::3", &slirp.vnameserver6);
    return slirp_new(&slirp, &callbacks, net);
}

static void lose_frame(void *context, const u8 *frame, size_t size)
{
    (void)context;
    (void)frame;
    (void)size;
}

static const u8 *look_at_nothing(void *context, size_t *size)
{
    (void)context;
    *size = 0;
    return NULL;
}

static bool is_never_up(void *context)
{
    (void)context;
    return false;
}

const struct host_net net_unplugged = {
    .mac = USUAL_MAC,
    .mtu = 1500,
    .send = lose_frame,
    .look = look_at_nothing,
    .is_up = is_never_up,
};

struct net *net_open(const struct net_config *config, char *message, size_t message_size)
{
    struct net *net = calloc(1, sizeof *net);

    if (!net || !frames_init(&net->frames, QUEUE_SIZE)) {
        free(net);
        refuse(message, message_size, "This host has no memory for a network.");
        return NULL;
    }
    net->host = (struct host_net){
        .context = net,
        .mac = USUAL_MAC,
        .mtu = config->mtu ? config->mtu : NET_MTU_MOST,
        .send = send_frame,
        .look = look,
        .drop = drop,
    };
    for (unsigned i = 0; i < sizeof config->mac; i++)
        if (config->mac[i])
            memcpy(net->host.mac, config->mac, sizeof config->mac);
    net->slirp = start(net, config);
    for (unsigned i = 0; i < config->forward_count; i++) {
        if (listen_on(net, &config->forwards[i], message, message_size))
            continue;
        net_close(net);
        return NULL;
    }
    return net;
}

void net_close(struct net *net)
{
    if (!net)
        return;
    slirp_cleanup(net->slirp);
    frames_release(&net->frames);
    free(net);
}
