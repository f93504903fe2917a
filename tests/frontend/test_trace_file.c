/* A trace's file: what is read is what was written, and what is not whole is refused. */
#include "frontend/trace_file.h"
#include "frontend/trace_show.h"

#include "tests/frontend/json_reader.h"
#include "tests/frontend/small_guest.h"
#include "tests/suite.h"

#include <unistd.h>
#include <zstd.h>

static struct small_guest guest;
static char path[64];

/* A round: memory in every width, atomics, floating point, a call of the firmware, a device. */
#define MAIN    (SMALL_BASE + 0x100)
#define HANDLER (SMALL_BASE + 0x180)

static const u32 program[] = {
    0x00000073, /* ecall */
    0x00b60023, /* sb a1, 0(a2) */
    0x00564683, /* lbu a3, 5(a2) */
    0x14059073, /* csrw sscratch, a1 */
    0x00b73023, /* sd a1, 0(a4) */
    0x00073703, /* ld a4, 0(a4): a4 is gone, then again 0x80000800 */
    0x0007a703, /* lw a4, 0(a5) */
    0x00e7e733, /* or a4, a5, a4 */
    0x00078713, /* mv a4, a5 */
    0x00b7a52f, /* amoadd.w a0, a1, (a5) */
    0x1007b52f, /* lr.d a0, (a5) */
    0x18b7b52f, /* sc.d a0, a1, (a5) */
    0x0007b007, /* fld ft0, 0(a5) */
    0x0007b427, /* fsd ft0, 8(a5) */
    0x001585b3, /* add a1, a1, ra */
    0xfc5ff06f, /* j main */
};
static const u32 handler[] = {
    0x34102573, /* csrr a0, mepc */
    0x00450513, /* addi a0, a0, 4 */
    0x34151073, /* csrw mepc, a0 */
    0x00000513, /* li a0, 0 */
    0x30200073, /* mret */
};

static void setup(const char *isa)
{
    small_guest_create(&guest, isa, 1);
    struct ram *ram = &guest.machine->ram;
    struct hart *hart = guest.machine->harts[0];
    memcpy(ram_writable(ram, MAIN, sizeof(program)), program, sizeof(program));
    memcpy(ram_writable(ram, HANDLER, sizeof(handler)), handler, sizeof(handler));
    struct symbols *symbols = monitor_symbols(&guest.monitor);
    symbols_add(symbols, "main", MAIN, sizeof(program), 0);
    symbols_add(symbols, "in main", MAIN + 8, 8, 0); /* a name within a name */
    symbols_add(symbols, "handler", HANDLER, sizeof(handler), 0);
    symbols_sort(symbols);
    hart->pc = MAIN;
    hart->mtvec = HANDLER;
    hart->mstatus |= MSTATUS_FS;
    hart_mode_changed(hart);
    hart->x[1] = 0x123456789;
    hart->x[11] = 'A';
    hart->x[12] = 0x10000000;
    hart->x[14] = hart->x[15] = SMALL_BASE + 0x800;
    hart->x[17] = 0x54494d45;
    ck_assert(debug_set_register(guest.machine, 0, DEBUG_FIRST_CSR + 0x3b0, UINT64_MAX));
    ck_assert(debug_set_register(guest.machine, 0, DEBUG_FIRST_CSR + 0x3a0, 0x1f));
    ck_assert(debug_set_register(guest.machine, 0, DEBUG_PRIVILEGE, PRIV_S));
    snprintf(path, sizeof(path), "/tmp/vitrine-%ld.trace", (long)getpid());
}

/* What trace show prints, which the caller frees; NULL when it refuses, and says why. */
static char *show(const char *filter, bool json)
{
    char *text = NULL;
    size_t size;
    enum exit_code code = EXIT_DONE;
    FILE *out = open_memstream(&text, &size), *from = fopen(path, "rb");

    ck_assert(out && from);
    bool is_shown = trace_show(from, path, filter, json, out, guest.why, sizeof(guest.why), &code);
    fclose(out);
    fclose(from);
    if (is_shown)
        return text;
    ck_assert_int_eq(code, EXIT_FILE);
    ck_assert_uint_eq(size, 0);
    free(text);
    return NULL;
}

static void write_trace(const char *filter)
{
    char line[200];

    snprintf(line, sizeof(line), "trace %s 3000 2000 %s", filter, path);
    char *text = small_guest_say(&guest, line, false);
    ck_assert_msg(text && strstr(text, " events in "), "%s: %s", line, guest.why);
    free(text);
}

static void check_same(const char *isa, const char *filter, bool json)
{
    char line[100];

    setup(isa);
    snprintf(line, sizeof(line), "trace %s 3000 2000", filter);
    char *live = small_guest_say(&guest, line, json);
    ck_assert_msg(live, "%s: %s", line, guest.why);
    small_guest_destroy(&guest);
    setup(isa);
    write_trace(filter);
    char *shown = show(NULL, json);
    ck_assert_msg(shown, "%s", guest.why);
    ck_assert_uint_gt(strlen(shown), 50);
    if (json)
        ck_assert(json_is_value(shown));
    if (strcmp(live, shown) != 0) {
        size_t at = 0;
        while (live[at] == shown[at])
            at++;
        ck_abort_msg("%s, %s, from byte %zu:\n%.200s\n and shown:\n%.200s", isa, filter, at,
                     live + (at > 80 ? at - 80 : 0), shown + (at > 80 ? at - 80 : 0));
    }
    free(live);
    free(shown);
    unlink(path);
    small_guest_destroy(&guest);
}

START_TEST(what_is_shown_is_what_was_traced)
{
    static const char *const filters[] = {"all",
                                          "insn",
                                          "mem",
                                          "csr",
                                          "trap",
                                          "sbi",
                                          "mmio",
                                          "insn,mem",
                                          "trap,mmio,sbi",
                                          "mem,csr",
                                          "all,mode=S,pc=main"};

    for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
        check_same("rv64gc", filters[i], false);
        check_same("rv64gc", filters[i], true);
    }
    check_same("rv32gc", "all", false); /* half of the program is illegal there */
}
END_TEST

START_TEST(an_instruction_takes_less_than_two_bytes)
{
    char *text;
    long size;

    setup("rv64gc");
    text = small_guest_say(&guest, "trace insn 100000 100000 /tmp/size.trace", false);
    ck_assert_msg(text, "%s", guest.why);
    FILE *file = fopen("/tmp/size.trace", "rb");
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    fclose(file);
    unlink("/tmp/size.trace");
    ck_assert_msg(size < 200000, "%ld bytes for 100000 steps", size);
    free(text);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_file_can_be_narrowed_down_later)
{
    char *text;

    setup("rv64gc");
    write_trace("all");
    text = show("sbi,pc=main", false);
    ck_assert_msg(text && strstr(text, "return") && strstr(text, "main") && !strstr(text, "insn"),
                  "%s", text);
    free(text);
    text = show("mem,at=0x80000808", false);
    ck_assert_msg(text && strstr(text, "0x80000808") && !strstr(text, "0x80000800"), "%s", text);
    free(text);
    unlink(path);
    small_guest_destroy(&guest);
}
END_TEST

static void write_bytes(const u8 *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    ck_assert(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

static void check_refused(const char *expected)
{
    char *text = show(NULL, false);

    ck_assert_msg(!text, "it was shown, without \"%s\"", expected);
    ck_assert_msg(strstr(guest.why, expected), "%s", guest.why);
    ck_assert_ptr_null(strchr(guest.why, '\n'));
}

START_TEST(damaged_and_foreign_files_are_refused_with_a_sentence)
{
    static u8 bytes[1 << 20], changed[1 << 20];
    size_t size;

    setup("rv64gc");
    write_trace("all");
    FILE *file = fopen(path, "rb");
    size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    for (size_t i = 16; i < size; i += 1 + size / 300) {
        memcpy(changed, bytes, size);
        changed[i] ^= (u8)(1 + i % 255);
        write_bytes(changed, size);
        check_refused("is damaged.");
    }
    for (size_t i = 16; i < size; i += 1 + size / 100) {
        write_bytes(bytes, i);
        check_refused("is damaged.");
    }
    memcpy(changed, bytes, size);
    changed[size] = 0;
    write_bytes(changed, size + 1);
    check_refused("is damaged.");
    changed[8] = 2;
    write_bytes(changed, size);
    check_refused("is a trace of version 2; this Vitrine reads version 1.");
    for (size_t i = 0; i < 16; i++) {
        write_bytes(bytes, i);
        check_refused("is no trace of Vitrine's.");
    }
    write_bytes((const u8 *)"#!/bin/sh\necho a script\n", 24);
    check_refused("is no trace of Vitrine's.");
    unlink(path);
    small_guest_destroy(&guest);
}
END_TEST

/* Whole as a file, but what it says cannot be. */
START_TEST(records_that_cannot_be_are_refused)
{
    static const struct {
        u8 bytes[24];
        u8 size;
    } records[] = {
        {{13}, 1},                          /* no such record */
        {{RECORD_END, 1}, 2},               /* it says one event */
        {{TRACE_RETURN, 0, 0, 0}, 4},       /* of no call */
        {{TRACE_DEVICE, 0x20, 0, 0, 0}, 5}, /* of no device */
        {{TRACE_MEMORY, 0x03, 0, 0}, 4},    /* no such access */
        {{TRACE_MEMORY | RECORD_MORE}, 1},  /* by no instruction */
        {{TRACE_CSR, 0x80, 0x20, 0, 0}, 5}, /* register 4096 */
        {{RECORD_CONTEXT, 4}, 2},
        {{RECORD_NAME, 1, 0, 1, 'a'}, 5}, /* of no bytes */
        {{RECORD_NAME, 1, 1, 1, 7}, 5},   /* a bell */
        {{TRACE_INSN | RECORD_HART, 64}, 2},
        {{TRACE_SYSCALL, 64}, 2},
        {{TRACE_INSN | RECORD_PC, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 11},
    };

    snprintf(path, sizeof(path), "/tmp/vitrine-%ld.trace", (long)getpid());
    for (size_t i = 0; i <= sizeof(records) / sizeof(records[0]); i++) {
        struct trace_head head = {.magic = TRACE_MAGIC, .version = TRACE_VERSION};
        u8 raw[64] = {6, 'r', 'v', '6', '4', 'g', 'c'}, file[256];
        size_t size = 7;
        bool is_good = i == sizeof(records) / sizeof(records[0]);
        if (!is_good) {
            memcpy(raw + size, records[i].bytes, records[i].size);
            size += records[i].size;
        }
        if (is_good || raw[7] != RECORD_END) {
            raw[size++] = RECORD_END;
            raw[size++] = 0;
        }
        memcpy(file, &head, sizeof(head));
        size = ZSTD_compress(file + sizeof(head), sizeof(file) - sizeof(head), raw, size, 1);
        ck_assert(!ZSTD_isError(size));
        write_bytes(file, sizeof(head) + size);
        if (!is_good) {
            check_refused("is damaged.");
            continue;
        }
        char *text = show(NULL, false);
        ck_assert_msg(text && !*text, "%s", guest.why);
        free(text);
    }
    unlink(path);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_is_shown_is_what_was_traced,   an_instruction_takes_less_than_two_bytes,
        a_file_can_be_narrowed_down_later,  damaged_and_foreign_files_are_refused_with_a_sentence,
        records_that_cannot_be_are_refused,
    };
    return SUITE_RUN("trace_file", tests, 1);
}
