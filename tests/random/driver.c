/* Making a program of driver.s, and images of it and of samples (see driver.h). */
#include "tests/random/driver.h"

#include "cpu/assemble.h"
#include "cpu/disasm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE 65536u

static const struct {
    const char *name;
    i64 value;
} names[] = {
#define PLACE(name, value) {"AT_" #name, (i64)value},
    PLACES(PLACE)
#undef PLACE
#define CSR(name, number, need) {"WORD_" #name, 8 * WORD_##name},
        WHERE_CSRS(CSR)
#undef CSR
#define WORD(name)                                                                                 \
    {                                                                                              \
#name, 8 * name                                                                            \
    }
            WORD(WORD_ENTRY),
    WORD(WORD_DUE),
    WORD(WORD_X2),
    WORD(WORD_X3),
    WORD(WORD_X4),
    WORD(WORD_X8),
    WORD(WORD_X9),
    WORD(R_SIZE),
    WORD(R_SKIP),
    WORD(R_DUMP),
    WORD(R_LOOPS),
    WORD(R_START),
    WORD(R_BODY_SIZE),
    WORD(R_DATA),
    WORD(R_TABLES),
    WORD(R_FCSR),
    WORD(R_SECURITY),
    WORD(R_X),
    WORD(R_F),
    WORD(R_WHERES),
    WORD(R_BODY),
#undef WORD
    {"WHERE_SIZE", 8 * WORD_COUNT},
};

static const struct {
    const char *name;
    u16 number;
    u32 need;
} where_csrs[] = {
#define CSR(name, number, need) {#name, number, need},
    WHERE_CSRS(CSR)
#undef CSR
};

/* Read at the end of an iteration. mtval and stval are not: the handlers know when to. */
static const struct {
    u16 number;
    u32 need, mask;
} read_csrs[] = {
    {0x300, RV_I, UINT32_MAX},
    {0x341, RV_I, ~1u},
    {0x342, RV_I, UINT32_MAX},
    {0x141, RV_I, ~1u},
    {0x142, RV_I, UINT32_MAX},
    {0x302, RV_I, UINT32_MAX},
    {0x303, RV_I, 0x222},
    {0x304, RV_I, 0xaaa},
    {0x344, RV_I, 0xaaa},
    {0x180, RV_I, UINT32_MAX},
    {0x30a, RV_I, UINT32_MAX},
    {0x31a, RV32_I, UINT32_MAX},
    {0x10a, RV_I, UINT32_MAX},
    {0x106, RV_I, 7},
    {0x306, RV_I, 7},
    {0x105, RV_I, UINT32_MAX},
    {0x003, RV_F, UINT32_MAX},
    {0x30c, RV_SMSTATEEN, UINT32_MAX},
    {0x10c, RV_SSSTATEEN, UINT32_MAX},
    {0x3b1, RV_I, UINT32_MAX},
    {0x3a0, RV_I, UINT32_MAX},
};

struct writer {
    const struct isa *isa;
    char *text;
    size_t used;
};

#define SAY(...)                                                                                   \
    (writer->used +=                                                                               \
     (size_t)snprintf(writer->text + writer->used, TEXT_SIZE - writer->used, __VA_ARGS__))

static bool is_there(const struct isa *isa, u32 need)
{
    unsigned xlen = need >> 8 & 0xff;

    return isa_has(isa, need & 0xff) && (!xlen || xlen == isa->xlen);
}

static const char *load_word(const struct isa *isa)
{
    return isa->xlen == 32 ? "lw" : "ld";
}

/* Those of a where from the first word up to the last. */
static void write_csrs(struct writer *writer, unsigned first, unsigned last)
{
    for (unsigned i = first; i <= last; i++)
        if (is_there(writer->isa, where_csrs[i].need))
            SAY(" %s t0, WORD_%s(s1)\n csrw %u, t0\n", load_word(writer->isa), where_csrs[i].name,
                where_csrs[i].number);
}

static void write_reads(struct writer *writer)
{
    for (unsigned i = 0; i < sizeof read_csrs / sizeof read_csrs[0]; i++) {
        if (!is_there(writer->isa, read_csrs[i].need))
            continue;
        SAY(" csrr a0, %u\n", read_csrs[i].number);
        if (read_csrs[i].mask != UINT32_MAX)
            SAY(" li t0, %d\n and a0, a0, t0\n", (i32)read_csrs[i].mask);
        SAY(" jal mix\n");
    }
}

static void write_floats(struct writer *writer, const char *verb, const char *base)
{
    for (unsigned i = 0; i < 32 && isa_has(writer->isa, EXT_F); i++)
        SAY(" f%s%c f%u, %s + 8 * %u(%s)\n", verb, isa_has(writer->isa, EXT_D) ? 'd' : 'w', i, base,
            i, *base == 'F' ? "s0" : "s1");
}

/* All but x2, which is the frame; when loading that comes last. */
static void write_integers(struct writer *writer, const char *verb)
{
    char width = writer->isa->xlen == 32 ? 'w' : 'd';

    for (unsigned i = 1; i < 32; i++)
        if (i != 2)
            SAY(" %s%c x%u, %u * W(sp)\n", verb, width, i, i);
    if (*verb == 'l')
        SAY(" %s%c x2, 2 * W(sp)\n", verb, width);
}

/* Entries 12 to 15 have a CSR of their own on RV32, and the upper half of pmpcfg2 on RV64. */
static void write_pmp(struct writer *writer, const char *which)
{
    bool is_rv32 = writer->isa->xlen == 32, has_security = isa_has(writer->isa, EXT_SMEPMP);

    if (!strncmp(which, "join_pmp", 8) && !is_rv32)
        SAY(" slli t3, t3, 32\n or t1, t1, t3\n or t2, t2, t3\n");
    else if (!strncmp(which, "high_pmp", 8) && is_rv32)
        SAY(" csrw pmpcfg3, t3\n");
    else if (!strncmp(which, "bypass_locks", 12) && has_security)
        SAY(" andi t4, s2, 4\n csrw mseccfg, t4\n");
    else if (!strncmp(which, "security", 8) && has_security)
        SAY(" csrw mseccfg, s2\n");
}

static void write_list(struct writer *writer, const char *which)
{
    bool is_rv32 = writer->isa->xlen == 32;

    if (!strncmp(which, "write_csrs", 10))
        write_csrs(writer, 0, WORD_FRM - 1);
    else if (!strncmp(which, "write_few_csrs", 14))
        write_csrs(writer, WORD_FRM, WORD_MSTATUS);
    else if (!strncmp(which, "read_csrs", 9))
        write_reads(writer);
    else if (!strncmp(which, "load_floats", 11))
        write_floats(writer, "l", "R_F");
    else if (!strncmp(which, "store_floats", 12))
        write_floats(writer, "s", "F");
    else if (!strncmp(which, "load_integers", 13))
        write_integers(writer, "l");
    else if (!strncmp(which, "store_integers", 14))
        write_integers(writer, "s");
    else if (!strncmp(which, "no_timer", 8) && isa_has(writer->isa, EXT_SSTC))
        SAY(" li t0, -1\n csrw %s, t0\n%s", is_rv32 ? "stimecmph" : "stimecmp",
            is_rv32 ? " csrw stimecmp, zero\n" : "");
    else if (!strncmp(which, "supervisor_timer", 16) && isa_has(writer->isa, EXT_SSTC))
        SAY(" csrw %s, t0\n", is_rv32 ? "stimecmph" : "stimecmp");
    else if (!strncmp(which, "no_stce", 7) && is_rv32)
        SAY(" csrw 0x31a, zero\n");
    else
        write_pmp(writer, which);
}

/* One line of driver.s (see its head). */
static void write_line(struct writer *writer, const char *line, size_t length)
{
    const char *at = line + strspn(line, " ");
    char width = writer->isa->xlen == 32 ? 'w' : 'd';

    if (strchr("0123456789", *at) && at[1] == ':') { /* a label before it */
        SAY("%.2s", at);
        write_line(writer, at + 2, length - (size_t)(at + 2 - line));
    } else if (!strncmp(at, "?F", 2)) {
        if (isa_has(writer->isa, EXT_F))
            write_line(writer, at + 2, length - (size_t)(at + 2 - line));
    } else if (*at == '@') {
        write_list(writer, at + 1);
    } else if (!strncmp(at, "lx ", 3) || !strncmp(at, "sx ", 3)) {
        SAY(" %c%c%.*s", *at, width, (int)(length - (size_t)(at + 2 - line)), at + 2);
    } else {
        SAY("%.*s", (int)length, line);
    }
}

static bool write_text(struct writer *writer, char *message, size_t message_size)
{
    FILE *file = fopen(RANDOM_DRIVER, "r");
    char line[256];

    if (!file) {
        snprintf(message, message_size, "%s cannot be opened", RANDOM_DRIVER);
        return false;
    }
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        SAY(".equ %s, %" PRId64 "\n", names[i].name, names[i].value);
    SAY(".equ W, %u\n.equ LOG_W, %u\n", writer->isa->xlen / 8, writer->isa->xlen == 32 ? 2 : 3);
    while (fgets(line, sizeof line, file))
        write_line(writer, line, strlen(line));
    fclose(file);
    return true;
}

#undef SAY

static u64 symbol(const struct assembled *program, const char *name)
{
    for (size_t i = 0; i < program->symbol_count; i++)
        if (!strcmp(program->symbols[i].name, name))
            return program->symbols[i].value;
    return 0;
}

bool driver_init(struct driver *driver, const struct isa *isa, char *message, size_t message_size)
{
    struct writer writer = {.isa = isa, .text = calloc(1, TEXT_SIZE)};
    struct assembled program = {0};
    bool done = writer.text && write_text(&writer, message, message_size) &&
                assemble(isa, writer.text, writer.used, "driver.s", AT_BASE, &program, message,
                         message_size);

    *driver = (struct driver){.isa = *isa};
    if (done) {
        driver->code = malloc(program.size);
        done = driver->code;
    }
    if (done) {
        memcpy(driver->code, program.bytes, program.size);
        driver->size = program.size;
        driver->next_sample = symbol(&program, "next_sample");
        driver->executed = AT_FRAME + symbol(&program, "EXECUTED");
    }
    assembled_free(&program);
    free(writer.text);
    return done;
}

void driver_release(struct driver *driver)
{
    free(driver->code);
    driver->code = NULL;
}

const char *driver_state_name(const struct driver *driver, unsigned word, char *text)
{
    unsigned scale = driver->isa.xlen / 8, x_words = 256 / scale, at = word * scale;

    if (word < 32)
        snprintf(text, 16, "%s", disasm_register(word, DISASM_ABI));
    else if (word < x_words)
        snprintf(text, 16, "-");
    else if (at < 512)
        snprintf(text, 16, "%s%s", disasm_float_register((at - 256) / 8, DISASM_ABI),
                 at % 8 ? "[63:32]" : "");
    else if (at < 528)
        snprintf(text, 16, "%s", at % 8 ? "-" : at == 512 ? "fcsr" : "traps");
    else if (at < 528 + 2 * scale)
        snprintf(text, 16, "%s", at == 528 ? "data" : "code");
    else
        return NULL;
    return text;
}
