/* What QEMU's words ask for and cannot have here is told in one sentence, with nothing half done
 * (frontend/qemu*.c). */
#include "tests/frontend/qemu_line.h"

#define DRIVE "-drive file=a.img,if=none,format=raw,id=x0 "
#define DISK  "-device virtio-blk-device,drive=x0"

/* Line, and what the sentence must contain. */
static const struct {
    const char *line, *says;
} refused[] = {
    {"-kernl k", "did you mean -kernel?"},
    {"-zzzzzz", "does not know -zzzzzz"},
    {"-kernel", "needs a value"},
    {"-machine spike", "only virt"},
    {"-machine virt,aclint=on", "aclint=on"},
    {"-M virt,aia=aplic", "aia=aplic"},
    {"-m 0", "MiB"},
    {"-m 12x", "MiB"},
    {"-m 1Gx", "MiB"},
    {"-m 99999999999999999999", "MiB"},
    {"-m 999999999T", "MiB"},
    {"-m 1G,slots=2", "slots=2"},
    {"-smp 0", "1 to 64"},
    {"-smp 65", "1 to 64"},
    {"-smp x", "a number"},
    {"-smp cores=99999999999,threads=99999999999", "1 to 64"},
    {"-smp 2,dies=2", "dies=2"},
    {"-cpu nonsense", "not a processor"},
    {"-cpu rv64,v=true", "has no v"},
    {"-cpu rv64,pmp=off", "always has pmp"},
    {"-cpu rv64,vlen=256", "on or off"},
    {"-cpu rv64,zicsr=off", "cannot be switched off"},
    {"-global virtio-mmio.x=1", "force-legacy can"},
    {"-global virtio-mmio.force-legacy=2", "on or off"},
    {"-global driver=virtio-mmio,property=force-legacy", "force-legacy can"},
    {"-serial file:", "it takes"},
    {"-serial pty", "it takes"},
    {"-serial file:x -device virtio-serial-device -chardev stdio,id=c -device "
     "virtconsole,chardev=c",
     "cannot be had together"},
    {"-serial stdio -serial stdio", "one serial line"},
    {"-display curses", "-display curses"},
    {"-display sdl,gl=on", "gl=on"},
    {"-display sdl,colour=red", "colour=red"},
    {"-monitor stdio", "-monitor stdio"},
    {"-net tap", "is user or none"},
    {"-nic tap,id=n", "is user or none"},
    {"-nic user,model=e1000", "model=e1000"},
    {"-nic user,hostfwd=tcp", "-nic: hostfwd is"},
    {"-nic user,mac=1:2:3:4:5", "like 52:54:00:12:34:56"},
    {"-nic user -netdev user,id=n -device virtio-net-device,netdev=n", "one network"},
    {"-nic user -device virtio-net-device -device virtio-net-device", "one network card"},
    {"-rtc base=noon", "a date like"},
    {"-rtc base=2006-06-17T16", "a date like"},
    {"-rtc base=2006-06-17x", "a date like"},
    {"-rtc clock=sun", "clock=sun"},
    {"-icount shift=8", "0 to 7"},
    {"-icount x", "0 to 7"},
    {"-icount shift=1,align=perhaps", "on or off"},
    {"-icount shift=1,rr=record", "rr=record"},
    {"-object filter-dump,id=f", "filter-dump"},
    {"-accel kvm", "interpreted"},
    {"-bios none", "-kernel or a -device loader"},
    {"-drive if=none,id=a", "needs file=FILE"},
    {"-drive file=a,if=pflash", "if=pflash"},
    {"-drive file=a,if=none,format=qcow2", "format=qcow2"},
    {"-drive file=a,if=none,snapshot=on", "snapshot=on"},
    {"-drive file=a,if=none,media=cdrom", "media=cdrom"},
    {"-drive file=a,if=none,id=", "an id has"},
    {"-drive file=a,if=none,readonly=perhaps", "on or off"},
    {DRIVE DRIVE, "two with the id"},
    {DISK, "no -drive with the id \"x0\""},
    {DRIVE DISK " " DISK, "is free"},
    {DRIVE DISK ",bus=virtio-mmio-bus.8", "no bus"},
    {DRIVE DISK ",bus=pcie.0", "no bus"},
    {DRIVE DISK ",bus=virtio-mmio-bus.12", "no bus"},
    {DRIVE DISK ",num-queues=2", "num-queues=2"},
    {DRIVE DISK ",bus=virtio-mmio-bus.7 -device virtio-rng-device,bus=virtio-mmio-bus.7", "taken"},
    {"-device virtio-rng-device -device virtio-rng-device", "one virtio-rng-device"},
    {"-device virtio-blk-pci,drive=x", "no PCI"},
    {"-device virtio-gpu-device,xres=0", "1 to 16384"},
    {"-device virtio-gpu-device,yres=16385", "1 to 16384"},
    {"-device virtio-gpu-device,xres=wide", "a number"},
    {"-device virtio-gpu-device,max_outputs=2", "max_outputs=2"},
    {"-device virtio-gpu-device -device virtio-gpu-device", "one virtio-gpu-device"},
    {"-device virtio-mouse-device -device virtio-mouse-device", "one virtio-mouse-device"},
    {"-device virtio-keyboard-device -device virtio-keyboard-device", "one virtio-keyboard-device"},
    {"-device virtio-tablet-device,bus=pcie.0", "no bus"},
    {"-fsdev proxy,id=f,path=.", "is local here"},
    {"-fsdev local,id=f", "needs path=FOLDER"},
    {"-fsdev local,path=.", "needs an id"},
    {"-fsdev local,id=f,path=.,security_model=loose", "security_model=loose"},
    {"-fsdev local,id=f,path=.,fmode=0600", "fmode=0600"},
    {"-virtfs local,path=.,security_model=none", "needs a mount_tag"},
    {"-virtfs local,path=.,mount_tag=t -virtfs local,path=/,mount_tag=t", "two folders"},
    {"-device virtio-9p-device,fsdev=f,mount_tag=t", "no -fsdev with the id \"f\""},
    {"-fsdev local,id=f,path=. -device virtio-9p-device,fsdev=f", "needs a mount_tag"},
    {"-virtfs local,path=.,mount_tag=12345678901234567890123456789012", "1 to 31"},
    {"-chardev socket,id=c", "stdio or null"},
    {"-chardev stdio", "needs an id"},
    {"-chardev stdio,id=c,logfile=x", "logfile=x"},
    {"-serial chardev:c", "no -chardev with the id \"c\""},
    {"-mon chardev=c", "no -chardev with the id \"c\""},
    {"-chardev stdio,id=c -mon chardev=c,mode=control", "mode=control"},
    {"-device virtconsole", "needs a -device virtio-serial-device"},
    {"-device virtio-serial-device -device virtconsole,chardev=c", "no -chardev"},
    {"-device virtio-serial-device -device virtio-serial-device", "one virtio-serial-device"},
    {"-device virtio-serial-device -device virtconsole -device virtconsole", "one virtconsole"},
    {"-device virtserialport", "-device virtserialport"},
    {"-netdev user,id=n -device virtio-net-device,netdev=n,mac=zz", "like 52:54:00:12:34:56"},
    {"-device virtio-net-device,mac=00:00:00:00:00:00", "like 52:54:00:12:34:56"},
    {"-device virtio-net-device,mac=01:00:5e:00:00:01", "like 52:54:00:12:34:56"},
    {"-device virtio-net-device,mac=52:54:00:12:34:56:78", "like 52:54:00:12:34:56"},
    {"-cpu rv64,priv_spec=v1.10.0", "on or off"},
    {"-device sound", "-device sound"},
    {"-device loader,addr=0x80000000", "loader needs"},
    {"-device loader,data=1,data-len=4", "loader needs"},
    {"-device loader,addr=0,data=1,data-len=9", "1 to 8"},
    {"-device loader,file=a,cpu-num=0", "cpu-num=0"},
    {"-device loader,file=a,addr=x", "a number"},
    {"-device virtio-net-device,netdev=n", "no -netdev"},
    {"-netdev tap,id=n", "is user here"},
    {"-netdev user", "needs an id"},
    {"-netdev user,id=n -netdev user,id=m", "one -netdev"},
    {"-netdev user,id=n,hostfwd=tcp:2222-:22", "hostfwd is"},
    {"-netdev user,id=n,hostfwd=icmp::1-:2", "hostfwd is"},
    {"-netdev user,id=n,hostfwd=tcp::1-:70000", "hostfwd is"},
    {"-netdev user,id=n,hostfwd=tcp::1", "hostfwd is"},
    {"-netdev user,id=n,hostfwd=", "hostfwd is"},
    {"-netdev user,id=n,hostfwd=tcp:host:1-:2", "four numbers"},
};

START_TEST(what_cannot_be_had_is_one_sentence)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        ck_assert_msg(!parse(refused[i].line), "%s was taken", refused[i].line);
        ck_assert_msg(strstr(message, refused[i].says), "%s: %s", refused[i].line, message);
        ck_assert_msg(!strchr(message, '\n'), "%s", message);
    }
}
END_TEST

/* Every word of the table: those that are refused are so whatever follows. */
START_TEST(every_refused_word_says_what_is_missing)
{
    unsigned count = 0;

    for (unsigned i = 0; i < qemu_word_count; i++) {
        const struct qemu_word *word = &qemu_words[i];
        char line[128];
        if (word->meaning[0] != ' ')
            continue;
        snprintf(line, sizeof line, "-%s %s", word->name, word->value ? "x" : "");
        ck_assert_msg(!parse(line), "%s was taken", line);
        ck_assert_msg(strstr(message, word->name) && strstr(message, word->meaning), "%s", message);
        count++;
    }
    ck_assert_uint_ge(count, 15);
}
END_TEST

START_TEST(too_much_of_anything_is_a_sentence)
{
    static char line[16384];
    char word[5000];
    static const char *const texts[] = {"-drive file=a,if=none,id=d%u ",
                                        "-device loader,file=a%u ",
                                        "-device virtio-rng-device,id=r%u ",
                                        "-fsdev local,path=.,id=f%u ",
                                        "-virtfs local,path=.,mount_tag=f%u ",
                                        "-chardev null,id=c%u ",
                                        "-hda image%u "};

    for (unsigned kind = 0; kind < sizeof texts / sizeof texts[0]; kind++) {
        for (unsigned i = 0, at = 0; i < 17; i++)
            at += (unsigned)snprintf(line + at, sizeof line - at, texts[kind], i);
        ck_assert_msg(!parse(line), "%s", texts[kind]);
        ck_assert_msg(strstr(message, "There can be"), "%s", message);
    }
    memset(word, 'x', sizeof word - 1);
    word[sizeof word - 1] = 0;
    snprintf(line, sizeof line, "-kernel %s", word);
    ck_assert(!parse(line));
    ck_assert_str_eq(message, "What follows -kernel is too long.");
    snprintf(line, sizeof line, "-machine %.3000s=%.900s", word, word);
    ck_assert(!parse(line));
    strcpy(line, "-netdev user,id=n");
    for (unsigned i = 0; i < 17; i++)
        strcat(line, ",hostfwd=tcp::1-:2");
    ck_assert(!parse(line));
    ck_assert_ptr_nonnull(strstr(message, "hostfwd"));
}
END_TEST

START_TEST(a_disk_without_a_name_is_refused)
{
    char *const lines[][3] = {{(char *)"qemu-system-riscv64", (char *)""},
                              {(char *)"qemu-system-riscv64", (char *)"-hda", (char *)""}};

    for (int i = 0; i < 2; i++) {
        ck_assert(!qemu_parse(&options, 2 + i, (char **)lines[i], message, sizeof message));
        ck_assert_str_eq(message, "A disk needs a name.");
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("qemu_refused");
    TCase *words = tcase_create("words");
    tcase_add_test(words, what_cannot_be_had_is_one_sentence);
    tcase_add_test(words, every_refused_word_says_what_is_missing);
    tcase_add_test(words, too_much_of_anything_is_a_sentence);
    tcase_add_test(words, a_disk_without_a_name_is_refused);
    suite_add_tcase(suite, words);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
