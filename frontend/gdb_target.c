/* What gdb is told about the machine, as XML made from the tables: registers ("RISC-V Features" in
 * GDB's manual) with every CSR that the processor has, memory, and harts as threads. */
#include "frontend/gdb_parts.h"

#include <stdlib.h>
#include <string.h>

#include "cpu/csr.h"
#include "cpu/disasm.h"

static void put_register(FILE *to, const char *name, unsigned bits, const char *type,
                         unsigned number)
{
    fprintf(to, "<reg name=\"%s\" bitsize=\"%u\" type=\"%s\" regnum=\"%u\"/>\n", name, bits, type,
            number);
}

static void put_integers(FILE *to, unsigned xlen)
{
    fputs("<feature name=\"org.gnu.gdb.riscv.cpu\">\n", to);
    for (unsigned i = 0; i < 32; i++) {
        const char *type = i == 1 ? "code_ptr" : i >= 2 && i <= 4 ? "data_ptr" : "int";
        put_register(to, disasm_register(i, DISASM_ABI), xlen, type, DEBUG_X + i);
    }
    put_register(to, "pc", xlen, "code_ptr", DEBUG_PC);
    fputs("</feature>\n", to);
}

static void put_floats(FILE *to, const struct isa *isa)
{
    bool has_doubles = isa_has(isa, EXT_D);

    if (!isa_has(isa, EXT_F))
        return;
    fputs("<feature name=\"org.gnu.gdb.riscv.fpu\">\n", to);
    if (has_doubles)
        fputs("<union id=\"riscv_double\"><field name=\"float\" type=\"ieee_single\"/>"
              "<field name=\"double\" type=\"ieee_double\"/></union>\n",
              to);
    for (unsigned i = 0; i < 32; i++)
        put_register(to, disasm_float_register(i, DISASM_ABI), has_doubles ? 64 : 32,
                     has_doubles ? "riscv_double" : "ieee_single", DEBUG_F + i);
    fputs("</feature>\n", to);
}

static void put_csrs(FILE *to, struct hart *hart)
{
    unsigned row_count;
    const struct csr_info *rows = csr_rows(&row_count);
    u64 value;

    fputs("<feature name=\"org.gnu.gdb.riscv.csr\">\n", to);
    for (unsigned i = 0; i < row_count; i++)
        if (csr_peek(hart, rows[i].number, &value))
            put_register(to, rows[i].name, hart->xlen, "int", DEBUG_FIRST_CSR + rows[i].number);
    fputs("</feature>\n", to);
}

/* A machine has no operating system as far as stepping goes: as of Debian's gdb 13, one that is
 * told nothing, or Linux, steps by guessing where an instruction leads, and is lost at an mret. */
static void put_features(FILE *to, struct gdb *gdb)
{
    const struct isa *isa = &gdb_machine(gdb)->config.isa;

    fprintf(to,
            "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
            "<target version=\"1.0\">\n<architecture>riscv:rv%u</architecture>\n"
            "<osabi>none</osabi>\n",
            isa->xlen);
    put_integers(to, isa->xlen);
    put_floats(to, isa);
    put_csrs(to, gdb_machine(gdb)->harts[0]);
    fputs("<feature name=\"org.gnu.gdb.riscv.virtual\">\n", to);
    put_register(to, "priv", isa->xlen, "int", DEBUG_PRIVILEGE);
    fputs("</feature>\n</target>\n", to);
}

/* All of it is memory: addresses are virtual, and which of them have a page changes from one moment
 * to the next. A length of 64 bits would not fit into one region. */
static void put_memory(FILE *to, struct gdb *gdb)
{
    bool is_narrow = gdb_machine(gdb)->config.isa.xlen == 32;

    fputs("<?xml version=\"1.0\"?>\n<!DOCTYPE memory-map PUBLIC "
          "\"+//IDN gnu.org//DTD GDB Memory Map V1.0//EN\" "
          "\"http://sourceware.org/gdb/gdb-memory-map.dtd\">\n<memory-map>\n",
          to);
    if (is_narrow)
        fputs("<memory type=\"ram\" start=\"0x0\" length=\"0x100000000\"/>\n", to);
    else
        fputs("<memory type=\"ram\" start=\"0x0\" length=\"0x8000000000000000\"/>\n"
              "<memory type=\"ram\" start=\"0x8000000000000000\" length=\"0x8000000000000000\"/>\n",
              to);
    fputs("</memory-map>\n", to);
}

static void put_threads(FILE *to, struct gdb *gdb)
{
    static const char *const modes[] = {[PRIV_U] = "U", [PRIV_S] = "S", [PRIV_M] = "M"};

    fputs("<?xml version=\"1.0\"?>\n<threads>\n", to);
    for (unsigned i = 0; i < gdb_machine(gdb)->config.harts; i++) {
        const struct hart *hart = gdb_machine(gdb)->harts[i];
        fprintf(to, "<thread id=\"%x\" core=\"%u\" name=\"hart %u\">%s-mode%s</thread>\n", i + 1, i,
                i, modes[hart->privilege], hart->waiting ? ", in wfi" : "");
    }
    fputs("</threads>\n", to);
}

/* OFFSET,LENGTH of the text: "m" and a part of it, or "l" and the rest. */
static void answer_part(struct gdb *gdb, const char *text, void (*put)(FILE *to, struct gdb *gdb))
{
    char *whole = NULL;
    size_t size = 0;
    u64 offset, length;
    FILE *to;

    if (!gdb_take_number(&text, &offset) || !gdb_take(&text, ',') ||
        !gdb_take_number(&text, &length) || *text || !(to = open_memstream(&whole, &size))) {
        gdb_refuse(gdb);
        return;
    }
    put(to, gdb);
    fclose(to);
    if (offset > size)
        offset = size;
    if (length > GDB_PACKET / 2) /* escapes could double it */
        length = GDB_PACKET / 2;
    gdb_begin(&gdb->out);
    gdb_put(&gdb->out, size - offset > length ? "m" : "l");
    gdb_put_binary(&gdb->out, whole + offset, size - offset > length ? length : size - offset);
    gdb_end(&gdb->out);
    free(whole);
}

void gdb_read_features(struct gdb *gdb, const char *text, size_t size)
{
    (void)size;
    answer_part(gdb, text, put_features);
}

void gdb_read_memory_map(struct gdb *gdb, const char *text, size_t size)
{
    (void)size;
    answer_part(gdb, text, put_memory);
}

void gdb_read_threads(struct gdb *gdb, const char *text, size_t size)
{
    (void)size;
    answer_part(gdb, text, put_threads);
}
