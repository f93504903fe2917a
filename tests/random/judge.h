/* Two answers to every sample: Vitrine's, in this process, and QEMU's. */
#ifndef TESTS_RANDOM_JUDGE_H
#define TESTS_RANDOM_JUDGE_H

#include "devices/machine.h"
#include "tests/random/driver.h"

#define JUDGE_ENDLESS "endless\n" /* our answer to a sample that does not end */

/* What a sample came to. */
enum verdict {
    VERDICT_AGREE,
    VERDICT_DIFFER,  /* also when QEMU never ends */
    VERDICT_ENDLESS, /* on ours: QEMU was not asked */
    VERDICT_UNKNOWN  /* QEMU did not come so far */
};

struct judge {
    const char *qemu; /* path of qemu-system-riscv64 or riscv32 */
    struct driver driver;
    enum engine engine;
    u16 planted, taken_for; /* ours takes this row for that one; alike: nothing is planted */
    u64 executed;           /* instructions of samples, on ours */
    u64 qemu_runs;          /* how often QEMU was started */
    char message[256];
};

/* Runs samples, all with the same page tables, on both; verdicts[i] is what came out. False, with
 * a message, when that could not be done. */
bool judge_ask(struct judge *judge, const struct sample *samples, unsigned count,
               enum verdict *verdicts);
/* Prints where the final states of a sample differ. */
bool judge_print(struct judge *judge, const struct sample *sample);

/* ---- between the two files of it ---- */

struct answers {
    char *text; /* line by line, one for each sample; JUDGE_ENDLESS where there is none */
    size_t size, room;
};

void answers_release(struct answers *answers);
bool answers_add(struct answers *answers, char byte);
/* ours.c */
bool ours_run(struct judge *judge, const struct image *image, struct answers *answers);
/* qemu.c */
bool qemu_run(struct judge *judge, const struct image *image, struct answers *answers);

#endif
