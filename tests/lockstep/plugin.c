/* Loaded by QEMU 10 (-plugin FILE,fd=N,rom=BASE:SIZE,ram=BASE:SIZE): tells what every instruction
 * has changed, in the words of stream.h.
 *
 * Read are the integer registers that the instruction before can have named; the floating-point
 * ones after a floating-point instruction; and everything around an instruction of opcode SYSTEM,
 * where the pc is not where the one before leads (so a trap may have been taken), and besides
 * before every thousandth: a change that nothing announced is seen then. One hart; the pipe's other
 * end closing ends QEMU. */
#include "tests/lockstep/qemu_api.h"
#include "tests/lockstep/stream.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVERYTHING_EACH 1024u /* instructions */
#define BUFFER_ITEMS    4096u

/* What is known of an instruction when QEMU translates it, packed into the pointer that QEMU
 * hands back: [63:56] traits, [55:32] its distance from the start of its block, [31:0] its bits. */
enum trait { TRAIT_SYSTEM = 1, TRAIT_FLOAT = 2, TRAIT_BRANCH = 4, TRAIT_SHORT = 8 };
#define PACK(traits, distance, bits)                                                               \
    ((uint64_t)(traits) << 56 | (uint64_t)(distance) << 32 | (bits))
#define TRAITS(packed)   ((unsigned)((packed) >> 56))
#define DISTANCE(packed) ((packed) >> 32 & 0xffffff)
#define BITS(packed)     ((uint32_t)(packed))

/* A register of QEMU's, and what was told of it last. */
struct watched {
    struct qemu_plugin_register *handle; /* NULL: QEMU has none of that name */
    uint64_t told;
};

struct watcher {
    int fd;
    uint64_t rom, rom_size, ram, ram_size;
    struct watched pc, privilege, x[32], f[32], csrs[STREAM_CSR_COUNT];
    struct bytes *scratch;
    uint64_t block;  /* pc of the first instruction of this block */
    uint64_t count;  /* instructions begun */
    uint64_t next;   /* where the last one leads if it neither jumps nor traps */
    unsigned traits; /* of the last one */
    uint32_t bits;   /* the last one */
    unsigned used;
    struct item buffer[BUFFER_ITEMS];
};

/* QEMU gives no context to those who hear of a processor or of a translation. */
static struct watcher watcher;

const int qemu_plugin_version = 4;

static void write_all(const void *from, size_t size)
{
    const char *at = from;

    while (size) {
        ssize_t done = write(watcher.fd, at, size);
        if (done <= 0)
            _exit(0); /* the tool has seen enough */
        at += done;
        size -= (size_t)done;
    }
}

static void flush(void)
{
    write_all(watcher.buffer, watcher.used * sizeof watcher.buffer[0]);
    watcher.used = 0;
}

static void tell(enum item_kind kind, unsigned number, uint32_t word, uint64_t value)
{
    watcher.buffer[watcher.used++] = (struct item){(uint16_t)kind, (uint16_t)number, word, value};
    if (watcher.used == BUFFER_ITEMS)
        flush();
}

static bool read_register(const struct watched *one, uint64_t *value)
{
    watcher.scratch->len = 0;
    *value = 0;
    if (!one->handle || qemu_plugin_read_register(one->handle, watcher.scratch) <= 0)
        return false;
    memcpy(value, watcher.scratch->data, watcher.scratch->len < 8 ? watcher.scratch->len : 8);
    return true;
}

/* Returns whether it had changed. */
static bool tell_register(struct watched *one, enum item_kind kind, unsigned number)
{
    uint64_t value;

    if (!read_register(one, &value) || value == one->told)
        return false;
    one->told = value;
    tell(kind, number, 0, value);
    return true;
}

static bool tell_mode(void)
{
    bool moved = tell_register(&watcher.privilege, ITEM_PRIVILEGE, 0);

    return tell_register(&watcher.csrs[STREAM_mstatus], ITEM_CSR, STREAM_mstatus) || moved;
}

static void tell_integer(unsigned number)
{
    if (number)
        tell_register(&watcher.x[number], ITEM_X, number);
}

/* All of them, or those that the last instruction can have written: a wide one has rd in one place;
 * a short one in one of three, or means ra or sp. */
static void tell_integers(bool everything)
{
    uint32_t bits = watcher.bits;

    for (unsigned i = 1; everything && i < 32; i++)
        tell_integer(i);
    if (everything)
        return;
    tell_integer(bits >> 7 & 31);
    if ((bits & 0xf800007f) == 0x2800002f) /* amocas: one as wide as two registers has a pair */
        tell_integer((bits >> 7 & 31) | 1);
    if (watcher.traits & TRAIT_SHORT) {
        tell_integer(8 + (bits >> 7 & 7));
        tell_integer(8 + (bits >> 2 & 7));
        tell_integer(1);
        tell_integer(2);
    }
}

static void tell_float(void)
{
    tell_register(&watcher.csrs[STREAM_mstatus], ITEM_CSR, STREAM_mstatus);
    tell_register(&watcher.csrs[STREAM_fflags], ITEM_CSR, STREAM_fflags);
    tell_register(&watcher.csrs[STREAM_frm], ITEM_CSR, STREAM_frm);
    for (unsigned i = 0; i < 32; i++)
        tell_register(&watcher.f[i], ITEM_F, i);
}

static void tell_pages(uint64_t base, uint64_t size)
{
    static const uint8_t zero[STREAM_PAGE];

    for (uint64_t at = base; at < base + size; at += STREAM_PAGE) {
        watcher.scratch->len = 0;
        if (!qemu_plugin_read_memory_vaddr(at, watcher.scratch, STREAM_PAGE) ||
            !memcmp(watcher.scratch->data, zero, STREAM_PAGE))
            continue;
        tell(ITEM_PAGE, 0, 0, at);
        flush();
        write_all(watcher.scratch->data, STREAM_PAGE);
    }
}

/* May a trap have been taken between the last instruction and the one at pc? One that was leaves a
 * trace in mstatus or the privilege, so after a branch those two tell. */
static bool may_have_trapped(uint64_t pc)
{
    if (pc == watcher.next)
        return false;
    return !(watcher.traits & TRAIT_BRANCH) || tell_mode();
}

static void before_instruction(unsigned vcpu, void *context)
{
    uint64_t packed = (uint64_t)(uintptr_t)context, pc = watcher.block + DISTANCE(packed);
    bool everything = watcher.count++ % EVERYTHING_EACH == 0;
    unsigned read = 0;

    (void)vcpu;
    if (watcher.count == 1) {
        tell_pages(watcher.rom, watcher.rom_size);
        tell_pages(watcher.ram, watcher.ram_size);
    }
    if ((watcher.traits | TRAITS(packed)) & TRAIT_SYSTEM || may_have_trapped(pc))
        everything = true;
    if (everything || watcher.traits & TRAIT_FLOAT) {
        tell_float();
        read |= READ_FLOAT;
    }
    tell_integers(everything);
    if (everything) {
        tell_register(&watcher.privilege, ITEM_PRIVILEGE, 0);
        for (unsigned i = 0; i < STREAM_CSR_COUNT; i++)
            tell_register(&watcher.csrs[i], ITEM_CSR, i);
        read |= READ_CSRS;
    }
    tell(ITEM_PC, read, BITS(packed), pc);
    watcher.bits = BITS(packed);
    watcher.traits = TRAITS(packed);
    watcher.next = pc + (watcher.traits & TRAIT_SHORT ? 2 : 4);
}

static void before_block(unsigned vcpu, void *context)
{
    (void)vcpu;
    (void)context;
    /* Not what the translator says: QEMU shares a block among all virtual pages that show it. */
    read_register(&watcher.pc, &watcher.block);
}

static void on_store(unsigned vcpu, uint32_t info, uint64_t va, void *context)
{
    struct memory_value value = qemu_plugin_mem_get_value(info);
    unsigned size = 1u << value.kind;
    uint64_t stored = 0;

    (void)vcpu;
    (void)context;
    if (size > 8)
        return;
    memcpy(&stored, &value.data, size);
    tell(ITEM_STORE, size, 0, va);
    tell(ITEM_STORED, 0, 0, stored);
}

static unsigned traits_short(uint32_t bits)
{
    switch (bits >> 13 << 2 | (bits & 3)) { /* funct3 and quadrant */
    case 1 << 2 | 0:                        /* c.fld */
    case 3 << 2 | 0:                        /* c.flw on RV32 */
    case 1 << 2 | 2:                        /* c.fldsp */
    case 3 << 2 | 2:                        /* c.flwsp on RV32 */
        return TRAIT_FLOAT | TRAIT_SHORT;
    case 1 << 2 | 1: /* c.jal on RV32 */
    case 5 << 2 | 1: /* c.j */
    case 6 << 2 | 1: /* c.beqz */
    case 7 << 2 | 1: /* c.bnez */
    case 4 << 2 | 2: /* c.jr, c.jalr, and others */
        return TRAIT_BRANCH | TRAIT_SHORT;
    }
    return TRAIT_SHORT;
}

static unsigned traits_of(uint32_t bits)
{
    if ((bits & 3) != 3)
        return traits_short(bits & 0xffff);
    switch (bits & 0x7f) {
    case 0x73:
        return TRAIT_SYSTEM;
    case 0x07:
    case 0x43:
    case 0x47:
    case 0x4b:
    case 0x4f:
    case 0x53:
        return TRAIT_FLOAT;
    case 0x63:
    case 0x67:
    case 0x6f:
        return TRAIT_BRANCH;
    }
    return 0;
}

static void on_block_translation(uint64_t id, struct qemu_plugin_tb *tb)
{
    size_t count = qemu_plugin_tb_n_insns(tb);

    (void)id;
    qemu_plugin_register_vcpu_tb_exec_cb(tb, before_block, CALLBACK_READS_REGISTERS, NULL);
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        uint64_t distance = qemu_plugin_insn_vaddr(insn) - qemu_plugin_tb_vaddr(tb);
        uint32_t bits = 0;
        uint64_t packed;

        qemu_plugin_insn_data(insn, &bits, qemu_plugin_insn_size(insn) < 4 ? 2 : 4);
        packed = PACK(traits_of(bits), distance & 0xffffff, bits);
        qemu_plugin_register_vcpu_insn_exec_cb(insn, before_instruction, CALLBACK_READS_REGISTERS,
                                               (void *)(uintptr_t)packed);
        qemu_plugin_register_vcpu_mem_cb(insn, on_store, CALLBACK_NO_REGISTERS, CALLBACK_WRITES,
                                         NULL);
    }
}

/* QEMU calls the integer registers both x10 and a0, in one name or the other. */
static const char *const integer_names[32] = {"zero", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                              "fp",   "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                              "a6",   "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                              "s8",   "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
static const char *const float_names[32] = {
    "ft0", "ft1", "ft2", "ft3", "ft4",  "ft5",  "ft6", "ft7", "fs0",  "fs1", "fa0",
    "fa1", "fa2", "fa3", "fa4", "fa5",  "fa6",  "fa7", "fs2", "fs3",  "fs4", "fs5",
    "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11"};
static const char *const csr_names[] = {
#define CSR(name) #name,
    STREAM_CSRS(CSR)
#undef CSR
};

static void watch(const struct register_info *info, struct watched *table, const char *const *names,
                  unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (!strcmp(info->name, names[i]))
            table[i].handle = info->handle;
}

static void on_processor(uint64_t id, unsigned vcpu)
{
    struct array *all = qemu_plugin_get_registers();
    const struct register_info *infos = (const void *)all->data;
    static const char *const pc = "pc", *const privilege = "priv";

    (void)id;
    (void)vcpu;
    for (unsigned i = 0; i < all->len; i++) {
        watch(&infos[i], &watcher.pc, &pc, 1);
        watch(&infos[i], &watcher.privilege, &privilege, 1);
        watch(&infos[i], watcher.x, integer_names, 32);
        watch(&infos[i], watcher.f, float_names, 32);
        watch(&infos[i], watcher.csrs, csr_names, STREAM_CSR_COUNT);
    }
}

static void on_qemu_exit(uint64_t id, void *context)
{
    (void)id;
    (void)context;
    flush();
}

static void read_span(const char *text, uint64_t *base, uint64_t *size)
{
    char *end;

    *base = strtoull(text, &end, 0);
    *size = *end == ':' ? strtoull(end + 1, NULL, 0) : 0;
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
    (void)info;
    watcher.scratch = g_byte_array_new();
    for (int i = 0; i < argc; i++) {
        if (!strncmp(argv[i], "fd=", 3))
            watcher.fd = atoi(argv[i] + 3);
        else if (!strncmp(argv[i], "rom=", 4))
            read_span(argv[i] + 4, &watcher.rom, &watcher.rom_size);
        else if (!strncmp(argv[i], "ram=", 4))
            read_span(argv[i] + 4, &watcher.ram, &watcher.ram_size);
        else
            return 1;
    }
    qemu_plugin_register_vcpu_init_cb(id, on_processor);
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_block_translation);
    qemu_plugin_register_atexit_cb(id, on_qemu_exit, NULL);
    return 0;
}
