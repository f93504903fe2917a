/* The console (see virtio_console.h): bytes both ways, and the size of the person's terminal, whose
 * change is a configuration interrupt. */
#include "devices/virtio_console.h"

#include <string.h>

/* Bytes handed to the driver between two slices. */
#define TAKE_MOST 4096u

enum {
    CONFIG_COLUMNS = 0,
    CONFIG_ROWS = 2,
    CONFIG_PORTS = 4,
    CONFIG_EMERGENCY = 8,
    CONFIG_SIZE = 12,
};

static const struct reg_info config[] = {
    {"cols", CONFIG_COLUMNS, 2, REG_R, "columns of the terminal; 0 not known"},
    {"rows", CONFIG_ROWS, 2, REG_R, "rows of the terminal; 0 not known"},
    {"max_nr_ports", CONFIG_PORTS, 4, REG_R, "1"},
    {"emerg_wr", CONFIG_EMERGENCY, 4, REG_W, "a character to print, at any time"},
    {0},
};

_Static_assert(sizeof(struct virtio_console_state) <= VIRTIO_FUNCTION_WORDS * sizeof(u64),
               "the state of the function fits");

static const struct host_terminal *terminal_of(const struct device *device)
{
    return device->plugged;
}

static u64 features(const struct device *device)
{
    (void)device;
    return VIRTIO_CONSOLE_F_SIZE | VIRTIO_CONSOLE_F_EMERG_WRITE;
}

static void config_read(const struct device *device, u8 *bytes)
{
    const struct virtio_console_state *state = virtio_function_state(device);
    u32 ports = 1;

    memcpy(bytes + CONFIG_COLUMNS, &state->columns, sizeof state->columns);
    memcpy(bytes + CONFIG_ROWS, &state->rows, sizeof state->rows);
    memcpy(bytes + CONFIG_PORTS, &ports, sizeof ports);
}

static void print(const struct device *device, const u8 *bytes, u64 size)
{
    const struct host_console *line = &terminal_of(device)->line;

    for (u64 i = 0; line->write && i < size; i++)
        line->write(line->context, bytes[i]);
}

static void config_write(struct device *device, u64 offset, unsigned size, u64 value)
{
    u8 character = (u8)value;

    (void)size;
    if (offset == CONFIG_EMERGENCY)
        print(device, &character, 1);
}

/* What was typed for the last driver is not for the next one. */
static void reset(struct device *device)
{
    struct virtio_console_state *state = virtio_function_state(device);
    const struct host_terminal *terminal = terminal_of(device);

    *state = (struct virtio_console_state){0};
    if (terminal->measure)
        terminal->measure(terminal->line.context, &state->columns, &state->rows);
}

static bool transmit(struct device *device, struct virtqueue_chain *chain, u32 *written)
{
    struct ram *ram = device->bus->ram;
    u64 left = VIRTIO_CONSOLE_MOST;

    (void)written;
    for (;;) {
        struct virtqueue_part piece = virtqueue_next(chain, &chain->readable, left);
        if (piece.size == 0)
            return true;
        print(device, ram_host(ram, piece.at), piece.size);
        left -= piece.size;
    }
}

/* Room to receive needs no answer: what is typed is taken between slices. */
static void notify(struct device *device, unsigned queue)
{
    if (queue == VIRTIO_CONSOLE_TRANSMIT)
        virtio_serve(device, queue, transmit);
}

static bool take_size(struct device *device)
{
    struct virtio_console_state *state = virtio_function_state(device);
    const struct host_terminal *terminal = terminal_of(device);
    u16 columns = state->columns, rows = state->rows;

    if (terminal->measure)
        terminal->measure(terminal->line.context, &columns, &rows);
    if (columns == state->columns && rows == state->rows)
        return false;
    state->columns = columns;
    state->rows = rows;
    virtio_config_changed(device);
    return true;
}

/* The next few bytes from outside, unless there are some. Who feeds us from a pipe gets one byte
 * through at a time. */
static bool fetch(struct device *device)
{
    struct virtio_console_state *state = virtio_function_state(device);
    const struct host_console *line = &terminal_of(device)->line;
    u32 most = line->one_at_a_time ? 1 : sizeof state->typed;

    if (state->typed_count || !line->read)
        return state->typed_count;
    while (state->typed_count < most) {
        int byte = line->read(line->context);
        if (byte < 0)
            break;
        state->typed[state->typed_count++] = (u8)byte;
    }
    return state->typed_count;
}

/* Puts what was fetched into the driver's next buffer. Returns how many bytes; 0 when it has none.
 */
static u32 hand_over(struct device *device, struct virtqueue *queue)
{
    const struct virtio_state *slot = device->state;
    struct virtio_console_state *state = virtio_function_state(device);
    struct ram *ram = device->bus->ram;
    struct virtqueue_chain chain;
    enum virtqueue_result result = virtqueue_take(queue, ram, slot->driver_features, &chain);

    if (result == VIRTQUEUE_EMPTY)
        return 0;
    if (result == VIRTQUEUE_BROKEN || chain.readable.left || chain.writable.left == 0) {
        virtio_fail(device);
        return 0;
    }
    u32 size = (u32)virtqueue_push(&chain, ram, state->typed, state->typed_count);
    state->typed_count -= size;
    memmove(state->typed, state->typed + size, state->typed_count);
    if (virtqueue_give(queue, ram, size))
        return size;
    virtio_fail(device);
    return 0;
}

static bool take(struct device *device)
{
    struct virtqueue *queue =
        &((struct virtio_state *)device->state)->queues[VIRTIO_CONSOLE_RECEIVE];
    bool any = take_size(device);
    u32 done = 0, size = 1;

    while (queue->ready && size && done < TAKE_MOST && fetch(device)) {
        size = hand_over(device, queue);
        done += size;
    }
    if (done)
        virtio_signal(device, VIRTIO_CONSOLE_RECEIVE);
    return any || done;
}

static bool accepts(const struct device *device, const void *function, const void *bulk)
{
    const struct virtio_console_state *state = function;

    (void)device;
    (void)bulk;
    return state->typed_count <= sizeof state->typed;
}

const struct virtio_type virtio_console_type = {
    .name = "virtio-console",
    .device_id = 3,
    .queue_count = 2,
    .queue_most = 64,
    .config = config,
    .config_size = CONFIG_SIZE,
    .features = features,
    .config_read = config_read,
    .config_write = config_write,
    .reset = reset,
    .notify = notify,
    .take = take,
    .accepts = accepts,
};
