/* What gdb's packets are answered with. Sessions: test_gdb_session.c; garbage: test_garbage.c; what
 * gdb itself makes of it: tests/gdb. */
#include "tests/frontend/gdb_desk.h"

START_TEST(registers_and_memory_are_read_and_written)
{
    static struct gdb_desk desk;
    u64 value;

    gdb_desk_open(&desk, 2);
    ck_assert_str_eq(gdb_ask(&desk, "Hg2"), "OK");
    ck_assert_str_eq(gdb_ask(&desk, "Pa=8877665544332211"), "OK");
    ck_assert_uint_eq(desk.bench.machine->harts[1]->x[A0], 0x1122334455667788);
    ck_assert_str_eq(gdb_ask(&desk, "pa"), "8877665544332211");
    ck_assert_uint_eq(strlen(gdb_ask(&desk, "g")), 33 * 16);
    ck_assert_str_eq(gdb_ask(&desk, "P1041=0000000000000000"), "OK"); /* priv */
    ck_assert_uint_eq(desk.bench.machine->harts[1]->privilege, PRIV_U);
    ck_assert_str_eq(gdb_ask(&desk, "P1041=0200000000000000"), "E0e");
    ck_assert_str_eq(gdb_ask(&desk, "p341"), "000000000a000000"); /* mstatus */
    ck_assert_str_eq(gdb_ask(&desk, "p164"), "E0e");              /* no such CSR */
    ck_assert_str_eq(gdb_ask(&desk, "Mffffffff80000000,1:00"), "E0e");
    ck_assert_str_eq(gdb_ask(&desk, "M80002000,4:01020304"), "OK");
    ck_assert(bus_read(&desk.bench.machine->bus, 0x80002000, 4, &value) && value == 0x04030201);
    ck_assert_str_eq(gdb_ask(&desk, "X80002000,3:}\3]"), "OK");
    ck_assert_str_eq(gdb_ask(&desk, "m80002000,4"), "7d035d04");
    ck_assert_str_eq(gdb_ask(&desk, "x80002000,2"), "b}]\3");
    ck_assert_str_eq(gdb_ask(&desk, "m803ffffe,8"), "0000"); /* what there is of it */
    ck_assert_str_eq(gdb_ask(&desk, "m10000000,4"), "E0e");  /* a device */
    gdb_desk_close(&desk);
}
END_TEST

START_TEST(what_makes_no_sense_is_refused_and_what_is_unknown_has_an_empty_answer)
{
    static const char *const senseless[] = {"m",
                                            "m80000000",
                                            "m80000000,4,",
                                            "mxyz,4",
                                            "M80000000,2:01",
                                            "M80000000",
                                            "X80000000,",
                                            "p",
                                            "pffff",
                                            "P1",
                                            "P1=00",
                                            "G00",
                                            "Z",
                                            "Z9,0,1",
                                            "Z2,80000000,0",
                                            "Z0,1",
                                            "z0",
                                            "Z0,80000000,2;X1,0",
                                            "Hg9",
                                            "H",
                                            "T9",
                                            "T",
                                            "cxyz",
                                            "C",
                                            "vCont;",
                                            "vCont;q",
                                            "vCont;s:9",
                                            "vCont;r1",
                                            "vCont;c:",
                                            "qRcmd,0",
                                            "vCont;r1,2,3",
                                            "Qqemu.PhyMemMode:2",
                                            "qXfer:features:read:target.xml:0",
                                            "G",
                                            "s12345678901234567"};
    static struct gdb_desk desk;

    gdb_desk_open(&desk, 2);
    for (unsigned i = 0; i < sizeof senseless / sizeof *senseless; i++) {
        ck_assert_msg(!strcmp(gdb_ask(&desk, senseless[i]), "E22"), "%s: %s", senseless[i],
                      desk.answer);
        ck_assert(desk.debugger.is_stopped);
    }
    ck_assert_str_eq(gdb_ask(&desk, "vMustReplyEmpty"), "");
    ck_assert_str_eq(gdb_ask(&desk, "qCRC:80000000,4"), "");
    ck_assert_str_eq(gdb_ask(&desk, "bs"), "");
    gdb_desk_close(&desk);
}
END_TEST

/* Parts of any size make the same text. */
static char *read_whole(struct gdb_desk *desk, const char *what, unsigned part)
{
    char packet[100], *text = calloc(1, 100000);
    size_t used = 0;

    do {
        snprintf(packet, sizeof packet, "%s:%zx,%x", what, used, part);
        gdb_ask(desk, packet);
        ck_assert_uint_lt(used + strlen(desk->answer), 100000);
        strcpy(text + used, desk->answer + 1);
        used += strlen(desk->answer) - 1;
    } while (desk->answer[0] == 'm');
    ck_assert_int_eq(desk->answer[0], 'l');
    return text;
}

START_TEST(the_machine_is_described_with_every_csr_by_name)
{
    static struct gdb_desk desk;
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);
    char *whole, *parts, wanted[100];
    u64 value;

    gdb_desk_open(&desk, 2);
    whole = read_whole(&desk, "qXfer:features:read:target.xml", 0xffff);
    parts = read_whole(&desk, "qXfer:features:read:target.xml", 77);
    ck_assert_str_eq(whole, parts);
    for (unsigned i = 0; i < count; i++) {
        snprintf(wanted, sizeof wanted, "\"%s\" bitsize=\"64\" type=\"int\" regnum=\"%u\"",
                 rows[i].name, 65u + rows[i].number);
        ck_assert_msg(!strstr(whole, wanted) == !csr_peek(desk.bench.hart, rows[i].number, &value),
                      "%s", rows[i].name);
    }
    ck_assert_ptr_nonnull(strstr(whole, "<architecture>riscv:rv64</architecture>"));
    ck_assert_ptr_nonnull(strstr(whole, "\"ft0\" bitsize=\"64\""));
    ck_assert_ptr_nonnull(strstr(whole, "regnum=\"4161\"")); /* priv */
    free(whole);
    free(parts);
    whole = read_whole(&desk, "qXfer:threads:read:", 50);
    ck_assert_ptr_nonnull(strstr(whole, "<thread id=\"2\" core=\"1\" name=\"hart 1\">M-mode"));
    free(whole);
    whole = read_whole(&desk, "qXfer:memory-map:read:", 50);
    ck_assert_ptr_nonnull(strstr(whole, "</memory-map>"));
    free(whole);
    ck_assert_str_eq(gdb_ask(&desk, "qfThreadInfo"), "m1,2");
    ck_assert_str_eq(gdb_ask(&desk, "qsThreadInfo"), "l");
    ck_assert_str_eq(gdb_ask(&desk, "qC"), "QC1");
    gdb_desk_close(&desk);
}
END_TEST

START_TEST(memory_may_be_physical)
{
    static struct gdb_desk desk;

    gdb_desk_open(&desk, 1);
    /* S-mode behind an empty page table: nothing is there. */
    csr_poke(desk.bench.hart, 0x180, (u64)8 << 60 | 0x80100);
    gdb_ask(&desk, "P1041=0100000000000000");
    ck_assert_str_eq(gdb_ask(&desk, "m80000000,4"), "E0e");
    ck_assert_str_eq(gdb_ask(&desk, "Qqemu.PhyMemMode:1"), "OK");
    ck_assert_str_eq(gdb_ask(&desk, "qqemu.PhyMemMode"), "1");
    ck_assert_str_eq(gdb_ask(&desk, "m80000000,4"), "13051500");
    ck_assert_str_eq(gdb_ask(&desk, "M80000000,1:93"), "OK");
    ck_assert_str_eq(gdb_ask(&desk, "Qqemu.PhyMemMode:0"), "OK");
    ck_assert_str_eq(gdb_ask(&desk, "m80000000,4"), "E0e");
    gdb_desk_close(&desk);
}
END_TEST

/* How many of them the machine has now. */
static size_t points(const struct gdb_desk *desk)
{
    const struct debug *debug = desk->bench.machine->points;

    return debug ? debug->break_count + debug->point_count : 0;
}

START_TEST(what_is_inserted_twice_is_there_once_and_all_of_it_goes_with_gdb)
{
    static struct gdb_desk desk;

    gdb_desk_open(&desk, 1);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_str_eq(gdb_ask(&desk, "Z0,80000004,4"), "OK");
        ck_assert_str_eq(gdb_ask(&desk, "Z1,80000004,2"), "OK");
        ck_assert_str_eq(gdb_ask(&desk, "Z2,80001000,4"), "OK");
        ck_assert_str_eq(gdb_ask(&desk, "Z3,80001000,4"), "OK");
        ck_assert_str_eq(gdb_ask(&desk, "Z4,80001000,10"), "OK");
    }
    ck_assert_uint_eq(points(&desk), 5);
    ck_assert_str_eq(gdb_ask(&desk, "z0,80000004,4"), "OK");
    ck_assert_str_eq(gdb_ask(&desk, "z0,80000004,4"), "OK");
    ck_assert_uint_eq(points(&desk), 4);
    ck_assert_str_eq(gdb_ask(&desk, "D"), "OK");
    ck_assert_uint_eq(points(&desk), 0);
    ck_assert(!desk.debugger.is_stopped); /* it runs on */
    gdb_desk_close(&desk);
}
END_TEST

static void echo(void *context, unsigned hart, char *line, FILE *out)
{
    (void)context;
    fprintf(out, "hart %u: %s", hart, line);
}

START_TEST(the_monitor_is_asked_and_answers_in_pieces)
{
    static struct gdb_desk desk;

    gdb_desk_open(&desk, 2);
    ck_assert_ptr_nonnull(strstr(gdb_ask(&desk, "qRcmd,68690a"), "O"));
    gdb_set_monitor(desk.gdb, (struct gdb_monitor){NULL, echo});
    gdb_ask(&desk, "Hg2");
    ck_assert_str_eq(gdb_ask(&desk, "qRcmd,6869"), "O6861727420313a206869OK");
    gdb_desk_close(&desk);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        registers_and_memory_are_read_and_written,
        what_makes_no_sense_is_refused_and_what_is_unknown_has_an_empty_answer,
        the_machine_is_described_with_every_csr_by_name,
        memory_may_be_physical,
        what_is_inserted_twice_is_there_once_and_all_of_it_goes_with_gdb,
        the_monitor_is_asked_and_answers_in_pieces};

    return SUITE_RUN("gdb", tests, 1);
}
