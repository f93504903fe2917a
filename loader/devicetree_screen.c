/* The framebuffer in the device tree (see devicetree.h): Linux's bindings "simple-framebuffer" and
 * Devicetree Specification, "/reserved-memory Node". An operating system, or a bare-metal program,
 * may draw there from its first instruction. */
#include "loader/devicetree.h"

#include "devices/framebuffer.h"

#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>

/* A node whose children have addresses of the same form as those of the root; made if it is not
 * there. */
static int open_parent(void *tree, const char *name, int *error)
{
    int node = fdt_subnode_offset(tree, 0, name);

    if (node == -FDT_ERR_NOTFOUND)
        node = fdt_add_subnode(tree, 0, name);
    if (node < 0 && !*error)
        *error = node;
    if (!*error)
        *error = fdt_setprop_u32(tree, node, "#address-cells", 2);
    if (!*error)
        *error = fdt_setprop_u32(tree, node, "#size-cells", 2);
    if (!*error)
        *error = fdt_setprop_empty(tree, node, "ranges");
    return node;
}

/* framebuffer@ADDRESS with its reg. */
static int open_child(void *tree, const char *parent_name, const struct framebuffer_view *view,
                      int *error)
{
    fdt64_t reg[2] = {cpu_to_fdt64(view->address), cpu_to_fdt64((u64)view->stride * view->height)};
    int parent = open_parent(tree, parent_name, error);
    char name[40];
    int node;

    snprintf(name, sizeof name, "framebuffer@%" PRIx64, view->address);
    node = *error ? *error : fdt_add_subnode(tree, parent, name);
    if (node < 0)
        *error = node;
    if (!*error)
        *error = fdt_setprop(tree, node, "reg", reg, sizeof reg);
    return node;
}

static int add_screen(void *tree, const struct framebuffer_view *view)
{
    int error = 0;
    int node = open_child(tree, "reserved-memory", view, &error);

    if (!error)
        error = fdt_setprop_empty(tree, node, "no-map");
    node = open_child(tree, "chosen", view, &error);
    if (!error)
        error = fdt_setprop_string(tree, node, "compatible", "simple-framebuffer");
    if (!error)
        error = fdt_setprop_u32(tree, node, "width", view->width);
    if (!error)
        error = fdt_setprop_u32(tree, node, "height", view->height);
    if (!error)
        error = fdt_setprop_u32(tree, node, "stride", view->stride);
    if (!error)
        error = fdt_setprop_string(tree, node, "format", "x8r8g8b8");
    return error;
}

int devicetree_add_screen(void *tree, size_t room, const struct machine *machine)
{
    const struct device *device =
        machine_device((struct machine *)machine, framebuffer_type.name, 0);
    const struct framebuffer_view *view = device ? framebuffer_view(device) : NULL;
    int error;

    if (!view || !view->is_on)
        return 0;
    error = fdt_open_into(tree, tree, (int)room);
    if (!error)
        error = add_screen(tree, view);
    return error ? error : fdt_pack(tree);
}
