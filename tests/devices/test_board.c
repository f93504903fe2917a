/* The board virt: rows that do not overlap, addresses that guests rely on, and wires that end where
 * the table says. */
#include "devices/plic.h"
#include "devices/uart.h"
#include "devices/virtio.h"

#include "tests/devices/bench.h"

#define PLIC_PENDING 0x0c001000u
#define LARGEST_RAM  ((u64)1 << 40)

static bool overlap(paddr a, u64 a_size, paddr b, u64 b_size)
{
    return a < b + b_size && b < a + a_size;
}

START_TEST(no_two_rows_overlap_and_none_meets_rom_or_ram)
{
    const struct board *board = &board_virt;

    for (unsigned i = 0; i < board->slot_count; i++) {
        const struct slot *slot = &board->slots[i];
        ck_assert_uint_gt(slot->size, 0);
        ck_assert(!overlap(slot->base, slot->size, board->rom_base, board->rom_size));
        ck_assert(!overlap(slot->base, slot->size, board->ram_base, LARGEST_RAM));
        for (unsigned j = 0; j < i; j++)
            ck_assert_msg(
                !overlap(slot->base, slot->size, board->slots[j].base, board->slots[j].size),
                "rows %u and %u", j, i);
    }
    ck_assert_uint_le(board->slot_count, MACHINE_DEVICES);
}
END_TEST

START_TEST(chips_are_where_guests_expect_them)
{
    static const struct {
        const char *compatible;
        paddr base;
        unsigned irq;
    } rows[] = {{"ns16550a", 0x10000000, 10},
                {"sifive,test1", 0x100000, 0},
                {"google,goldfish-rtc", 0x101000, 11}};

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct slot *found = NULL;
        for (unsigned j = 0; j < board_virt.slot_count; j++)
            if (strstr(board_virt.slots[j].type->compatible, rows[i].compatible))
                found = &board_virt.slots[j];
        ck_assert_msg(found != NULL, "no %s", rows[i].compatible);
        ck_assert_uint_eq(found->base, rows[i].base);
        ck_assert_uint_eq(found->irq, rows[i].irq);
    }
}
END_TEST

START_TEST(virtio_slots_follow_each_other_and_the_first_eight_are_where_qemu_has_them)
{
    unsigned count = 0;

    for (unsigned i = 0; i < board_virt.slot_count; i++) {
        const struct slot *slot = &board_virt.slots[i];
        if (slot->type != &virtio_mmio_type)
            continue;
        ck_assert_uint_eq(slot->base, 0x10001000 + 0x1000 * count);
        ck_assert_uint_eq(slot->extra, count >= 8);
        ck_assert_uint_eq(slot->irq, count < 8 ? count + 1 : count + 4);
        count++;
    }
    ck_assert_uint_eq(count, HOST_PLUGS);
}
END_TEST

START_TEST(no_two_chips_share_an_interrupt)
{
    for (unsigned i = 0; i < board_virt.slot_count; i++) {
        ck_assert_uint_lt(board_virt.slots[i].irq, PLIC_SOURCES);
        for (unsigned j = 0; j < i; j++)
            if (board_virt.slots[i].irq)
                ck_assert_uint_ne(board_virt.slots[i].irq, board_virt.slots[j].irq);
    }
}
END_TEST

START_TEST(every_register_lies_inside_its_row)
{
    for (unsigned i = 0; i < board_virt.slot_count; i++) {
        const struct slot *slot = &board_virt.slots[i];
        for (const struct reg_info *reg = slot->type->regs; reg->name; reg++)
            ck_assert_msg(reg->offset + reg->width <= slot->size, "%s.%s", slot->type->name,
                          reg->name);
    }
}
END_TEST

START_TEST(the_bus_answers_for_every_row)
{
    struct bench bench;

    bench_open(&bench, ENGINE_FAST, 1);
    for (unsigned i = 0; i < board_virt.slot_count; i++) {
        const struct slot *slot = &board_virt.slots[i];
        const struct region *first = bus_find(&bench.machine->bus, slot->base);
        ck_assert_ptr_nonnull(first);
        ck_assert_str_eq(first->name, slot->type->name);
        ck_assert_ptr_eq(bus_find(&bench.machine->bus, slot->base + slot->size - 1), first);
    }
    ck_assert_str_eq(bus_find(&bench.machine->bus, board_virt.rom_base)->name, "rom");
    ck_assert_str_eq(bus_find(&bench.machine->bus, BENCH_RAM + BENCH_SIZE - 1)->name, "ram");
    ck_assert_ptr_null(bus_find(&bench.machine->bus, BENCH_RAM + BENCH_SIZE));
    ck_assert_ptr_null(bus_find(&bench.machine->bus, 0));
    bench_close(&bench);
}
END_TEST

START_TEST(devices_are_found_by_name_and_number)
{
    struct bench bench;

    bench_open(&bench, ENGINE_FAST, 1);
    ck_assert_ptr_eq(machine_device(bench.machine, uart_type.name, 0)->type, &uart_type);
    ck_assert_ptr_null(machine_device(bench.machine, uart_type.name, 1));
    ck_assert_ptr_nonnull(machine_device(bench.machine, virtio_mmio_type.name, 15));
    ck_assert_ptr_null(machine_device(bench.machine, virtio_mmio_type.name, 16));
    ck_assert_ptr_null(machine_device(bench.machine, "toaster", 0));
    bench_close(&bench);
}
END_TEST

START_TEST(each_chips_line_ends_at_its_source_of_the_plic)
{
    struct bench bench;

    bench_open(&bench, ENGINE_FAST, 1);
    for (unsigned i = 0; i < board_virt.slot_count; i++) {
        unsigned irq = board_virt.slots[i].irq;
        if (!irq)
            continue;
        ck_assert_uint_eq(bench_read(&bench, PLIC_PENDING, 4) >> irq & 1, 0);
        wire_set(&bench.machine->devices[i].out[0], true);
        ck_assert_msg(bench_read(&bench, PLIC_PENDING, 4) >> irq & 1, "%s",
                      board_virt.slots[i].type->name);
    }
    bench_close(&bench);
}
END_TEST

START_TEST(the_plic_and_the_aclint_reach_each_hart)
{
    struct bench bench;

    bench_open(&bench, ENGINE_FAST, 3);
    for (unsigned i = 0; i < 3; i++) {
        struct hart *hart = bench.machine->harts[i];
        struct device *plic = machine_device(bench.machine, plic_type.name, 0);
        ck_assert_uint_eq(hart->mip_lines, 0);
        bench_write(&bench, MSIP + 4 * i, 4, 1);
        ck_assert_uint_eq(hart->mip_lines, IRQ_BIT(IRQ_MSI));
        wire_set(&plic->out[2 * i], true);
        ck_assert_uint_eq(hart->mip_lines, IRQ_BIT(IRQ_MSI) | IRQ_BIT(IRQ_MEI));
        wire_set(&plic->out[2 * i + 1], true);
        ck_assert_uint_eq(hart->mip_lines, IRQ_BIT(IRQ_MSI) | IRQ_BIT(IRQ_MEI) | IRQ_BIT(IRQ_SEI));
    }
    bench_close(&bench);
}
END_TEST

START_TEST(accesses_a_chip_does_not_have_are_access_faults)
{
    struct bench bench;
    u64 value;

    bench_open(&bench, ENGINE_FAST, 1);
    for (unsigned i = 0; i < board_virt.slot_count; i++) {
        const struct slot *slot = &board_virt.slots[i];
        for (unsigned size = 1; size <= 8; size *= 2)
            ck_assert_msg(bus_read(&bench.machine->bus, slot->base, size, &value) ==
                              !!(slot->type->widths & size),
                          "%s, %u bytes", slot->type->name, size);
    }
    ck_assert(!bus_write(&bench.machine->bus, board_virt.rom_base, 4, 0));
    bench_close(&bench);
}
END_TEST

START_TEST(what_is_plugged_in_takes_the_first_slots_that_are_empty)
{
    static const u32 kinds[HOST_PLUGS] = {2, 4, 2}; /* DeviceID: 2 block, 4 entropy */
    struct host_disk first = {.size = 512}, second = {.size = 1024};
    struct host host = {.plugs = {[1] = {PLUG_ENTROPY, NULL}}};
    struct bench bench;

    ck_assert(host_plug(&host, PLUG_DISK, &first));
    ck_assert(host_plug(&host, PLUG_DISK, &second));
    bench_open_host(&bench, ENGINE_FAST, 1, &host);
    for (unsigned i = 0; i < HOST_PLUGS; i++)
        ck_assert_uint_eq(bench_read(&bench, 0x10001008 + i * 0x1000, 4), kinds[i]);
    bench_close(&bench);
    for (unsigned i = 3; i < HOST_PLUGS; i++)
        ck_assert(host_plug(&host, PLUG_ENTROPY, NULL));
    ck_assert(!host_plug(&host, PLUG_DISK, &first));
    char message[200] = "";
    struct machine_config config = {.board = &board_virt, .ram_size = BENCH_SIZE, .harts = 1};
    ck_assert_ptr_null(machine_create(&config, &host, message, sizeof message));
    ck_assert_ptr_nonnull(strstr(message, "16 virtio slots, 1 fewer"));
}
END_TEST

/* Empty ones, too: a driver that looks for its disk meets the same version everywhere. */
START_TEST(the_machine_says_which_version_all_virtio_slots_speak)
{
    const struct host host = {.context = NULL};
    struct machine_config config = {.board = &board_virt, .ram_size = BENCH_SIZE, .harts = 1};
    char message[200];

    ck_assert(isa_parse("max", &config.isa, message, sizeof message));
    for (unsigned version = 1; version <= 2; version++) {
        config.legacy_virtio = version == 1;
        struct machine *machine = machine_create(&config, &host, message, sizeof message);
        ck_assert_msg(machine != NULL, "%s", message);
        machine_reset(machine);
        for (unsigned i = 0; i < HOST_PLUGS; i++) {
            u64 value = 0;
            paddr slot = 0x10001000 + 0x1000 * i;
            ck_assert(bus_read(&machine->bus, slot + VIRTIO_VERSION, 4, &value));
            ck_assert_uint_eq(value, version);
        }
        machine_destroy(machine);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        no_two_rows_overlap_and_none_meets_rom_or_ram,
        chips_are_where_guests_expect_them,
        virtio_slots_follow_each_other_and_the_first_eight_are_where_qemu_has_them,
        no_two_chips_share_an_interrupt,
        every_register_lies_inside_its_row,
        the_bus_answers_for_every_row,
        devices_are_found_by_name_and_number,
        each_chips_line_ends_at_its_source_of_the_plic,
        the_plic_and_the_aclint_reach_each_hart,
        accesses_a_chip_does_not_have_are_access_faults,
        what_is_plugged_in_takes_the_first_slots_that_are_empty,
        the_machine_says_which_version_all_virtio_slots_speak};

    return SUITE_RUN("board", tests, 1);
}
