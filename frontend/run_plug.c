/* What is plugged into the machine before it is made (see run_parts.h): disks, shares, the network,
 * the console, the screen. */
#include "frontend/run_parts.h"

#include <stdio.h>
#include <string.h>

#include "loader/disk.h"
#include "loader/refuse.h"

/* The image, its overlay, and what is thrown away on top. */
static struct host_disk *open_disk(struct run *run, const struct option_disk *named)
{
    const size_t size = sizeof(run->message);
    bool is_kept = !named->read_only && !run->options->discard;
    enum disk_mode mode = is_kept ? DISK_READ_WRITE : DISK_READ_ONLY;
    struct host_disk *disk = (run->options->as_qemu ? disk_open_any_size : disk_open)(
        named->path, *named->overlay ? DISK_READ_ONLY : mode, run->message, size);
    if (disk && *named->overlay)
        disk = disk_open_overlay(disk, named->overlay, mode, run->message, size);
    if (disk && run->options->discard && !named->read_only)
        disk = disk_open_throw_away(disk, run->message, size);
    return disk;
}

static bool plug_disk(struct run *run, const struct option_disk *named)
{
    struct host_disk *disk = open_disk(run, named);
    if (!disk)
        return false;
    run->disks[run->disk_count++] = disk;
    host_plug_at(&run->host, named->slot, PLUG_DISK, disk);
    return true;
}

/* A guest's own disk comes before the ones that the user adds. */
static bool plug_own_disk(struct run *run)
{
    const char *path = run->plan.guest.disk;
    struct option_disk own = {.read_only = false};
    if (!path)
        return true;
    if (strlen(path) >= sizeof(own.path))
        return refuse(run->message, sizeof(run->message),
                      "The path of the guest's disk is too long.");
    strcpy(own.path, path);
    return plug_disk(run, &own);
}

static bool open_disks(struct run *run)
{
    if (!plug_own_disk(run))
        return false;
    for (unsigned i = 0; i < run->options->disk_count; i++)
        if (!plug_disk(run, &run->options->disks[i]))
            return false;
    return true;
}

enum exit_code run_open_net(struct run *run)
{
    struct outside *outside = &run->outside;
    if (!run->plan.has_net || run->options->dump_dtb)
        return EXIT_DONE;
    run->net = net_open(&run->plan.net, run->message, sizeof(run->message));
    if (!run->net && run->plan.offers_ssh) { /* another machine may have it */
        fprintf(stderr, "vitrine: %s -p offers another.\n", run->message);
        run->plan.net.forward_count = 0;
        run->net = net_open(&run->plan.net, run->message, sizeof(run->message));
    }
    if (!run->net)
        return EXIT_OURS;
    outside_add(outside, net_attendant(run->net));
    return EXIT_DONE;
}

static bool plug_terminal(struct run *run)
{
    static const struct host_terminal nobody;
    struct host_terminal script = {.line = run->host.console};
    unsigned slot = run->options->console_slot;
    if (run->options->console == CONSOLE_VIRTIO &&
        !keyboard_plug(&run->keyboard, &run->host, slot,
                       run->script ? script : console_terminal(&run->console)))
        return refuse(run->message, sizeof(run->message),
                      "There is no virtio slot left for --console.");
    if (run->options->console != CONSOLE_VIRTIO && slot)
        host_plug_at(&run->host, slot, PLUG_CONSOLE, &nobody);
    if (run->options->no_serial)
        run->host.console = (struct host_console){0};
    return true;
}

bool run_plug_all(struct run *run)
{
    if (!open_disks(run) ||
        !shares_open(&run->shares, &run->options->shares, &run->host, run->message,
                     sizeof(run->message)) ||
        !plug_terminal(run))
        return false;
    if (run->net || run->options->net.kind == NET_UNPLUGGED)
        host_plug_at(&run->host, run->options->net_slot, PLUG_NET,
                     run->net ? net_host(run->net) : &net_unplugged);
    screen_plug(run->screen, &run->host, run->options);
    return true;
}

void run_close_plugs(struct run *run)
{
    screen_close(run->screen);
    for (unsigned i = 0; i < run->disk_count; i++)
        disk_close(run->disks[i]);
    net_close(run->net);
    shares_close(&run->shares);
}
