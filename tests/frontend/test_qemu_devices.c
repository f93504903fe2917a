/* What QEMU's words plug in, and where (frontend/qemu_*.c). */
#include "tests/frontend/qemu_line.h"
#include "tests/suite.h"

#define READ(line) ck_assert_msg(parse(line), "%s", message)
#define DRIVE      "-drive file=a.img,if=none,format=raw,id=x0 "
#define DISK       "-device virtio-blk-device,drive=x0"

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

START_TEST(a_line_with_a_screen_has_a_window_unless_it_says_otherwise)
{
    static const struct {
        const char *line;
        enum option_display display;
    } cases[] = {
        {"-device virtio-gpu-device", DISPLAY_IF_ANY},
        {"-device virtio-gpu-device -nographic", DISPLAY_NONE},
        {"-device virtio-gpu-device -display none", DISPLAY_NONE},
        {"-nographic -display sdl -device virtio-gpu-device", DISPLAY_SDL},
        {"-display gtk,gl=off,show-cursor=on -device virtio-gpu-device", DISPLAY_SDL},
        {"-display sdl", DISPLAY_NONE}, /* nothing could be seen in it */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        READ(cases[i].line);
        ck_assert_msg(options.display == cases[i].display, "%s", cases[i].line);
    }
}
END_TEST

START_TEST(screen_keyboard_and_pointer_have_their_slots)
{
    READ("-device virtio-gpu-device,xres=800,yres=480,max_outputs=1 -device virtio-keyboard-device "
         "-device virtio-mouse-device,bus=virtio-mmio-bus.0 -device virtio-tablet-device,id=t");
    ck_assert_uint_eq(options.gpu_slot, 8);
    ck_assert_uint_eq(options.gpu_width * 10000 + options.gpu_height, 8000480);
    ck_assert_uint_eq(options.keyboard_slot, 7);
    ck_assert_uint_eq(options.mouse_slot, 1);
    ck_assert_uint_eq(options.tablet_slot, 6);
    READ("-device virtio-gpu-device");
    ck_assert_uint_eq(options.gpu_width * 10000 + options.gpu_height, 12800800);
}
END_TEST

START_TEST(folders_are_shared_by_a_device_or_by_themselves)
{
    READ("-fsdev local,id=fs0,path=/a,,b,security_model=mapped-xattr,readonly=on "
         "-virtfs local,path=.,mount_tag=host,security_model=none,id=v "
         "-device virtio-9p-device,fsdev=fs0,mount_tag=there,bus=virtio-mmio-bus.7");
    ck_assert_uint_eq(options.shares.count, 2);
    ck_assert_str_eq(options.shares.folders[0].path, "/a,b");
    ck_assert_str_eq(options.shares.folders[0].tag, "there");
    ck_assert(options.shares.folders[0].read_only && !options.shares.folders[1].read_only);
    ck_assert_uint_eq(options.shares.folders[0].slot, 8);
    ck_assert_str_eq(options.shares.folders[1].tag, "host");
    ck_assert_uint_eq(options.shares.folders[1].slot, 7);
    READ("-fsdev local,id=unused,path=/");
    ck_assert_uint_eq(options.shares.count, 0);
}
END_TEST

START_TEST(a_virtio_console_goes_where_its_chardev_goes)
{
    static const struct {
        const char *line;
        enum console_kind console;
        bool no_serial, no_console;
    } cases[] = {
        {"-chardev stdio,id=c,signal=off -device virtconsole,chardev=c -serial none",
         CONSOLE_VIRTIO, true, false},
        {"-chardev stdio,id=c,mux=on -serial chardev:c -device virtconsole,chardev=c,name=x",
         CONSOLE_VIRTIO, false, false},
        {"-chardev null,id=c -device virtconsole,chardev=c", CONSOLE_SERIAL, false, false},
        {"-device virtconsole", CONSOLE_SERIAL, false, false},
        {"-nographic", CONSOLE_SERIAL, false, false},
        {"-chardev null,id=c -serial chardev:c", CONSOLE_SERIAL, true, true},
        {"-nodefaults -chardev stdio,id=c -device virtconsole,chardev=c", CONSOLE_VIRTIO, true,
         false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[200];
        snprintf(line, sizeof line, "-device virtio-serial-device %s", cases[i].line);
        READ(line);
        ck_assert_uint_eq(options.console_slot, 8);
        ck_assert_msg(options.console == cases[i].console, "%s", line);
        ck_assert_msg(options.no_serial == cases[i].no_serial, "%s", line);
        ck_assert_msg(options.no_console == cases[i].no_console, "%s", line);
    }
}
END_TEST

START_TEST(a_card_comes_with_its_network_without_a_cable_or_with_an_address)
{
    READ("-nic user,model=virtio-net-device,hostfwd=tcp::2222-:22,mac=52:54:00:ab:cd:ef");
    ck_assert_int_eq(options.net.kind, NET_USER);
    ck_assert_uint_eq(options.net_slot, 8);
    ck_assert_uint_eq(options.net.forward_count, 1);
    ck_assert_uint_eq(options.net.mac[5], 0xef);
    READ("-net nic,model=virtio,macaddr=2:0:0:0:0:1 -net user -device virtio-rng-device,rng=r");
    ck_assert_int_eq(options.net.kind, NET_USER);
    ck_assert_uint_eq(options.net_slot, 7);
    ck_assert_uint_eq(options.net.mac[0] * 10u + options.net.mac[5], 21);
    READ("-netdev user,id=n,hostfwd=tcp::2222-:22 -device virtio-net-device");
    ck_assert_int_eq(options.net.kind, NET_UNPLUGGED);
    ck_assert_uint_eq(options.net_slot, 8);
    ck_assert_uint_eq(options.net.forward_count, 0);
    READ("-nic none");
    ck_assert_int_eq(options.net.kind, NET_NONE);
    ck_assert_uint_eq(options.net_slot, 0);
}
END_TEST

START_TEST(a_drive_without_if_none_is_plugged_in_by_itself)
{
    READ("a.img -hda b.img -drive file=c.img,format=raw -drive file=d.img,if=virtio "
         "-drive file=e.img,format=raw,id=hd0 -device virtio-blk-device,drive=hd0,scsi=off "
         "-drive file=f.img,if=none");
    ck_assert_uint_eq(options.disk_count, 5);
    ck_assert_str_eq(options.disks[0].path, "e.img");
    ck_assert_uint_eq(options.disks[0].slot, 8);
    ck_assert_str_eq(options.disks[1].path, "a.img");
    ck_assert_uint_eq(options.disks[1].slot, 7);
    ck_assert_str_eq(options.disks[4].path, "d.img");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        without_a_bus_a_device_takes_the_last_slot_that_is_free,
        a_device_may_come_before_its_drive_and_a_drive_have_none,
        loaders_put_files_and_numbers_into_memory,
        forwards_are_put_into_our_words,
        a_line_with_a_screen_has_a_window_unless_it_says_otherwise,
        screen_keyboard_and_pointer_have_their_slots,
        folders_are_shared_by_a_device_or_by_themselves,
        a_virtio_console_goes_where_its_chardev_goes,
        a_card_comes_with_its_network_without_a_cable_or_with_an_address,
        a_drive_without_if_none_is_plugged_in_by_itself,
    };
    return suite_run("qemu_devices", tests, sizeof tests / sizeof *tests, 1);
}
