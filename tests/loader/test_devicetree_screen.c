/* The framebuffer in the device tree (loader/devicetree_screen.c), on a whole machine. */
#include "devices/framebuffer.h"
#include "loader/devicetree.h"

#include "tests/loader/fixture.h"
#include "tests/suite.h"

#include <libfdt.h>

#define PICTURE (4 * FRAMEBUFFER_WIDTH * FRAMEBUFFER_HEIGHT)

/* The tree of a machine with that much RAM, before a screen or not. */
static void *build(u64 ram_size, const struct host_screen *screen)
{
    struct host host = {.framebuffer = screen};
    struct machine_config config = {
        .board = &board_virt, .ram_size = ram_size, .harts = 1, .clock = CLOCK_VIRTUAL};
    char message[256] = "";
    size_t size = 0;

    ck_assert(isa_parse("max", &config.isa, message, sizeof message));
    struct machine *machine = machine_create(&config, &host, message, sizeof message);
    ck_assert_msg(machine != NULL, "%s", message);
    machine_reset(machine);
    void *tree = devicetree_build(machine, &size, message, sizeof message);
    ck_assert_msg(tree != NULL, "%s", message);
    ck_assert_int_eq(fdt_check_full(tree, size), 0);
    machine_destroy(machine);
    return tree;
}

static u32 cell(const void *tree, int node, const char *property, unsigned index)
{
    const fdt32_t *cells = fdt_getprop(tree, node, property, NULL);

    ck_assert_msg(cells != NULL, "no %s", property);
    return fdt32_to_cpu(cells[index]);
}

START_TEST(what_is_shown_from_power_on_is_a_simple_framebuffer_in_reserved_memory)
{
    const struct host_screen screen = {.context = NULL};
    void *tree = build(64 * MIB, &screen);
    u32 address = RAM_BASE + 64 * (u32)MIB - PICTURE;
    char path[64];

    snprintf(path, sizeof path, "/chosen/framebuffer@%x", address);
    int node = fdt_path_offset(tree, path);
    ck_assert_int_ge(node, 0);
    ck_assert_int_eq(fdt_node_check_compatible(tree, node, "simple-framebuffer"), 0);
    ck_assert_uint_eq(cell(tree, node, "reg", 1), address);
    ck_assert_uint_eq(cell(tree, node, "reg", 3), PICTURE);
    ck_assert_uint_eq(cell(tree, node, "width", 0), FRAMEBUFFER_WIDTH);
    ck_assert_uint_eq(cell(tree, node, "height", 0), FRAMEBUFFER_HEIGHT);
    ck_assert_uint_eq(cell(tree, node, "stride", 0), 4 * FRAMEBUFFER_WIDTH);
    ck_assert_str_eq(fdt_getprop(tree, node, "format", NULL), "x8r8g8b8");
    ck_assert_ptr_nonnull(fdt_getprop(tree, fdt_path_offset(tree, "/chosen"), "ranges", NULL));
    ck_assert_ptr_nonnull(fdt_getprop(tree, fdt_path_offset(tree, "/chosen"), "stdout-path", NULL));
    snprintf(path, sizeof path, "/reserved-memory/framebuffer@%x", address);
    node = fdt_path_offset(tree, path);
    ck_assert_int_ge(node, 0);
    ck_assert_ptr_nonnull(fdt_getprop(tree, node, "no-map", NULL));
    ck_assert_uint_eq(cell(tree, node, "reg", 1), address);
    free(tree);
}
END_TEST

START_TEST(where_nothing_is_shown_nothing_is_told)
{
    const struct host_screen screen = {.context = NULL};
    void *trees[] = {build(64 * MIB, NULL), build(8 * MIB, &screen)};

    for (unsigned i = 0; i < 2; i++) {
        ck_assert_int_lt(fdt_path_offset(trees[i], "/reserved-memory"), 0);
        ck_assert_int_lt(fdt_node_offset_by_compatible(trees[i], -1, "simple-framebuffer"), 0);
        free(trees[i]);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_is_shown_from_power_on_is_a_simple_framebuffer_in_reserved_memory,
        where_nothing_is_shown_nothing_is_told,
    };
    return suite_run("devicetree_screen", tests, sizeof tests / sizeof *tests, 1);
}
