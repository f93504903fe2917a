/* What Linux says of itself: its log and its tasks, in memory made by hand. RV64 and (case 1) RV32.
 */
#include "frontend/view_linux.h"
#include "frontend/why.h"

#include "tests/frontend/paged_guest.h"
#include "tests/suite.h"

#define RING    ((paddr)0x80010000) /* the ring's numbers, in words: see begin() */
#define LIST    ((paddr)0x80011000) /* descriptors: state, begin, next */
#define INFOS   ((paddr)0x80012000) /* time and length: 16 bytes each */
#define BYTES   ((paddr)0x80013000)
#define TASK    ((paddr)0x80014000)
#define COUNT   8u
#define SIZE    256u
#define POINTER (RING + 0x800)

static const char *const isas[] = {"max", "max32"};
static const vaddr uppers[] = {0xffffffff00000000, 0}; /* where the kernel sees all this: + pa */
static struct paged_guest guest;
static struct guest_linux known;
static u64 latest, used; /* the number of the last message, and where its text ends in the ring */
static unsigned width;

static void put(paddr at, u64 value, unsigned size)
{
    guest_write(&guest, at, value, size);
}

static void begin(int isa)
{
    guest_open(&guest, isas[isa]);
    width = guest.hart->xlen / 8;
    vaddr upper = uppers[isa];
    for (paddr at = RING; at < RING + 8 * PAGE_SIZE; at += PAGE_SIZE)
        guest_map(&guest, upper + at, at, 0, GUEST_ALL);
    put(POINTER, upper + RING, width);
    put(RING, 3, 4);
    put(RING + 8, upper + LIST, width);
    put(RING + 16, upper + INFOS, width);
    put(RING + 40, 8, 4);
    put(RING + 48, upper + BYTES, width);
    known = (struct guest_linux){.has_log = true, .has_tasks = true};
    known.log.at = upper + POINTER;
    known.log.list = 8;
    known.log.infos = 16;
    known.log.head = 24;
    known.log.tail = 32;
    known.log.data = 40;
    known.log.bytes = 8;
    known.log.one_size = 3 * width;
    known.log.place = known.log.next = width;
    known.log.info_size = 16;
    known.log.length = 8;
    known.task.name = 8;
    guest.view.guest = &known;
    latest = used = 0;
}

/* Says so, with the state of its descriptor: 2 is finished. */
static void say(const char *text, u64 state)
{
    u64 size = (width + strlen(text) + 7) / 8 * 8, first, index = ++latest % COUNT;

    first = used;
    if (first / SIZE != (first + size) / SIZE && (first + size) % SIZE) /* it would not fit */
        used = (first / SIZE + 1) * SIZE;
    memcpy(ram_writable(&guest.machine->ram, BYTES + used % SIZE + width, strlen(text)), text,
           strlen(text));
    used += size;
    put(LIST + index * 3 * width, state << (8 * width - 2) | latest, width);
    put(LIST + index * 3 * width + width, first, width);
    put(LIST + index * 3 * width + 2 * width, used, width);
    put(INFOS + index * 16, latest * 1000000000 + 5000, 8);
    put(INFOS + index * 16 + 8, strlen(text), 2);
    put(RING + 24, latest, width);
    put(RING + 32, latest < COUNT ? 1 : latest - COUNT + 1, width);
}

START_TEST(the_last_messages_are_shown_in_their_order)
{
    begin(_i);
    say("one", 2);
    say("two\nlines", 2);
    say("three \x1b[m", 2);
    guest_show(&guest, view_log, 2);
    ck_assert_str_eq(guest.text,
                     "[    2.000005] two\n               lines\n[    3.000005] three ?[m\n");
    guest.view.json = true;
    guest_show(&guest, view_log, 1);
    ck_assert_str_eq(guest.text, "[{\"ns\": 3000005000, \"text\": \"three ?[m\"}]\n");
    guest_close(&guest);
}
END_TEST

START_TEST(a_message_on_its_way_is_passed_over)
{
    begin(_i);
    say("one", 2);
    say("two", 0);
    say("three", 1);
    say("four", 3);
    guest_show(&guest, view_log, 10);
    ck_assert_str_eq(guest.text, "[    1.000005] one\n[    3.000005] three\n");
    guest_close(&guest);
}
END_TEST

/* Both rings go round; the texts begin anew where one would not fit. */
START_TEST(a_log_that_has_gone_round_has_its_last_messages)
{
    char text[64];

    begin(_i);
    for (unsigned i = 1; i <= 40; i++) {
        snprintf(text, sizeof text, "message %u, and more", i);
        say(text, 2);
    }
    guest_show(&guest, view_log, 1000);
    guest_check(&guest, "[   40.000005] message 40, and more\n");
    guest_check(&guest, "message 36, and more\n");
    guest_check(&guest, "message 33, and more\n");
    guest_check_not(&guest, "message 32");
    guest_close(&guest);
}
END_TEST

START_TEST(a_log_that_lies_ends)
{
    static const u64 values[] = {0, 1, 24, 31, 0x80000000, UINT32_MAX, UINT64_MAX};

    for (unsigned word = 0; word < 8; word++) {
        for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
            begin(_i);
            say("one", 2);
            put(RING + 8 * word, values[i], width);
            guest_show(&guest, view_log, 10);
            put(LIST + 3 * width + width, values[i], width);
            guest_show(&guest, view_log, 10);
            guest_close(&guest);
        }
    }
}
END_TEST

START_TEST(the_task_is_in_tp_or_in_sscratch)
{
    char text[VIEW_TASK];

    begin(_i);
    memcpy(ram_writable(&guest.machine->ram, TASK + 8, 16), "sh\0", 4);
    put(TASK, 63, 4);
    ck_assert_str_eq(view_task(&guest.view, text), "");
    guest.hart->x[4] = uppers[_i] + TASK;
    ck_assert_str_eq(view_task(&guest.view, text), "sh (task 63)");
    guest.hart->x[4] = 0x1000; /* a program's */
    ck_assert_str_eq(view_task(&guest.view, text), "");
    guest_poke(&guest, 0x140, uppers[_i] + TASK);
    ck_assert_str_eq(view_task(&guest.view, text), "sh (task 63)");
    guest.hart->privilege = PRIV_U;
    hart_mode_changed(guest.hart);
    put(TASK, 0, 4);
    ck_assert_str_eq(view_task(&guest.view, text), "sh (idle)");
    memset(ram_writable(&guest.machine->ram, TASK + 8, 16), 'x', 16);
    ck_assert_str_eq(view_task(&guest.view, text), "");
    guest_close(&guest);
}
END_TEST

START_TEST(why_says_what_linux_complains_of)
{
    begin(_i);
    guest_map(&guest, GUEST_BASE, GUEST_BASE, 0, GUEST_ALL | PTE_U);
    guest_write(&guest, GUEST_BASE, 0x73, 4); /* ecall */
    guest_poke(&guest, 0x302, 0xb1ff);
    guest_poke(&guest, 0x105, GUEST_BASE + 0x100);
    guest.hart->privilege = PRIV_U;
    hart_mode_changed(guest.hart);
    machine_run(guest.machine, 1);
    say("all is well", 2);
    guest_show(&guest, view_why);
    guest_check_not(&guest, "Linux");
    say("segv[159]: unhandled signal 11", 2);
    say("epc : 0", 2);
    guest_show(&guest, view_why);
    guest_check(&guest, "Linux complained at 2.000005 s: \"segv[159]: unhandled signal 11\"");
    say("Kernel panic - not syncing: boo", 2);
    say("---[ end Kernel panic - not syncing: boo ]---", 2);
    guest_show(&guest, view_why);
    guest_check(&guest,
                "Linux has given up: \"Kernel panic - not syncing: boo\", after \"segv[159]: "
                "unhandled signal 11\" (dmesg shows more).\n");
    guest_close(&guest);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_last_messages_are_shown_in_their_order,
        a_message_on_its_way_is_passed_over,
        a_log_that_has_gone_round_has_its_last_messages,
        a_log_that_lies_ends,
        the_task_is_in_tp_or_in_sscratch,
        why_says_what_linux_complains_of,
    };

    return SUITE_RUN("frontend/view_linux", tests, 2);
}
