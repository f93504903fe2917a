/* Registers and memory of the chosen hart, for gdb (packets g G p P m x M X). */
#include "frontend/debugger_back.h"
#include "frontend/gdb_parts.h"

#include <string.h>

#define MEMORY_MOST (GDB_PACKET / 2) /* bytes at once */

/* Bytes of a register as the target description has it; 0: none such. */
static unsigned register_size(const struct gdb *gdb, unsigned number)
{
    const struct isa *isa = &gdb_machine(gdb)->config.isa;

    if (number >= DEBUG_REGISTERS)
        return 0;
    if (number >= DEBUG_F && number < DEBUG_FIRST_CSR)
        return isa_has(isa, EXT_D) ? 8 : isa_has(isa, EXT_F) ? 4 : 0;
    return isa->xlen / 8;
}

void gdb_read_registers(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    gdb_begin(&gdb->out);
    for (unsigned number = DEBUG_X; number <= DEBUG_PC; number++) {
        u64 value = 0;
        debug_register(gdb_machine(gdb), gdb->hart, number, &value);
        gdb_put_hex(&gdb->out, &value, register_size(gdb, number));
    }
    gdb_end(&gdb->out);
}

/* The past is as it was, and a recording is of a run that nobody changed. */
static bool may_change(struct gdb *gdb)
{
    if (debugger_may_change(gdb->debugger))
        return true;
    gdb_fail(gdb);
    return false;
}

static void say_changed(struct gdb *gdb)
{
    debugger_changed(gdb->debugger);
    gdb_answer(&gdb->out, "OK");
}

void gdb_write_registers(struct gdb *gdb, const char *text, size_t size)
{
    unsigned width = register_size(gdb, DEBUG_X);
    u8 bytes[8 * (DEBUG_PC + 1)];
    (void)size;

    if (gdb_take_hex(text, bytes, sizeof bytes) != (size_t)width * (DEBUG_PC + 1)) {
        gdb_refuse(gdb);
        return;
    }
    if (!may_change(gdb))
        return;
    for (unsigned number = DEBUG_X; number <= DEBUG_PC; number++) {
        u64 value = 0;
        memcpy(&value, bytes + (size_t)number * width, width);
        debug_set_register(gdb_machine(gdb), gdb->hart, number, value);
    }
    say_changed(gdb);
}

void gdb_read_register(struct gdb *gdb, const char *text, size_t size)
{
    u64 number, value = 0;
    (void)size;

    if (!gdb_take_number(&text, &number) || *text || number >= DEBUG_REGISTERS) {
        gdb_refuse(gdb);
        return;
    }
    if (!debug_register(gdb_machine(gdb), gdb->hart, (unsigned)number, &value)) {
        gdb_fail(gdb);
        return;
    }
    gdb_begin(&gdb->out);
    gdb_put_hex(&gdb->out, &value, register_size(gdb, (unsigned)number));
    gdb_end(&gdb->out);
}

/* A single is kept in a register of 64 bits with ones above it. */
static u64 boxed(const struct gdb *gdb, unsigned number, u64 value)
{
    bool is_float = number >= DEBUG_F && number < DEBUG_FIRST_CSR;

    return is_float && register_size(gdb, number) == 4 ? value | (u64)UINT32_MAX << 32 : value;
}

void gdb_write_register(struct gdb *gdb, const char *text, size_t size)
{
    u64 number, value = 0;
    (void)size;

    if (!gdb_take_number(&text, &number) || !gdb_take(&text, '=') || number >= DEBUG_REGISTERS ||
        gdb_take_hex(text, &value, sizeof value) != register_size(gdb, (unsigned)number)) {
        gdb_refuse(gdb);
        return;
    }
    if (!may_change(gdb))
        return;
    value = boxed(gdb, (unsigned)number, value);
    if (debug_set_register(gdb_machine(gdb), gdb->hart, (unsigned)number, value))
        say_changed(gdb);
    else
        gdb_fail(gdb);
}

static enum debug_space space(const struct gdb *gdb)
{
    return gdb->is_physical ? DEBUG_PHYSICAL : DEBUG_VIRTUAL;
}

static bool take_range(const char **text, u64 *at, u64 *size)
{
    return gdb_take_number(text, at) && gdb_take(text, ',') && gdb_take_number(text, size);
}

/* As many bytes as can be had of those that are wanted. SIZE_MAX: the packet makes no sense. */
static size_t read_wanted(struct gdb *gdb, const char *text, u8 bytes[MEMORY_MOST], bool *is_empty)
{
    u64 at, wanted;

    if (!take_range(&text, &at, &wanted) || *text)
        return SIZE_MAX;
    *is_empty = wanted == 0;
    return debug_read(gdb_machine(gdb), gdb->hart, space(gdb), at, bytes,
                      wanted < MEMORY_MOST ? wanted : MEMORY_MOST);
}

void gdb_read_memory(struct gdb *gdb, const char *text, size_t size)
{
    u8 bytes[MEMORY_MOST];
    bool is_empty = false;
    size_t got = read_wanted(gdb, text, bytes, &is_empty);
    (void)size;

    if (got == SIZE_MAX || (!got && !is_empty)) {
        got ? gdb_refuse(gdb) : gdb_fail(gdb);
        return;
    }
    gdb_begin(&gdb->out);
    gdb_put_hex(&gdb->out, bytes, got);
    gdb_end(&gdb->out);
}

void gdb_read_memory_binary(struct gdb *gdb, const char *text, size_t size)
{
    u8 bytes[MEMORY_MOST];
    bool is_empty = false;
    size_t got = read_wanted(gdb, text, bytes, &is_empty);
    (void)size;

    if (got == SIZE_MAX || (!got && !is_empty)) {
        got ? gdb_refuse(gdb) : gdb_fail(gdb);
        return;
    }
    gdb_begin(&gdb->out);
    gdb_put(&gdb->out, "b");
    gdb_put_binary(&gdb->out, bytes, got);
    gdb_end(&gdb->out);
}

/* All of it or nothing, as far as we can know beforehand. */
static void write_bytes(struct gdb *gdb, u64 at, const void *bytes, size_t size)
{
    u8 there[MEMORY_MOST];
    size_t found;

    if (!may_change(gdb))
        return;
    for (size_t done = 0; done < size; done += found) {
        size_t wanted = size - done < sizeof there ? size - done : sizeof there;
        found = debug_read(gdb_machine(gdb), gdb->hart, space(gdb), at + done, there, wanted);
        if (found < wanted) {
            gdb_fail(gdb);
            return;
        }
    }
    debug_write(gdb_machine(gdb), gdb->hart, space(gdb), at, bytes, size);
    say_changed(gdb);
}

void gdb_write_memory(struct gdb *gdb, const char *text, size_t size)
{
    u8 bytes[GDB_PACKET / 2];
    u64 at, length;
    (void)size;

    if (!take_range(&text, &at, &length) || !gdb_take(&text, ':') ||
        gdb_take_hex(text, bytes, sizeof bytes) != length)
        gdb_refuse(gdb);
    else
        write_bytes(gdb, at, bytes, length);
}

void gdb_write_memory_binary(struct gdb *gdb, const char *text, size_t size)
{
    const char *from = text;
    u64 at, length;

    if (!take_range(&text, &at, &length) || !gdb_take(&text, ':') ||
        size - (size_t)(text - from) != length)
        gdb_refuse(gdb);
    else
        write_bytes(gdb, at, text, length);
}
