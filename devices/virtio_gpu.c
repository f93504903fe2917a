/* The screen (see virtio_gpu.h): VIRTIO 1.2, "GPU Device", "Device configuration layout", its
 * queues, and the size that is wanted. What the driver may say is in virtio_gpu_command.c. */
#include "devices/virtio_gpu.h"

#include "devices/edid.h"
#include "devices/virtio_gpu_parts.h"

#include <string.h>

#define DEFAULT_WIDTH  1024
#define DEFAULT_HEIGHT 768
#define LEAST_SIZE     16 /* pixels: what a window of no size asks for */

_Static_assert(sizeof(struct virtio_gpu_state) <= VIRTIO_FUNCTION_WORDS * sizeof(u64),
               "the state of the function fits");

enum { CONFIG_EVENTS = 0, CONFIG_CLEAR = 4, CONFIG_SCANOUTS = 8, CONFIG_CAPSETS = 12 };

static const struct reg_info config[] = {
    {"events_read", CONFIG_EVENTS, 4, REG_R, "1: another size is wanted"},
    {"events_clear", CONFIG_CLEAR, 4, REG_W, "clears these bits of events_read"},
    {"num_scanouts", CONFIG_SCANOUTS, 4, REG_R, "screens: 1"},
    {"num_capsets", CONFIG_CAPSETS, 4, REG_R, "capability sets: none"},
    {0},
};

static struct gpu_request begin(struct device *device, struct virtqueue_chain *chain)
{
    return (struct gpu_request){.device = device,
                                .chain = chain,
                                .state = virtio_function_state(device),
                                .memory = device->bulk,
                                .screen = device->plugged};
}

/* A command without a header cannot be answered. The cursor's queue wants no answers, but takes
 * them. */
static bool serve(struct device *device, struct virtqueue_chain *chain, u32 *written)
{
    struct ram *ram = device->bus->ram;
    struct gpu_request request = begin(device, chain);
    struct virtio_gpu_header header;
    u8 answer[sizeof header + GPU_ANSWER] = {0};

    if (virtqueue_pull(chain, ram, &header, sizeof header) != sizeof header)
        return false;
    request.answer = answer + sizeof header;

    struct virtio_gpu_header reply = {.type = gpu_obey(&request, header.type)};
    if (header.flags & VIRTIO_GPU_FLAG_FENCE) { /* all is done by now */
        reply.flags = VIRTIO_GPU_FLAG_FENCE;
        reply.fence = header.fence;
        reply.context = header.context;
    }
    memcpy(answer, &reply, sizeof reply);
    *written = (u32)virtqueue_push(chain, ram, answer, sizeof reply + request.answer_size);
    return true;
}

void virtio_gpu_show(struct device *device)
{
    struct gpu_request request = begin(device, NULL);

    gpu_show(&request, gpu_find(request.memory, request.state->scanout), request.state->view);
    gpu_show_cursor(&request);
}

static u32 clamp(u32 size)
{
    return size < LEAST_SIZE ? LEAST_SIZE : size > EDID_MOST ? EDID_MOST : size;
}

static bool take(struct device *device)
{
    struct virtio_gpu_state *state = virtio_function_state(device);
    const struct host_screen *screen = device->plugged;
    u32 width, height;

    if (!screen->next_size || !screen->next_size(screen->context, &width, &height))
        return false;
    state->width = clamp(width);
    state->height = clamp(height);
    state->events |= VIRTIO_GPU_EVENT_DISPLAY;
    virtio_config_changed(device);
    return true;
}

/* The driver's reset takes everything of the driver's. The size that is wanted is not. */
static void reset(struct device *device)
{
    struct gpu_request request = begin(device, NULL);
    struct virtio_gpu_state *state = request.state;
    u32 width = state->width, height = state->height;

    if (width == 0) { /* power-on */
        width = request.screen->width ? request.screen->width : DEFAULT_WIDTH;
        height = request.screen->height ? request.screen->height : DEFAULT_HEIGHT;
    }
    *state = (struct virtio_gpu_state){.width = clamp(width), .height = clamp(height)};
    for (u32 i = 0; i < GPU_RESOURCES; i++)
        if (request.memory->resources[i].id)
            gpu_remove(request.memory, &request.memory->resources[i]);
    memset(request.memory->cursor, 0, sizeof request.memory->cursor);
    virtio_gpu_show(device);
}

static u64 features(const struct device *device)
{
    (void)device;
    return VIRTIO_GPU_F_EDID;
}

static void config_read(const struct device *device, u8 *bytes)
{
    const struct virtio_gpu_state *state = virtio_function_state(device);
    u32 scanouts = 1;

    memcpy(bytes + CONFIG_EVENTS, &state->events, sizeof state->events);
    memcpy(bytes + CONFIG_SCANOUTS, &scanouts, sizeof scanouts);
}

static void config_write(struct device *device, u64 offset, unsigned size, u64 value)
{
    struct virtio_gpu_state *state = virtio_function_state(device);

    if (offset == CONFIG_CLEAR && size == 4)
        state->events &= ~(u32)value;
}

static void notify(struct device *device, unsigned queue)
{
    virtio_serve(device, queue, serve);
}

/* What is shown lies in a resource that there is. */
static bool accepts(const struct device *device, const void *function, const void *bulk)
{
    const struct virtio_gpu_state *state = function;
    const struct gpu_resource *shown = gpu_find((struct gpu_memory *)bulk, state->scanout);

    (void)device;
    return gpu_accepts(bulk) && (!state->scanout || shown) &&
           (!shown || gpu_holds(shown->width, shown->height, &state->view));
}

const struct virtio_type virtio_gpu_type = {
    .name = "virtio-gpu",
    .device_id = 16,
    .queue_count = VIRTIO_GPU_QUEUES,
    .queue_most = 64,
    .config = config,
    .config_size = 16,
    .bulk_size = sizeof(struct gpu_memory),
    .features = features,
    .config_read = config_read,
    .config_write = config_write,
    .reset = reset,
    .notify = notify,
    .take = take,
    .accepts = accepts,
    .restored = virtio_gpu_show,
};
