/* The commands of the screen (see virtio_gpu.h): VIRTIO 1.2, "GPU Device", "Device Operation". A
 * command is one row of a table and one function; what it names is checked there, once. Answers
 * that report an error leave everything as it was, except that a transfer may have copied its first
 * rows. */
#include "devices/edid.h"
#include "devices/virtio_gpu_parts.h"

#include <string.h>

#define INFO_SIZE (VIRTIO_GPU_SCANOUTS * (sizeof(struct host_rect) + 8))
#define EDID_ROOM 1024u /* for the block in an answer */
#define EDID_HEAD 8u    /* size, padding */
#define ANSWER    (EDID_HEAD + EDID_ROOM)

_Static_assert(ANSWER <= GPU_ANSWER && INFO_SIZE <= GPU_ANSWER, "answers fit");

static u32 get_display_info(struct gpu_request *request)
{
    struct host_rect whole = {.width = request->state->width, .height = request->state->height};
    u32 enabled = 1;

    memcpy(request->answer, &whole, sizeof whole);
    memcpy(request->answer + sizeof whole, &enabled, sizeof enabled);
    request->answer_size = INFO_SIZE;
    return VIRTIO_GPU_OK_DISPLAY_INFO;
}

static u32 get_edid(struct gpu_request *request)
{
    u32 size = EDID_SIZE;

    if (request->said.resource.id != 0)
        return VIRTIO_GPU_ERR_INVALID_SCANOUT_ID;
    memcpy(request->answer, &size, sizeof size);
    edid_write(request->answer + EDID_HEAD, request->state->width, request->state->height);
    request->answer_size = ANSWER;
    return VIRTIO_GPU_OK_EDID;
}

static u32 create(struct gpu_request *request)
{
    u32 id = request->said.create.id, format = request->said.create.format;
    u32 width = request->said.create.width, height = request->said.create.height;

    if (id == 0 || gpu_find(request->memory, id))
        return VIRTIO_GPU_ERR_INVALID_RESOURCE_ID;
    if (!gpu_has_format(format) || width == 0 || height == 0)
        return VIRTIO_GPU_ERR_INVALID_PARAMETER;
    return gpu_create(request->memory, id, format, width, height) ? VIRTIO_GPU_OK_NODATA
                                                                  : VIRTIO_GPU_ERR_OUT_OF_MEMORY;
}

static void draw(const struct gpu_request *request, const struct gpu_resource *resource,
                 const struct host_rect *part)
{
    const struct host_rect *view = &request->state->view;
    const u32 *pixels = gpu_pixels(request->memory, resource) +
                        (u64)(view->y + part->y) * resource->width + view->x + part->x;

    if (request->screen->draw)
        request->screen->draw(request->screen->context, part, pixels, resource->width);
}

void gpu_show(const struct gpu_request *request, const struct gpu_resource *resource,
              struct host_rect view)
{
    const struct host_screen *screen = request->screen;

    request->state->scanout = resource ? resource->id : 0;
    request->state->view = view;
    if (screen->set_size)
        screen->set_size(screen->context, view.width, view.height);
    if (resource)
        draw(request, resource, &(struct host_rect){.width = view.width, .height = view.height});
}

static u32 unref(struct gpu_request *request)
{
    struct gpu_resource *resource = gpu_find(request->memory, request->said.resource.id);

    if (!resource)
        return VIRTIO_GPU_ERR_INVALID_RESOURCE_ID;
    if (request->state->scanout == resource->id)
        gpu_show(request, NULL, (struct host_rect){0});
    request->chain->work += (u64)4 * resource->pixels.count;
    gpu_remove(request->memory, resource);
    return VIRTIO_GPU_OK_NODATA;
}

static u32 set_scanout(struct gpu_request *request)
{
    struct host_rect part = request->said.scanout.part;
    struct gpu_resource *resource = gpu_find(request->memory, request->said.scanout.id);

    if (request->said.scanout.scanout != 0)
        return VIRTIO_GPU_ERR_INVALID_SCANOUT_ID;
    if (request->said.scanout.id == 0) {
        gpu_show(request, NULL, (struct host_rect){0});
        return VIRTIO_GPU_OK_NODATA;
    }
    if (!resource)
        return VIRTIO_GPU_ERR_INVALID_RESOURCE_ID;
    if (!gpu_holds(resource->width, resource->height, &part))
        return VIRTIO_GPU_ERR_INVALID_PARAMETER;
    request->chain->work += (u64)8 * part.width * part.height;
    gpu_show(request, resource, part);
    return VIRTIO_GPU_OK_NODATA;
}

/* What a row or a column of the flushed part and of the view have in common, seen from the view. */
static bool clip(u32 *at, u32 *size, u32 view_at, u32 view_size)
{
    u32 from = *at > view_at ? *at : view_at;
    u32 end = *at + *size < view_at + view_size ? *at + *size : view_at + view_size;

    *at = from - view_at;
    *size = from < end ? end - from : 0;
    return from < end;
}

static u32 flush(struct gpu_request *request)
{
    struct host_rect part = request->said.flush.part, *view = &request->state->view;
    struct gpu_resource *resource = gpu_find(request->memory, request->said.flush.id);

    if (!resource)
        return VIRTIO_GPU_ERR_INVALID_RESOURCE_ID;
    if (!gpu_holds(resource->width, resource->height, &part))
        return VIRTIO_GPU_ERR_INVALID_PARAMETER;
    if (request->state->scanout == resource->id &&
        clip(&part.x, &part.width, view->x, view->width) &&
        clip(&part.y, &part.height, view->y, view->height)) {
        request->chain->work += (u64)4 * part.width * part.height;
        draw(request, resource, &part);
    }
    return VIRTIO_GPU_OK_NODATA;
}

static u32 transfer(struct gpu_request *request)
{
    struct host_rect part = request->said.transfer.part;
    struct gpu_resource *resource = gpu_find(request->memory, request->said.transfer.id);

    if (!resource)
        return VIRTIO_GPU_ERR_INVALID_RESOURCE_ID;
    if (!gpu_holds(resource->width, resource->height, &part))
        return VIRTIO_GPU_ERR_INVALID_PARAMETER;
    if (resource->pieces.count == 0)
        return VIRTIO_GPU_ERR_UNSPEC;
    request->chain->work += (u64)4 * part.width * part.height + (u64)16 * resource->pieces.count;
    return gpu_transfer(request->memory, resource, request->device->bus->ram, &part,
                        request->said.transfer.offset)
               ? VIRTIO_GPU_OK_NODATA
               : VIRTIO_GPU_ERR_INVALID_PARAMETER;
}

/* The pieces follow the command: address, length, padding. A list that is cut off is none. */
static u32 attach(struct gpu_request *request)
{
    struct gpu_resource *resource = gpu_find(request->memory, request->said.attach.id);
    u32 count = request->said.attach.count;
    u64 size = (u64)count * sizeof(struct gpu_piece);

    if (!resource)
        return VIRTIO_GPU_ERR_INVALID_RESOURCE_ID;
    if (resource->pieces.count)
        return VIRTIO_GPU_ERR_UNSPEC;
    if (count == 0 || size > request->chain->readable.left)
        return VIRTIO_GPU_ERR_INVALID_PARAMETER;

    struct gpu_piece *pieces = gpu_attach(request->memory, resource, count);
    if (!pieces)
        return VIRTIO_GPU_ERR_OUT_OF_MEMORY;
    virtqueue_pull(request->chain, request->device->bus->ram, pieces, size);
    return VIRTIO_GPU_OK_NODATA;
}

static u32 detach(struct gpu_request *request)
{
    struct gpu_resource *resource = gpu_find(request->memory, request->said.resource.id);

    if (!resource)
        return VIRTIO_GPU_ERR_INVALID_RESOURCE_ID;
    gpu_detach(request->memory, resource);
    return VIRTIO_GPU_OK_NODATA;
}

void gpu_show_cursor(const struct gpu_request *request)
{
    const struct host_screen *screen = request->screen;
    const struct virtio_gpu_state *state = request->state;

    if (screen->set_cursor)
        screen->set_cursor(screen->context, state->has_cursor ? request->memory->cursor : NULL);
    if (screen->move_cursor)
        screen->move_cursor(screen->context, state->cursor_x, state->cursor_y);
}

static u32 move_cursor(struct gpu_request *request)
{
    struct virtio_gpu_state *state = request->state;

    if (request->said.cursor.scanout != 0)
        return VIRTIO_GPU_ERR_INVALID_SCANOUT_ID;
    state->cursor_x = (i32)request->said.cursor.x;
    state->cursor_y = (i32)request->said.cursor.y;
    if (request->screen->move_cursor)
        request->screen->move_cursor(request->screen->context, state->cursor_x, state->cursor_y);
    return VIRTIO_GPU_OK_NODATA;
}

/* The picture is copied: it stays when the resource goes. What stands in the place of alpha counts
 * in every format: Linux makes each buffer that a program may draw into without alpha, pointers
 * too. */
static u32 update_cursor(struct gpu_request *request)
{
    struct gpu_resource *resource = gpu_find(request->memory, request->said.cursor.id);
    u32 *cursor = request->memory->cursor;

    if (request->said.cursor.scanout != 0)
        return VIRTIO_GPU_ERR_INVALID_SCANOUT_ID;
    if (request->said.cursor.id && !resource)
        return VIRTIO_GPU_ERR_INVALID_RESOURCE_ID;
    if (resource && (resource->width != HOST_CURSOR || resource->height != HOST_CURSOR))
        return VIRTIO_GPU_ERR_INVALID_PARAMETER;
    request->state->has_cursor = resource != NULL;
    memset(cursor, 0, sizeof request->memory->cursor);
    if (resource)
        memcpy(cursor, gpu_pixels(request->memory, resource), sizeof request->memory->cursor);
    move_cursor(request);
    gpu_show_cursor(request);
    return VIRTIO_GPU_OK_NODATA;
}

/* A command: its number, how many bytes follow the header, what it does. Returns its answer. */
struct command {
    u32 type, size;
    u32 (*run)(struct gpu_request *request);
};

#define SIZE_OF(member) (u32)sizeof((struct gpu_request *)0)->said.member

static const struct command commands[] = {
    {VIRTIO_GPU_GET_DISPLAY_INFO, 0, get_display_info},
    {VIRTIO_GPU_RESOURCE_CREATE_2D, SIZE_OF(create), create},
    {VIRTIO_GPU_RESOURCE_UNREF, SIZE_OF(resource), unref},
    {VIRTIO_GPU_SET_SCANOUT, SIZE_OF(scanout), set_scanout},
    {VIRTIO_GPU_RESOURCE_FLUSH, SIZE_OF(flush), flush},
    {VIRTIO_GPU_TRANSFER_TO_HOST_2D, SIZE_OF(transfer), transfer},
    {VIRTIO_GPU_RESOURCE_ATTACH_BACKING, SIZE_OF(attach), attach},
    {VIRTIO_GPU_RESOURCE_DETACH_BACKING, SIZE_OF(resource), detach},
    {VIRTIO_GPU_GET_EDID, SIZE_OF(resource), get_edid},
    {VIRTIO_GPU_UPDATE_CURSOR, SIZE_OF(cursor), update_cursor},
    {VIRTIO_GPU_MOVE_CURSOR, SIZE_OF(cursor), move_cursor},
};

#undef SIZE_OF

u32 gpu_obey(struct gpu_request *request, u32 type)
{
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const struct command *command = &commands[i];
        if (command->type != type)
            continue;
        if (virtqueue_pull(request->chain, request->device->bus->ram, &request->said,
                           command->size) != command->size)
            return VIRTIO_GPU_ERR_INVALID_PARAMETER;
        return command->run(request);
    }
    return VIRTIO_GPU_ERR_UNSPEC;
}
