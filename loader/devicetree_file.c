/* Device trees that exist already (see devicetree.h): reading one from a file, and writing the
 * choices of this boot into /chosen (Devicetree Specification, "/chosen Node"; Linux bindings). */
#include "loader/devicetree.h"

#include "loader/refuse.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_TREE   ((size_t)2 << 20) /* what Linux maps */
#define FIRST_VERSION  16                /* since then a node is called by its own name */
#define ROOM_FOR_NAMES 512               /* /chosen itself, its three properties and their names */

/* 0 or libfdt's error. Names of nodes were whole paths until version 16: libfdt can read such
 * trees, but 1.6.1 crashes when it checks one whose names are not paths. Nobody has made any for
 * twenty years. */
static int check_tree(const void *tree, size_t size)
{
    if (size < sizeof(struct fdt_header))
        return -FDT_ERR_TRUNCATED;
    if (fdt_magic(tree) == FDT_MAGIC && fdt_version(tree) < FIRST_VERSION)
        return -FDT_ERR_BADVERSION;
    return fdt_check_full(tree, size);
}

void *devicetree_read(const struct file *file, size_t *size, char *message, size_t message_size)
{
    if (file->size > LARGEST_TREE) {
        refuse(message, message_size, "%s is too large for a device tree.", file->path);
        return NULL;
    }
    void *tree = malloc((size_t)file->size);
    if (!tree) {
        refuse(message, message_size, "There is no memory left for %s.", file->path);
        return NULL;
    }
    if (!file_read(file, 0, tree, file->size, message, message_size)) {
        free(tree);
        return NULL;
    }
    int error = check_tree(tree, (size_t)file->size);
    if (error) {
        refuse(message, message_size, "%s is not a device tree blob (%s); dtc makes one.",
               file->path, fdt_strerror(error));
        free(tree);
        return NULL;
    }
    *size = fdt_totalsize(tree);
    return tree;
}

size_t devicetree_room(const char *append)
{
    return ROOM_FOR_NAMES + (append ? strlen(append) + 1 : 0);
}

static int choose(void *tree, const struct tree_choice *choice)
{
    int chosen = fdt_path_offset(tree, "/chosen");
    int error = 0;

    if (chosen == -FDT_ERR_NOTFOUND)
        chosen = fdt_add_subnode(tree, 0, "chosen");
    if (chosen < 0)
        return chosen;
    if (choice->append)
        error = fdt_setprop_string(tree, chosen, "bootargs", choice->append);
    if (!error && choice->initrd_size)
        error = fdt_setprop_u64(tree, chosen, "linux,initrd-start", choice->initrd);
    if (!error && choice->initrd_size)
        error =
            fdt_setprop_u64(tree, chosen, "linux,initrd-end", choice->initrd + choice->initrd_size);
    return error;
}

void *devicetree_choose(const void *tree, size_t tree_size, const struct tree_choice *choice,
                        size_t *size, char *message, size_t message_size)
{
    size_t room = tree_size + devicetree_room(choice->append);
    void *copy = malloc(room);

    if (!copy) {
        refuse(message, message_size, "There is no memory left for the device tree.");
        return NULL;
    }
    int error = fdt_open_into(tree, copy, (int)room);
    if (!error)
        error = choose(copy, choice);
    if (!error)
        error = fdt_pack(copy);
    if (error) {
        refuse(message, message_size,
               "The command line and initrd do not go into the device tree: %s.",
               fdt_strerror(error));
        free(copy);
        return NULL;
    }
    *size = fdt_totalsize(copy);
    return copy;
}
