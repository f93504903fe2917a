/* The device tree of a small board, read back with libfdt. */
#include "loader/devicetree.h"

#include "tests/loader/fixture.h"

#include <libfdt.h>

static void *build(unsigned xlen, unsigned harts)
{
    struct machine machine;
    char message[256] = "";
    size_t size = 0;

    test_machine_create(&machine, xlen, 64 * MIB);
    machine.config.harts = harts;
    void *tree = devicetree_build(&machine, &size, message, sizeof message);
    ck_assert_msg(tree != NULL, "%s", message);
    ck_assert_int_eq(fdt_check_full(tree, size), 0);
    test_machine_destroy(&machine);
    return tree;
}

static int node(const void *tree, const char *path)
{
    int offset = fdt_path_offset(tree, path);

    ck_assert_msg(offset >= 0, "no node %s", path);
    return offset;
}

static const char *text(const void *tree, const char *path, const char *property)
{
    const char *value = fdt_getprop(tree, node(tree, path), property, NULL);

    ck_assert_msg(value != NULL, "no property %s in %s", property, path);
    return value;
}

static u32 cell(const void *tree, const char *path, const char *property, unsigned index)
{
    int size = 0;
    const fdt32_t *cells = fdt_getprop(tree, node(tree, path), property, &size);

    ck_assert_msg(cells && (unsigned)size >= 4 * (index + 1), "no %s[%u] in %s", property, index,
                  path);
    return fdt32_to_cpu(cells[index]);
}

static bool is_compatible(const void *tree, const char *path, const char *word)
{
    return fdt_node_check_compatible(tree, node(tree, path), word) == 0;
}

START_TEST(memory_and_console_are_told)
{
    void *tree = build(64, 1);

    ck_assert_uint_eq(cell(tree, "/memory@80000000", "reg", 1), RAM_BASE);
    ck_assert_uint_eq(cell(tree, "/memory@80000000", "reg", 3), 64 * MIB);
    ck_assert_str_eq(text(tree, "/chosen", "stdout-path"), "/soc/serial@10000000");
    ck_assert_str_eq(text(tree, "/aliases", "serial0"), "/soc/serial@10000000");
    free(tree);
}
END_TEST

START_TEST(every_chip_of_the_board_has_a_node)
{
    void *tree = build(64, 1);

    ck_assert(is_compatible(tree, "/soc/serial@10000000", "ns16550a"));
    ck_assert_uint_eq(cell(tree, "/soc/serial@10000000", "interrupts", 0), 10);
    ck_assert_uint_eq(cell(tree, "/soc/serial@10000000", "interrupt-parent", 0),
                      cell(tree, "/soc/plic@c000000", "phandle", 0));
    ck_assert_uint_eq(cell(tree, "/soc/serial@10000000", "reg", 1), 0x10000000);
    ck_assert_uint_eq(cell(tree, "/soc/serial@10000000", "reg", 3), 0x100);
    ck_assert(is_compatible(tree, "/soc/plic@c000000", "riscv,plic0"));
    ck_assert(is_compatible(tree, "/soc/clint@2000000", "riscv,clint0"));
    ck_assert(is_compatible(tree, "/soc/test@100000", "syscon"));
    ck_assert(is_compatible(tree, "/soc/virtio_mmio@10001000", "virtio,mmio"));
    ck_assert_uint_eq(cell(tree, "/soc/virtio_mmio@10002000", "interrupts", 0), 2);
    free(tree);
}
END_TEST

START_TEST(a_chip_without_a_writer_gets_a_plain_node)
{
    void *tree = build(64, 1);

    ck_assert(is_compatible(tree, "/soc/novelty@10003000", "house,novelty"));
    ck_assert_uint_eq(cell(tree, "/soc/novelty@10003000", "interrupts", 0), 3);
    free(tree);
}
END_TEST

START_TEST(poweroff_and_reboot_write_to_the_test_device)
{
    void *tree = build(64, 1);
    u32 phandle = cell(tree, "/soc/test@100000", "phandle", 0);

    ck_assert_uint_eq(cell(tree, "/poweroff", "regmap", 0), phandle);
    ck_assert_uint_eq(cell(tree, "/poweroff", "value", 0), 0x5555);
    ck_assert_uint_eq(cell(tree, "/reboot", "regmap", 0), phandle);
    ck_assert_uint_eq(cell(tree, "/reboot", "value", 0), 0x7777);
    free(tree);
}
END_TEST

START_TEST(processors_tell_their_extensions)
{
    void *tree = build(64, 1);
    int cpu = node(tree, "/cpus/cpu@0");

    ck_assert_int_eq(fdt_stringlist_search(tree, cpu, "riscv,isa-extensions", "i"), 0);
    ck_assert_int_ge(fdt_stringlist_search(tree, cpu, "riscv,isa-extensions", "zicbom"), 1);
    ck_assert_int_lt(fdt_stringlist_search(tree, cpu, "riscv,isa-extensions", "zicboz"), 0);
    ck_assert_int_ge(fdt_stringlist_search(tree, cpu, "riscv,isa-extensions", "zkt"), 1);
    ck_assert_int_lt(fdt_stringlist_search(tree, cpu, "riscv,isa-extensions", "svbare"), 0);
    ck_assert_uint_eq(cell(tree, "/cpus/cpu@0", "riscv,cbom-block-size", 0), 64);
    ck_assert_ptr_null(fdt_getprop(tree, cpu, "riscv,cboz-block-size", NULL));
    ck_assert_int_eq(strncmp(text(tree, "/cpus/cpu@0", "riscv,isa"), "rv64im", 6), 0);
    ck_assert_str_eq(text(tree, "/cpus/cpu@0", "riscv,isa-base"), "rv64i");
    ck_assert_str_eq(text(tree, "/cpus/cpu@0", "mmu-type"), "riscv,sv57");
    ck_assert_uint_eq(cell(tree, "/cpus", "timebase-frequency", 0), 10000000);
    free(tree);
}
END_TEST

START_TEST(counters_are_described_where_there_are_some)
{
    for (unsigned has = 0; has < 2; has++) {
        struct machine machine;
        char message[256];
        size_t size;
        void *tree;
        test_machine_create(&machine, 64, 64 * MIB);
        machine.config.isa.extensions &= ~((u64)1 << EXT_ZIHPM);
        machine.config.isa.extensions |= (u64)has << EXT_ZIHPM;
        tree = devicetree_build(&machine, &size, message, sizeof message);
        ck_assert_int_eq(fdt_path_offset(tree, "/pmu") >= 0, has);
        if (has) {
            ck_assert(is_compatible(tree, "/pmu", "riscv,pmu"));
            ck_assert_uint_eq(cell(tree, "/pmu", "riscv,event-to-mhpmcounters", 2), 0xfffffff9);
        }
        test_machine_destroy(&machine);
        free(tree);
    }
}
END_TEST

START_TEST(an_rv32_processor_has_sv32)
{
    void *tree = build(32, 1);

    ck_assert_str_eq(text(tree, "/cpus/cpu@0", "mmu-type"), "riscv,sv32");
    ck_assert_str_eq(text(tree, "/cpus/cpu@0", "riscv,isa-base"), "rv32i");
    free(tree);
}
END_TEST

START_TEST(every_hart_is_wired_to_the_interrupt_controllers)
{
    void *tree = build(64, 64);
    char path[64];

    for (unsigned hart = 0; hart < 64; hart++) {
        snprintf(path, sizeof path, "/cpus/cpu@%x/interrupt-controller", hart);
        u32 lines = cell(tree, path, "phandle", 0);
        ck_assert_uint_eq(cell(tree, "/soc/plic@c000000", "interrupts-extended", 4 * hart), lines);
        ck_assert_uint_eq(cell(tree, "/soc/plic@c000000", "interrupts-extended", 4 * hart + 1), 11);
        ck_assert_uint_eq(cell(tree, "/soc/plic@c000000", "interrupts-extended", 4 * hart + 3), 9);
        ck_assert_uint_eq(cell(tree, "/soc/clint@2000000", "interrupts-extended", 4 * hart), lines);
        ck_assert_uint_eq(cell(tree, "/soc/clint@2000000", "interrupts-extended", 4 * hart + 1), 3);
        ck_assert_uint_eq(cell(tree, "/soc/clint@2000000", "interrupts-extended", 4 * hart + 3), 7);
        snprintf(path, sizeof path, "/cpus/cpu@%x", hart);
        u32 phandle = cell(tree, path, "phandle", 0);
        snprintf(path, sizeof path, "/cpus/cpu-map/cluster0/core%u", hart);
        ck_assert_uint_eq(cell(tree, path, "cpu", 0), phandle);
    }
    free(tree);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_tree)
{
    void *first = build(64, 2), *second = build(64, 2);
    int size = 0;

    ck_assert_uint_eq(fdt_totalsize(first), fdt_totalsize(second));
    ck_assert_int_eq(memcmp(first, second, fdt_totalsize(first)), 0);
    fdt_getprop(first, node(first, "/chosen"), "rng-seed", &size);
    ck_assert_int_eq(size, 32);
    free(first);
    free(second);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devicetree");
    TCase *all = tcase_create("all");

    tcase_add_test(all, memory_and_console_are_told);
    tcase_add_test(all, every_chip_of_the_board_has_a_node);
    tcase_add_test(all, a_chip_without_a_writer_gets_a_plain_node);
    tcase_add_test(all, poweroff_and_reboot_write_to_the_test_device);
    tcase_add_test(all, processors_tell_their_extensions);
    tcase_add_test(all, counters_are_described_where_there_are_some);
    tcase_add_test(all, an_rv32_processor_has_sv32);
    tcase_add_test(all, every_hart_is_wired_to_the_interrupt_controllers);
    tcase_add_test(all, the_same_seed_gives_the_same_tree);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
