/* Placing a fuzzer's program (see program.h), and making new ones: besides libFuzzer's own
 * mutations, a random row of the instruction tables with random operands. */
#include "tests/fuzz/program.h"

#include "cpu/csr.h"
#include "memory/paging.h"

#include "tests/cpu/assemble.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

#define HEADER 3 /* bytes in front of the program, see machine.c */

enum { HANDLER = 0x0000, CODE = 0x1000, DATA = 0x8000, ROOT64 = 0x20000, ROOT32 = 0x21000 };
enum { MSCRATCH = 0x340, MEPC = 0x341, MCAUSE = 0x342, MIE = 0x304, MTVEC = 0x305 };

#define LEAF (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

static void put(struct machine *machine, u64 offset, const void *bytes, size_t size)
{
    memcpy(ram_host(&machine->ram, machine->ram.base + offset), bytes, size);
}

/* A fetch that faults begins the program anew; an interrupt disables all of them; of everything
 * else the next word follows. */
static void put_handler(struct machine *machine)
{
    const u32 words[] = {
        insn_csrrw(T0, MSCRATCH, T0),
        insn_csrrs(T0, MCAUSE, ZERO),
        insn_blt(T0, ZERO, 10 * 4), /* to 12 */
        insn_addi(T0, T0, -CAUSE_FETCH_ACCESS),
        insn_beq(T0, ZERO, 10 * 4), /* to 14 */
        insn_addi(T0, T0, CAUSE_FETCH_ACCESS - CAUSE_FETCH_PAGE),
        insn_beq(T0, ZERO, 8 * 4), /* to 14 */
        insn_csrrs(T0, MEPC, ZERO),
        insn_addi(T0, T0, 4),
        insn_csrrw(ZERO, MEPC, T0),
        insn_csrrw(T0, MSCRATCH, T0),
        insn_mret(),
        insn_csrrw(ZERO, MIE, ZERO), /* 12: an interrupt */
        insn_beq(ZERO, ZERO, -3 * 4),
        insn_auipc(T0, CODE), /* 14: the beginning */
        insn_addi(T0, T0, -14 * 4),
        insn_beq(ZERO, ZERO, -7 * 4),
    };

    put(machine, HANDLER, words, sizeof words);
}

/* RAM at its own address, once more for U, a table that is its own child, and devices. */
static void put_tables(struct machine *machine)
{
    u64 ram = machine->ram.base >> 2, root = (machine->ram.base + ROOT64) >> 2;
    const u64 root64[4] = {LEAF, root | PTE_V, ram | LEAF, ram | LEAF | PTE_U};
    const u32 ram32 = (u32)(ram | LEAF), user32 = ram32 | PTE_U, devices32 = LEAF | 0x10000000 >> 2;

    put(machine, ROOT64, root64, sizeof root64);
    put(machine, ROOT32 + 4 * 0x200, &ram32, 4);
    put(machine, ROOT32 + 4 * 0x300, &user32, 4);
    put(machine, ROOT32 + 4 * 0x040, &devices32, 4);
}

static void set_registers(struct machine *machine, struct hart *hart)
{
    u64 ram = machine->ram.base, is_32 = hart->xlen == 32;
    u64 satp = is_32 ? (u64)1 << 31 | (ram + ROOT32) >> 12 : (u64)8 << 60 | (ram + ROOT64) >> 12;
    const u64 values[32] = {0,
                            ram + CODE,
                            ram + DATA,
                            satp,
                            0x10000000,
                            ram + PROGRAM_RAM - 4,
                            ram,
                            0x1000,
                            ram + DATA,
                            ram + CODE,
                            hart->id,
                            0x10001000,
                            0xc000000,
                            0x2004000,
                            UINT64_MAX,
                            INT64_MIN,
                            0x1800,
                            0x0800,
                            0x6000,
                            0xaaa,
                            0xc0001000,
                            ram + ROOT64,
                            0x100000,
                            0x101000,
                            0x5555,
                            3,
                            0x222,
                            0x20000,
                            0x3ff8000000000000,
                            0x7ff0000000000000,
                            ram + 0xffe,
                            1};

    for (unsigned i = 0; i < 32; i++)
        hart->x[i] = is_32 ? (u64)(i64)(i32)values[i] : values[i];
    for (unsigned i = 0; i < 32; i++)
        hart->f[i] = values[(i * 7) % 32] * 0x0101010101010101;
    csr_poke(hart, MTVEC, ram + HANDLER);
    csr_poke(hart, 0x3b0, UINT64_MAX); /* PMP: everything, for every mode */
    csr_poke(hart, 0x3a0, 0x1f);
    hart->mstatus |= MSTATUS_FS;
    hart->pc = ram + CODE;
    hart_mode_changed(hart);
}

void program_place(struct machine *machine, const u8 *bytes, size_t size)
{
    put_handler(machine);
    put_tables(machine);
    if (size)
        put(machine, CODE, bytes, size < PROGRAM_MOST ? size : PROGRAM_MOST);
    for (unsigned i = 0; i < machine->config.harts; i++)
        set_registers(machine, machine->harts[i]);
}

static u32 random_word(unsigned *random)
{
    return mutate_random(random) << 16 ^ mutate_random(random);
}

/* Replaces, or inserts, an instruction. Half of them need no more than three bits of each register:
 * so they meet more often. */
static size_t plant(u8 *bytes, size_t size, size_t most, unsigned *random)
{
    unsigned count;
    const struct row_info *rows = isa_rows(&count), *row = &rows[random_word(random) % count];
    u32 mask, match, noise = random_word(random), word;
    size_t at = HEADER + random_word(random) % (size - HEADER + 1) / 2 * 2, length = row->length;

    row_bits(row, &mask, &match);
    if (random_word(random) & 1)
        noise &= 0xfe7383ff;
    word = match | (noise & ~mask);
    if (at + length > size && at + length > most)
        return size;
    if (random_word(random) & 1 && size + length <= most) {
        memmove(bytes + at + length, bytes + at, size - at);
        size += length;
    }
    memcpy(bytes + at, &word, length);
    return at + length > size ? at + length : size;
}

/* libFuzzer calls this one instead of its own, when there is one. */
size_t LLVMFuzzerCustomMutator(u8 *bytes, size_t size, size_t most, unsigned seed)
{
    unsigned random = seed;

    if (size < HEADER || random_word(&random) % 3 == 0)
        return LLVMFuzzerMutate(bytes, size, most);
    for (unsigned i = random_word(&random) % 4; i < 4; i++)
        size = plant(bytes, size, most, &random);
    return size;
}
