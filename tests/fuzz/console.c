/* Fuzzer: the virtio console and a hostile driver, while somebody types and resizes. */
#include "devices/virtio_console.h"

#include "tests/fuzz/virtio.h"

struct person {
    struct host_terminal terminal;
    unsigned left; /* keys still to be pressed */
    u16 columns;
};

static int press(void *context)
{
    struct person *person = context;

    return person->left ? (int)(person->left-- & 0xff) : -1;
}

static void see(void *context, u8 byte)
{
    (void)context;
    (void)byte;
}

static void measure(void *context, u16 *columns, u16 *rows)
{
    *columns = *rows = ((const struct person *)context)->columns;
}

/* A key reaches an ordinary driver. */
static void check_alive(struct rig *rig, struct person *person)
{
    u64 index = 0, written = 0;

    rig_start_driver(rig, 0);
    rig_describe(rig, 0, DATA, 100, VIRTQUEUE_WRITE, 0);
    rig_publish(rig, 0);
    person->left = 1;
    virtio_mmio_type.take(&rig->device);
    bus_read(&rig->bus, USED + 2, 2, &index);
    bus_read(&rig->bus, USED + 8, 4, &written);
    fuzz_check(index == 1 && written == 1, "a key is not given to the driver");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    struct rig *rig = calloc(1, sizeof *rig);
    struct person person = {.left = 0};

    fuzz_check(rig != NULL, "no memory");
    person.terminal = (struct host_terminal){
        .line = {.context = &person, .read = press, .write = see}, .measure = measure};
    rig_open(rig, &virtio_console_type, &person.terminal);
    person.terminal.line.one_at_a_time = fuzz_take(&fuzz, 1) & 1;
    rig_start_driver(rig, 0);
    while (fuzz.left) {
        rig_obey(rig, &fuzz);
        person.left += rig->now & 0xf;
        person.columns = (u16)(rig->now & 3);
        virtio_mmio_type.take(&rig->device);
    }
    check_alive(rig, &person);
    ram_free(&rig->ram);
    free(rig);
    return 0;
}
