/* Eight tasks that give way to each other: each turn is an environment call whose handler saves all
 * registers of one task and loads those of the next. Bare, tasks and handler are in M-mode; under
 * Sv39 they are in S-mode, and each task has an address space with an ASID of its own, so that
 * every turn also writes satp. */
#include "space.h"
#include "work.h"

enum { TASKS = SPACES, TURNS = 200, STACK = 4096 };

/* switch_entry.S knows where these are. */
struct task {
    word x[32]; /* x[0] is the pc */
    word satp;
    struct task *next;
};

/* The first becomes the running one; what it was comes with its first turn. */
void tasks_install(struct task *first);
void task_yield(void);

static struct task tasks[TASKS];
static unsigned char stacks[TASKS][STACK] __attribute__((aligned(16)));
static word turns[TASKS];

static void run_task(word number)
{
    for (;;) {
        turns[number]++;
        task_yield();
    }
}

void work_prepare(void)
{
    for (unsigned i = 0; i < TASKS; i++) {
        tasks[i].x[0] = (word)run_task;
        tasks[i].x[2] = (word)stacks[i] + STACK;
        tasks[i].x[10] = i;
        tasks[i].satp = space_new(i + 1);
        tasks[i].next = &tasks[(i + 1) % TASKS];
    }
    tasks_install(&tasks[0]);
}

/* We are task 0. */
void work_round(void)
{
    memset(turns, 0, sizeof turns);
    for (int i = 0; i < TURNS; i++) {
        turns[0]++;
        task_yield();
    }
    for (unsigned i = 0; i < TASKS; i++)
        expect("a task's turns", turns[i], TURNS);
}
