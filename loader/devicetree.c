/* The device tree of the board (see devicetree.h): written from top to bottom with libfdt. A chip
 * without a row in node_writers below gets a node with its type's name, compatible, registers and
 * interrupt, which is all that most drivers want. */
#include "loader/devicetree.h"

#include "cpu/counters.h"
#include "cpu/promises.h"
#include "devices/plic.h"
#include "loader/refuse.h"

#include <assert.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Numbers by which nodes refer to each other. */
#define PHANDLE_PLIC    1
#define PHANDLE_SYSCON  2
#define PHANDLE_CPU     16 /* + 2 * hart */
#define PHANDLE_CPU_INT 17 /* + 2 * hart */

/* Lines of a hart's own interrupt controller: the manual's interrupt causes. */
enum { LINE_MSI = 3, LINE_MTI = 7, LINE_SEI = 9, LINE_MEI = 11 };

#define CACHE_BLOCK   64
#define UART_CLOCK_HZ 3686400
#define SYSCON_OFF    0x5555
#define SYSCON_RESET  0x7777

#define NAME_SIZE 64
#define ISA_SIZE  1024
#define HEAD_SIZE (16 * 1024) /* more than everything but the harts needs */
#define HART_SIZE (4 * 1024)

/* Writes on after an error, which the end reports: the only one there can be is a lack of room. */
struct pen {
    const struct machine *machine;
    void *tree;
    int error;
};

static void note(struct pen *pen, int error)
{
    if (!pen->error)
        pen->error = error;
}

static void begin(struct pen *pen, const char *name)
{
    note(pen, fdt_begin_node(pen->tree, name));
}

static void begin_at(struct pen *pen, const char *name, u64 address)
{
    char text[NAME_SIZE];

    snprintf(text, sizeof text, "%s@%" PRIx64, name, address);
    begin(pen, text);
}

static void end(struct pen *pen)
{
    note(pen, fdt_end_node(pen->tree));
}

static void put_bytes(struct pen *pen, const char *name, const void *bytes, size_t size)
{
    note(pen, fdt_property(pen->tree, name, bytes, (int)size));
}

static void put_empty(struct pen *pen, const char *name)
{
    put_bytes(pen, name, NULL, 0);
}

static void put_text(struct pen *pen, const char *name, const char *text)
{
    put_bytes(pen, name, text, strlen(text) + 1);
}

static void put_u32(struct pen *pen, const char *name, u32 value)
{
    note(pen, fdt_property_u32(pen->tree, name, value));
}

static void put_cells(struct pen *pen, const char *name, const u32 *values, unsigned count)
{
    fdt32_t cells[8];

    assert(count <= sizeof cells / sizeof cells[0]);
    for (unsigned i = 0; i < count; i++)
        cells[i] = cpu_to_fdt32(values[i]);
    put_bytes(pen, name, cells, count * sizeof cells[0]);
}

static void put_reg(struct pen *pen, paddr base, u64 size)
{
    fdt64_t reg[2] = {cpu_to_fdt64(base), cpu_to_fdt64(size)};

    put_bytes(pen, "reg", reg, sizeof reg);
}

/* Sources of all harts' own interrupt controllers: two lines of each, in the order of the harts. */
static void put_hart_lines(struct pen *pen, u32 first_line, u32 second_line)
{
    fdt32_t cells[4 * MACHINE_HARTS];
    unsigned count = 0;

    for (unsigned hart = 0; hart < pen->machine->config.harts; hart++) {
        cells[count++] = cpu_to_fdt32(PHANDLE_CPU_INT + 2 * hart);
        cells[count++] = cpu_to_fdt32(first_line);
        cells[count++] = cpu_to_fdt32(PHANDLE_CPU_INT + 2 * hart);
        cells[count++] = cpu_to_fdt32(second_line);
    }
    put_bytes(pen, "interrupts-extended", cells, count * sizeof cells[0]);
}

static void write_uart(struct pen *pen)
{
    put_u32(pen, "clock-frequency", UART_CLOCK_HZ);
}

static void write_plic(struct pen *pen)
{
    put_u32(pen, "phandle", PHANDLE_PLIC);
    put_u32(pen, "#interrupt-cells", 1);
    put_u32(pen, "#address-cells", 0);
    put_empty(pen, "interrupt-controller");
    put_u32(pen, "riscv,ndev", PLIC_SOURCES - 1);
    put_hart_lines(pen, LINE_MEI, LINE_SEI);
}

static void write_aclint(struct pen *pen)
{
    put_hart_lines(pen, LINE_MSI, LINE_MTI);
}

static void write_syscon(struct pen *pen)
{
    put_u32(pen, "phandle", PHANDLE_SYSCON);
}

/* A chip that needs more than its row of the board says: its node's name, what its drivers look for
 * besides the type's own word, and its other properties. */
struct node_writer {
    const char *type;
    const char *node;
    const char *also_compatible; /* words separated by NUL, ends with an empty one; NULL none */
    void (*write)(struct pen *pen);
};

static const struct node_writer node_writers[] = {
    {"uart", "serial", NULL, write_uart},
    {"plic", "plic", "riscv,plic0\0", write_plic},
    {"aclint", "clint", "riscv,clint0\0", write_aclint},
    {"rtc", "rtc", NULL, NULL},
    {"syscon", "test", "sifive,test0\0syscon\0", write_syscon},
    {"virtio-mmio", "virtio_mmio", NULL, NULL},
};

static const struct node_writer *find_writer(const char *type)
{
    for (size_t i = 0; i < sizeof node_writers / sizeof node_writers[0]; i++)
        if (strcmp(node_writers[i].type, type) == 0)
            return &node_writers[i];
    return NULL;
}

static const struct slot *find_slot(const struct board *board, const char *type)
{
    for (unsigned i = 0; i < board->slot_count; i++)
        if (strcmp(board->slots[i].type->name, type) == 0)
            return &board->slots[i];
    return NULL;
}

static void put_compatible(struct pen *pen, const char *own, const char *also)
{
    char words[4 * NAME_SIZE];
    size_t size = (size_t)snprintf(words, sizeof words, "%s", own) + 1;

    for (; also && *also && size < sizeof words; also += strlen(also) + 1)
        size += (size_t)snprintf(words + size, sizeof words - size, "%s", also) + 1;
    put_bytes(pen, "compatible", words, size < sizeof words ? size : sizeof words);
}

static void write_slot(struct pen *pen, const struct slot *slot)
{
    const struct node_writer *writer = find_writer(slot->type->name);

    begin_at(pen, writer ? writer->node : slot->type->name, slot->base);
    put_compatible(pen, slot->type->compatible, writer ? writer->also_compatible : NULL);
    put_reg(pen, slot->base, slot->size);
    if (slot->irq) {
        put_u32(pen, "interrupt-parent", PHANDLE_PLIC);
        put_u32(pen, "interrupts", slot->irq);
    }
    if (writer && writer->write)
        writer->write(pen);
    end(pen);
}

static void write_soc(struct pen *pen)
{
    const struct board *board = pen->machine->config.board;

    begin(pen, "soc");
    put_u32(pen, "#address-cells", 2);
    put_u32(pen, "#size-cells", 2);
    put_text(pen, "compatible", "simple-bus");
    put_empty(pen, "ranges");
    for (unsigned i = 0; i < board->slot_count; i++)
        if (!board->slots[i].extra || pen->machine->devices[i].function)
            write_slot(pen, &board->slots[i]);
    end(pen);
}

/* A way for the operating system to switch the machine off or restart it without firmware. */
static void write_switch(struct pen *pen, const char *name, const char *compatible, u32 value)
{
    begin(pen, name);
    put_text(pen, "compatible", compatible);
    put_u32(pen, "regmap", PHANDLE_SYSCON);
    put_u32(pen, "offset", 0);
    put_u32(pen, "value", value);
    end(pen);
}

static void put_isa(struct pen *pen)
{
    const struct isa *isa = &pen->machine->config.isa;
    unsigned promise_count;
    const struct promise *promises = promises_all(&promise_count);
    char text[ISA_SIZE];
    size_t size = 0;

    put_text(pen, "riscv,isa", isa_string(isa, text, sizeof text));
    put_text(pen, "riscv,isa-base", isa->xlen == 64 ? "rv64i" : "rv32i");
    for (enum extension i = 0; i < EXT_COUNT; i++)
        if (isa_has(isa, i) && size < sizeof text)
            size += (size_t)snprintf(text + size, sizeof text - size, "%s", extension_name(i)) + 1;
    for (unsigned i = 0; i < promise_count && size < sizeof text; i++)
        if (promises[i].is_listed && promise_holds(&promises[i], isa))
            size += (size_t)snprintf(text + size, sizeof text - size, "%s", promises[i].name) + 1;
    put_bytes(pen, "riscv,isa-extensions", text, size < sizeof text ? size : sizeof text);
    if (isa_has(isa, EXT_ZICBOM))
        put_u32(pen, "riscv,cbom-block-size", CACHE_BLOCK);
    if (isa_has(isa, EXT_ZICBOZ))
        put_u32(pen, "riscv,cboz-block-size", CACHE_BLOCK);
    if (isa_has(isa, EXT_ZICBOP))
        put_u32(pen, "riscv,cbop-block-size", CACHE_BLOCK);
    put_text(pen, "mmu-type", isa->xlen == 64 ? "riscv,sv57" : "riscv,sv32");
}

static void write_cpu(struct pen *pen, unsigned hart)
{
    begin_at(pen, "cpu", hart);
    put_u32(pen, "phandle", PHANDLE_CPU + 2 * hart);
    put_text(pen, "device_type", "cpu");
    put_u32(pen, "reg", hart);
    put_text(pen, "status", "okay");
    put_text(pen, "compatible", "riscv");
    put_isa(pen);
    begin(pen, "interrupt-controller");
    put_u32(pen, "#interrupt-cells", 1);
    put_empty(pen, "interrupt-controller");
    put_text(pen, "compatible", "riscv,cpu-intc");
    put_u32(pen, "phandle", PHANDLE_CPU_INT + 2 * hart);
    end(pen);
    end(pen);
}

static void write_cpus(struct pen *pen)
{
    char name[NAME_SIZE];

    begin(pen, "cpus");
    put_u32(pen, "#address-cells", 1);
    put_u32(pen, "#size-cells", 0);
    put_u32(pen, "timebase-frequency", CLOCK_HZ);
    for (unsigned hart = 0; hart < pen->machine->config.harts; hart++)
        write_cpu(pen, hart);
    begin(pen, "cpu-map");
    begin(pen, "cluster0");
    for (unsigned hart = 0; hart < pen->machine->config.harts; hart++) {
        snprintf(name, sizeof name, "core%u", hart);
        begin(pen, name);
        put_u32(pen, "cpu", PHANDLE_CPU + 2 * hart);
        end(pen);
    }
    end(pen);
    end(pen);
    end(pen);
}

/* Entropy for the kernel's first moments: from the configuration's seed by SplitMix64, so that a
 * run can be repeated. */
/* For OpenSBI: the SBI's hardware events 1 (cycles) and 2 (instructions), which are also our
 * numbers of them, and which counters can count them; and the rest by number. */
static void write_counters(struct pen *pen)
{
    enum { CYCLES = 1, RETIRED = 2, PROGRAMMABLE = -8 };
    static const u32 selectors[] = {CYCLES, 0, COUNT_CYCLES, RETIRED, 0, COUNT_RETIRED};
    static const u32 counters[] = {CYCLES,  CYCLES,  (u32)PROGRAMMABLE | 1 << 0,
                                   RETIRED, RETIRED, (u32)PROGRAMMABLE | 1 << 2};
    static const u32 raw[] = {0, 0, UINT32_MAX, (u32)-8, (u32)PROGRAMMABLE}; /* events below 8 */

    begin(pen, "pmu");
    put_text(pen, "compatible", "riscv,pmu");
    put_cells(pen, "riscv,event-to-mhpmevent", selectors, 6);
    put_cells(pen, "riscv,event-to-mhpmcounters", counters, 6);
    put_cells(pen, "riscv,raw-event-to-mhpmcounters", raw, 5);
    end(pen);
}

static void put_seed(struct pen *pen)
{
    u64 state = pen->machine->config.seed;
    fdt64_t words[4];

    for (unsigned i = 0; i < 4; i++) {
        u64 mixed = state += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
        words[i] = cpu_to_fdt64(mixed ^ mixed >> 31);
    }
    put_bytes(pen, "rng-seed", words, sizeof words);
}

static void write_chosen(struct pen *pen)
{
    const struct slot *uart = find_slot(pen->machine->config.board, "uart");
    char path[NAME_SIZE];

    begin(pen, "chosen");
    if (uart) {
        snprintf(path, sizeof path, "/soc/serial@%" PRIx64, uart->base);
        put_text(pen, "stdout-path", path);
    }
    put_seed(pen);
    end(pen);
    begin(pen, "aliases");
    if (uart)
        put_text(pen, "serial0", path);
    end(pen);
}

static void write_root(struct pen *pen)
{
    const struct machine *machine = pen->machine;

    begin(pen, "");
    put_u32(pen, "#address-cells", 2);
    put_u32(pen, "#size-cells", 2);
    put_text(pen, "compatible", "riscv-virtio");
    put_text(pen, "model", "vitrine,virt");
    write_chosen(pen);
    begin_at(pen, "memory", machine->ram.base);
    put_text(pen, "device_type", "memory");
    put_reg(pen, machine->ram.base, machine->ram.size);
    end(pen);
    write_cpus(pen);
    if (isa_has(&machine->config.isa, EXT_ZIHPM))
        write_counters(pen);
    if (find_slot(machine->config.board, "syscon")) {
        write_switch(pen, "poweroff", "syscon-poweroff", SYSCON_OFF);
        write_switch(pen, "reboot", "syscon-reboot", SYSCON_RESET);
    }
    write_soc(pen);
    end(pen);
}

void *devicetree_build(const struct machine *machine, size_t *size, char *message,
                       size_t message_size)
{
    size_t room = HEAD_SIZE + machine->config.harts * HART_SIZE;
    struct pen pen = {.machine = machine, .tree = malloc(room)};

    if (!pen.tree) {
        refuse(message, message_size, "There is no memory left for the device tree.");
        return NULL;
    }
    note(&pen, fdt_create(pen.tree, (int)room));
    note(&pen, fdt_finish_reservemap(pen.tree));
    write_root(&pen);
    note(&pen, fdt_finish(pen.tree));
    if (!pen.error)
        note(&pen, devicetree_add_screen(pen.tree, room, machine));
    if (pen.error) {
        refuse(message, message_size, "The device tree cannot be written: %s.",
               fdt_strerror(pen.error));
        free(pen.tree);
        return NULL;
    }
    *size = fdt_totalsize(pen.tree);
    return pen.tree;
}
