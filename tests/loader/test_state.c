/* The state of a machine as bytes: those that no guest can bring about are not put back. What they
 * hold: test_snapshot.c. */
#include "devices/virtio.h"
#include "loader/state.h"

#include "tests/devices/bench.h"

#include <stdlib.h>

/* A state that no guest can bring about, as a hostile file might hold it. */
static void check_unsound(struct bench *bench, size_t at, u8 byte)
{
    size_t size = state_size(bench->machine);
    u8 *state = malloc(size);
    const void *bulks[MACHINE_DEVICES] = {NULL};

    state_save(bench->machine, state);
    ck_assert(state_is_sound(bench->machine, state, size, bulks));
    state[at] = byte;
    ck_assert(!state_is_sound(bench->machine, state, size, bulks));
    free(state);
}

START_TEST(a_state_that_no_guest_can_bring_about_is_not_sound)
{
    struct host host = {.context = NULL};
    struct bench bench;
    struct device *slot;
    size_t harts, devices, empty;

    bench_open_host(&bench, ENGINE_FAST, 1, &host);
    machine_run(bench.machine, 12345);
    devices = state_size(bench.machine);
    for (unsigned i = 0; i < bench.machine->device_count; i++)
        devices -= bench.machine->devices[i].type->state_size;
    harts = devices - HART_STATE_SIZE;
    empty = devices;
    slot = machine_device(bench.machine, "virtio-mmio", 0);
    check_unsound(&bench, harts + offsetof(struct hart, privilege), 2);
    check_unsound(&bench, harts + offsetof(struct hart, tselect), TRIGGERS);
    check_unsound(&bench, harts + offsetof(struct hart, counter[3].event), 200);
    check_unsound(&bench, harts + offsetof(struct hart, frm), 8);
    check_unsound(&bench, harts + offsetof(struct hart, satp) + 7, 0xf0);
    check_unsound(&bench, harts + offsetof(struct hart, pmpcfg) + 1, 1);
    check_unsound(&bench, harts + offsetof(struct hart, pc), 1);
    for (unsigned i = 0; &bench.machine->devices[i] != machine_device(bench.machine, "uart", 0);
         i++)
        devices += bench.machine->devices[i].type->state_size;
    check_unsound(&bench, devices + 28, 16); /* where its FIFO begins */
    check_unsound(&bench, devices + 29, 17); /* how much is in it */
    for (unsigned i = 0; &bench.machine->devices[i] != slot; i++)
        empty += bench.machine->devices[i].type->state_size;
    check_unsound(&bench, empty + offsetof(struct virtio_state, waiting), 1);
    bench_close(&bench);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_state_that_no_guest_can_bring_about_is_not_sound};

    return SUITE_RUN("state", tests, 1);
}
