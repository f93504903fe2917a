/* Fuzzer: a keyboard, a tablet or a mouse, a hostile driver, and a person who presses keys
 * meanwhile. */
#include "devices/virtio_input.h"

#include "tests/fuzz/virtio.h"

struct person {
    struct host_input input;
    u32 waiting; /* events that nobody has taken */
};

static bool next(void *context, struct host_event *event)
{
    struct person *person = context;

    *event = (struct host_event){EV_KEY, 30, person->waiting & 1};
    return person->waiting && person->waiting--;
}

static void check_alive(struct rig *rig, struct person *person)
{
    u64 written = 0, value = 0;

    rig_start_driver(rig, 0);
    rig_describe(rig, 0, DATA, 8, VIRTQUEUE_WRITE, 0);
    rig_publish(rig, 0);
    person->waiting = 1;
    fuzz_check(virtio_mmio_type.take(&rig->device), "the device is dead after a reset");
    bus_read(&rig->bus, USED + 8, 4, &written);
    fuzz_check(written == 8, "an event has eight bytes");
    bus_read(&rig->bus, DATA, 8, &value);
    fuzz_check(value == ((u64)1 << 32 | 30u << 16 | EV_KEY), "another event than was pressed");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    struct rig *rig = calloc(1, sizeof *rig);
    struct person person = {.input = {&person, next}};
    static const struct virtio_type *const types[] = {&virtio_tablet_type, &virtio_keyboard_type,
                                                      &virtio_mouse_type};

    fuzz_check(rig != NULL, "no memory");
    rig_open(rig, types[fuzz_take(&fuzz, 1) % 3], &person.input);
    rig_start_driver(rig, 0);
    while (fuzz.left) {
        u64 which = fuzz_take(&fuzz, 1);
        person.waiting += which >> 6;
        if (which & 1)
            virtio_mmio_type.take(&rig->device);
        rig_obey(rig, &fuzz);
    }
    check_alive(rig, &person);
    ram_free(&rig->ram);
    free(rig);
    return 0;
}
