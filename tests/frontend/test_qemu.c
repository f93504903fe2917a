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

START_TEST(a_line_of_zephyr_arrives)
{
    ck_assert_msg(
        parse_as("qemu-system-riscv32",
                 "-nographic -machine virt -bios none -m 256 -cpu "
                 "rv32i,i=on,m=on,a=on,c=on,zicsr=on,zifencei=on,pmp=on,u=on,s=on,"
                 "priv_spec=v1.12.0,sv32=on -net none -pidfile qemu.pid -chardev "
                 "stdio,id=con,mux=on -serial chardev:con -mon chardev=con,mode=readline "
                 "-icount shift=6,align=off,sleep=off -rtc clock=vm -smp cpus=2 "
                 "-device virtio-keyboard-device,bus=virtio-mmio-bus.3 -kernel zephyr.elf"),
        "%s", message);
    ck_assert_str_eq(options.pid_path, "qemu.pid");
    ck_assert(!options.no_serial && !options.no_console);
    ck_assert_int_eq(options.clock, CLOCK_VIRTUAL);
    ck_assert_uint_eq(options.steps_per_tick, 2);
    ck_assert_uint_eq(options.keyboard_slot, 4);
    ck_assert_int_eq(options.display, DISPLAY_NONE);
    ck_assert_int_eq(options.net.kind, NET_NONE);
}
END_TEST

START_TEST(the_date_is_todays_or_another)
{
    READ("-rtc base=utc");
    ck_assert_int_eq(options.clock_ahead_s, 0);
    READ("-rtc base=2100-01-01T00:00:00,clock=rt,driftfix=none");
    i64 with_time = options.clock_ahead_s;
    READ("-rtc base=2100-01-02");
    ck_assert_int_ge(options.clock_ahead_s, with_time + 86400 - 600);
    ck_assert_int_le(options.clock_ahead_s, with_time + 86400);
    ck_assert_int_gt(with_time, 0);
    READ("-rtc base=localtime");
    ck_assert_int_le(options.clock_ahead_s * options.clock_ahead_s, (i64)14 * 3600 * 14 * 3600);
}
END_TEST

START_TEST(a_serial_line_can_go_to_a_file)
{
    READ("-serial file:out.log -serial none");
    ck_assert_str_eq(options.serial_path, "out.log");
    ck_assert(!options.no_console && !options.no_serial);
}
END_TEST

START_TEST(the_version_has_the_form_that_makefiles_read)
{
    char *text;
    size_t size;
    FILE *to = open_memstream(&text, &size);

    qemu_print_version(to);
    ck_assert_int_eq(fclose(to), 0);
    ck_assert_msg(!strncmp(text, "QEMU emulator version 10.0.", 27), "%s", text);
    free(text);
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
        snprintf(word, sizeof word, "\n-%s ", qemu_words[i].name);
        ck_assert_msg((strstr(text, word) != NULL) == (qemu_words[i].meaning[0] != ' '), "%s",
                      word);
    }
    free(text);
}
END_TEST

START_TEST(gdb_connects_where_qemu_lets_it)
{
    ck_assert(parse("-s -S -kernel k"));
    ck_assert_str_eq(options.gdb, "1234");
    ck_assert(options.starts_stopped && !options.is_debug);
    ck_assert(parse("-gdb tcp::26000 -kernel k"));
    ck_assert_str_eq(options.gdb, "26000");
    ck_assert(!options.starts_stopped);
    ck_assert(parse("-gdb tcp:localhost:77,server=on,wait=off -kernel k"));
    ck_assert_str_eq(options.gdb, "localhost:77");
    ck_assert(parse("-gdb unix:/tmp/door,server=on -kernel k"));
    ck_assert_str_eq(options.gdb, "unix:/tmp/door");
    ck_assert(parse("-gdb none -kernel k"));
    ck_assert_ptr_null(options.gdb);
    ck_assert(!parse("-gdb stdio -kernel k") && strstr(message, "unix:PATH"));
    ck_assert(!parse("-S -kernel k") && strstr(message, "-gdb"));
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
    tcase_add_test(words, the_serial_line_is_joined_unless_it_must_not_be);
    tcase_add_test(words, what_changes_nothing_is_accepted);
    tcase_add_test(words, help_names_every_word_that_is_taken);
    tcase_add_test(words, a_line_of_zephyr_arrives);
    tcase_add_test(words, the_date_is_todays_or_another);
    tcase_add_test(words, a_serial_line_can_go_to_a_file);
    tcase_add_test(words, gdb_connects_where_qemu_lets_it);
    tcase_add_test(words, the_version_has_the_form_that_makefiles_read);
    suite_add_tcase(suite, words);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
