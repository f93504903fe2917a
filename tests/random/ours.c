/* Running an image of samples on Vitrine, in this process (see judge.h). */
#include "tests/random/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RAM_SIZE ((u64)32 << 20)
#define ENDLESS  4000000u /* steps without an answer */

void answers_release(struct answers *answers)
{
    free(answers->text);
    *answers = (struct answers){0};
}

bool answers_add(struct answers *answers, char byte)
{
    if (answers->size == answers->room) {
        size_t room = answers->room ? 2 * answers->room : 65536;
        char *text = realloc(answers->text, room);
        if (!text)
            return false;
        answers->text = text;
        answers->room = room;
    }
    answers->text[answers->size++] = byte;
    return true;
}

static void print(void *context, u8 byte)
{
    answers_add(context, (char)byte);
}

/* The sample is given up: the driver goes on with the next one. */
static void give_up(const struct judge *judge, struct machine *machine, struct answers *answers)
{
    struct hart *hart = machine->harts[0];

    hart->pc = judge->driver.next_sample;
    hart->privilege = PRIV_M;
    hart->mstatus &= ~MSTATUS_MPRV;
    hart->waiting = 0;
    hart_mode_changed(hart);
    for (const char *at = JUDGE_ENDLESS; *at; at++)
        answers_add(answers, *at);
}

/* Ours takes one instruction for another, to see that it is noticed. */
static void plant(const struct judge *judge, struct machine *machine)
{
    for (unsigned i = 0; i < DECODER_ROWS; i++)
        if (machine->decoder->rows[i].index == judge->planted)
            machine->decoder->rows[i].index = judge->taken_for;
}

bool ours_run(struct judge *judge, const struct image *image, struct answers *answers)
{
    struct machine_config config = {.board = &board_virt,
                                    .isa = judge->driver.isa,
                                    .ram_size = RAM_SIZE,
                                    .harts = 1,
                                    .engine = judge->engine,
                                    .clock = CLOCK_VIRTUAL};
    struct host host = {.console = {.context = answers, .write = print}};
    struct machine *machine = machine_create(&config, &host, judge->message, sizeof judge->message);
    u64 executed = 0;
    enum stop stop;

    if (!machine)
        return false;
    machine_reset(machine);
    memcpy(ram_host(&machine->ram, AT_BASE), image->bytes + image->header,
           image->size - image->header);
    if (judge->planted != judge->taken_for)
        plant(judge, machine);
    machine->harts[0]->pc = AT_BASE;
    do {
        size_t before = answers->size;
        stop = machine_run(machine, hart_steps(machine->harts[0]) + ENDLESS);
        if ((stop == STOP_LIMIT || stop == STOP_HUNG) && answers->size == before)
            give_up(judge, machine, answers);
    } while (stop == STOP_LIMIT || stop == STOP_HUNG);
    memcpy(&executed, ram_host(&machine->ram, judge->driver.executed), judge->driver.isa.xlen / 8);
    judge->executed += executed;
    machine_destroy(machine);
    if (stop != STOP_POWEROFF)
        snprintf(judge->message, sizeof judge->message, "the driver went astray on Vitrine");
    return stop == STOP_POWEROFF;
}
