/* QEMU's words become options as the table says, and what cannot be had gets one sentence
 * (frontend/qemu*.c). */
#include "tests/frontend/qemu_line.h"

#define READ(line) ck_assert_msg(parse(line), "%s", message)
#define DRIVE      "-drive file=a.img,if=none,format=raw,id=x0 "
#define DISK       "-device virtio-blk-device,drive=x0"

START_TEST(the_name_that_the_program_is_called_by_decides)
{
    static const struct {
        const char *first, *second;
        int words;
    } cases[] = {
        {"vitrine", "run", 0},
        {"vitrine", "qemu", 2},
        {"./vitrine", "qemu-system-riscv32", 2},
        {"qemu-system-riscv64", "run", 1},
        {"/opt/bin/qemu-system-riscv32", NULL, 1},
        {"qemu", "hello.elf", 0}, /* only as a command */
        {"vitrine", NULL, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *argv[] = {(char *)cases[i].first, (char *)cases[i].second, NULL};
        ck_assert_int_eq(qemu_is_meant(cases[i].second ? 2 : 1, argv), cases[i].words);
    }
}
END_TEST

START_TEST(nothing_said_is_what_qemu_does)
{
    READ("-machine virt");
    ck_assert(options.as_qemu && options.legacy_virtio && options.exit_guest_code);
    ck_assert(!options.no_console && !options.no_reboot && !options.wants_log);
    ck_assert_uint_eq(options.ram_size, (u64)128 << 20);
    ck_assert_uint_eq(options.harts, 1);
    ck_assert_str_eq(options.firmware, "default");
    ck_assert_str_eq(options.cpu, "max");
    ck_assert_uint_eq(options.entropy_slot, 0);
    ck_assert_uint_eq(options.disk_count, 0);
    ck_assert_ptr_null(options.kernel);
}
END_TEST

START_TEST(the_width_is_the_names_or_the_kernels)
{
    ck_assert(parse_as("qemu-system-riscv32", "-nographic"));
    ck_assert_str_eq(options.cpu, "max32");
    ck_assert(parse_as("vitrine", "qemu-system-riscv32 -cpu max"));
    ck_assert_uint_eq(strncmp(options.cpu, "rv32", 4), 0);
    ck_assert(parse_as("vitrine", "qemu -nographic"));
    ck_assert_ptr_null(options.cpu);
    ck_assert(parse_as("vitrine", "qemu -cpu rv32"));
    ck_assert_uint_eq(strncmp(options.cpu, "rv32", 4), 0);
}
END_TEST

START_TEST(a_line_of_xv6_arrives)
{
    READ("-machine virt -bios none -kernel kernel/kernel -m 128M -smp 3 -nographic "
         "-global virtio-mmio.force-legacy=false "
         "-drive file=fs.img,if=none,format=raw,id=x0 "
         "-device virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0");
    ck_assert_str_eq(options.firmware, "none");
    ck_assert_str_eq(options.kernel, "kernel/kernel");
    ck_assert_uint_eq(options.harts, 3);
    ck_assert(!options.legacy_virtio);
    ck_assert_uint_eq(options.disk_count, 1);
    ck_assert_str_eq(options.disks[0].path, "fs.img");
    ck_assert_uint_eq(options.disks[0].slot, 1);
    ck_assert(!options.disks[0].read_only);
}
END_TEST

START_TEST(a_line_of_a_thousand_lines_arrives)
{
    ck_assert_msg(
        parse_as("qemu-system-riscv32",
                 "-machine virt -bios default -nographic -serial mon:stdio --no-reboot "
                 "-d unimp,guest_errors,int,cpu_reset -D qemu.log "
                 "-drive id=drive0,file=lorem.txt,format=raw,if=none "
                 "-device virtio-blk-device,drive=drive0,bus=virtio-mmio-bus.0 -kernel kernel.elf"),
        "%s", message);
    ck_assert(options.no_reboot && options.legacy_virtio && options.wants_log);
    ck_assert_str_eq(options.cpu, "max32");
    ck_assert_str_eq(options.firmware, "default");
    ck_assert_str_eq(options.disks[0].path, "lorem.txt");
}
END_TEST

START_TEST(one_dash_or_two_is_the_same)
{
    READ("--kernel a --append b -initrd c --dtb d --no-reboot");
    ck_assert_str_eq(options.kernel, "a");
    ck_assert_str_eq(options.append, "b");
    ck_assert_str_eq(options.initrd, "c");
    ck_assert_str_eq(options.dtb, "d");
    ck_assert(options.no_reboot);
}
END_TEST

START_TEST(memory_is_in_mebibytes_unless_a_unit_is_named)
{
    static const struct {
        const char *line;
        u64 size;
    } cases[] = {
        {"-m 128", (u64)128 << 20}, {"-m 1G", (u64)1 << 30},      {"-m 64M", (u64)64 << 20},
        {"-m 512k", 512 << 10},     {"-m size=2g", (u64)2 << 30}, {"-m 4096B", 4096},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        READ(cases[i].line);
        ck_assert_uint_eq(options.ram_size, cases[i].size);
    }
}
END_TEST

START_TEST(harts_are_counted_or_multiplied)
{
    static const struct {
        const char *line;
        u64 harts;
    } cases[] = {
        {"-smp 4", 4},
        {"-smp cpus=2,maxcpus=4", 2},
        {"-smp sockets=2,cores=2,threads=1", 4},
        {"-smp 4,cores=2", 4},
        {"-smp 64", 64},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        READ(cases[i].line);
        ck_assert_uint_eq(options.harts, cases[i].harts);
    }
}
END_TEST

START_TEST(extensions_can_be_switched)
{
    struct isa isa;
    char ignored[200];

    READ("-cpu rv64,zba=false,zbb=off,sv48=on,pmp=true,h=false,zbs=on");
    ck_assert(isa_parse(options.cpu, &isa, ignored, sizeof ignored));
    ck_assert(!isa_has(&isa, EXT_ZBA) && !isa_has(&isa, EXT_ZBB) && isa_has(&isa, EXT_ZBS));
    READ("-cpu rva22s64");
    ck_assert(isa_parse(options.cpu, &isa, ignored, sizeof ignored));
    ck_assert(isa_has(&isa, EXT_ZBA) && !isa_has(&isa, EXT_ZBC));
    READ("-cpu rva22s64,zbc=true");
    ck_assert(isa_parse(options.cpu, &isa, ignored, sizeof ignored));
    ck_assert(isa_has(&isa, EXT_ZBC));
}
END_TEST

START_TEST(without_a_bus_a_device_takes_the_last_slot_that_is_free)
{
    READ("-device virtio-rng-device " DRIVE DISK " -drive file=b,if=none,id=x1 "
         "-device virtio-blk-device,drive=x1,bus=virtio-mmio-bus.5 "
         "-drive file=c,if=none,id=x2 -device virtio-blk-device,drive=x2");
    ck_assert_uint_eq(options.entropy_slot, 8);
    ck_assert_uint_eq(options.disk_count, 3);
    ck_assert_uint_eq(options.disks[0].slot, 7);
    ck_assert_uint_eq(options.disks[1].slot, 6);
    ck_assert_uint_eq(options.disks[2].slot, 5);
}
END_TEST

START_TEST(a_device_may_come_before_its_drive_and_a_drive_have_none)
{
    READ(DISK " -drive id=x0,file=with,,comma,if=none,readonly=on,cache=none "
              "-drive file=unused,if=none,id=y");
    ck_assert_uint_eq(options.disk_count, 1);
    ck_assert_str_eq(options.disks[0].path, "with,comma");
    ck_assert(options.disks[0].read_only);
}
END_TEST

START_TEST(loaders_put_files_and_numbers_into_memory)
{
    READ("-bios none -device loader,file=a.elf -device loader,file=b.bin,addr=0x80200000 "
         "-device loader,addr=0x80000000,data=0x1234,data-len=4 "
         "-device loader,file=c.elf,addr=4096,force-raw=on");
    ck_assert_uint_eq(options.extra_count, 4);
    ck_assert_str_eq(options.extras[0].path, "a.elf");
    ck_assert(!options.extras[0].has_at);
    ck_assert_str_eq(options.extras[1].path, "b.bin");
    ck_assert_uint_eq(options.extras[1].at, 0x80200000);
    ck_assert_ptr_null(options.extras[2].path);
    ck_assert_uint_eq(options.extras[2].number, 0x1234);
    ck_assert_uint_eq(options.extras[2].byte_size, 4);
    ck_assert(options.extras[3].is_raw);
}
END_TEST

START_TEST(the_serial_line_is_joined_unless_it_must_not_be)
{
    static const struct {
        const char *line;
        bool joined;
    } cases[] = {
        {"-nographic", true},
        {"-serial stdio -display none -monitor none", true},
        {"-serial none", false},
        {"-serial null -nographic", false},
        {"-nodefaults", false},
        {"-nodefaults -serial mon:stdio", true},
        {"-serial mon:stdio -serial none", true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        READ(cases[i].line);
        ck_assert_msg(options.no_console != cases[i].joined, "%s", cases[i].line);
    }
}
END_TEST

START_TEST(what_changes_nothing_is_accepted)
{
    READ("-machine virt,aclint=off,aia=none,acpi=off,accel=tcg,usb=off -M virt -accel "
         "tcg,thread=multi -rtc base=utc,clock=host -name guest -uuid 1 -vga none -parallel none "
         "-net none -nic none -no-user-config -d unimp,guest_errors -D log -monitor null "
         "-global driver=virtio-mmio,property=force-legacy,value=on");
    ck_assert(options.legacy_virtio && !options.wants_log);
    READ("-machine virt,dumpdtb=a,,b.dtb");
    ck_assert_str_eq(options.dump_dtb, "a,b.dtb");
    READ("-machine virt -h");
    ck_assert(options.help);
    READ("--version");
    ck_assert(options.version);
}
END_TEST

START_TEST(forwards_are_put_into_our_words)
{
    ck_assert(parse("-netdev user,id=n,hostfwd=tcp::2222-:22,hostfwd=udp:127.0.0.1:53-:5353,"
                    "restrict=on -device virtio-net-device,netdev=n"));
    ck_assert_uint_eq(options.net.forward_count, 2);
    ck_assert_int_eq(options.net.kind, NET_USER);
    ck_assert(!options.net.forwards[0].is_udp && options.net.forwards[1].is_udp);
    ck_assert_uint_eq(options.net.forwards[0].address[0], 127); /* not all of the host */
    ck_assert_uint_eq(options.net.forwards[0].host_port, 2222);
    ck_assert_uint_eq(options.net.forwards[0].guest_port, 22);
    ck_assert_uint_eq(options.net.forwards[1].guest_port, 5353);
    ck_assert(options.net.is_restricted);
    ck_assert_uint_eq(options.net_slot, 8);
    READ("-netdev user,id=n,hostfwd=tcp::2222-:22");
    ck_assert_uint_eq(options.net.forward_count, 0);
    ck_assert_int_eq(options.net.kind, NET_NONE);
    READ("-snapshot");
    ck_assert(options.discard);
}
END_TEST

START_TEST(help_names_every_word_that_is_taken)
{
    char *text;
    size_t size;
    FILE *to = open_memstream(&text, &size);

    qemu_print_help(to);
    ck_assert_int_eq(fclose(to), 0);
    for (unsigned i = 0; i < qemu_word_count; i++) {
        char word[64];
        snprintf(word, sizeof word, "  -%s ", qemu_words[i].name);
        ck_assert_msg((strstr(text, word) != NULL) == (qemu_words[i].meaning[0] != ' '), "%s",
                      word);
    }
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("qemu");
    TCase *words = tcase_create("words");
    tcase_add_test(words, the_name_that_the_program_is_called_by_decides);
    tcase_add_test(words, nothing_said_is_what_qemu_does);
    tcase_add_test(words, the_width_is_the_names_or_the_kernels);
    tcase_add_test(words, a_line_of_xv6_arrives);
    tcase_add_test(words, a_line_of_a_thousand_lines_arrives);
    tcase_add_test(words, one_dash_or_two_is_the_same);
    tcase_add_test(words, memory_is_in_mebibytes_unless_a_unit_is_named);
    tcase_add_test(words, harts_are_counted_or_multiplied);
    tcase_add_test(words, extensions_can_be_switched);
    tcase_add_test(words, without_a_bus_a_device_takes_the_last_slot_that_is_free);
    tcase_add_test(words, a_device_may_come_before_its_drive_and_a_drive_have_none);
    tcase_add_test(words, loaders_put_files_and_numbers_into_memory);
    tcase_add_test(words, the_serial_line_is_joined_unless_it_must_not_be);
    tcase_add_test(words, what_changes_nothing_is_accepted);
    tcase_add_test(words, forwards_are_put_into_our_words);
    tcase_add_test(words, help_names_every_word_that_is_taken);
    suite_add_tcase(suite, words);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
