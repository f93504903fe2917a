/* The boot ROM (see firmware.h). All of it, as the harts see it:
 *
 *     0x00  auipc t0, 0               t0 = the ROM's own address
 *     0x04  csrrs a0, mhartid, x0
 *     0x08  addi  a2, t0, 0x28
 *     0x0c  ld    a1, 0x20(t0)        lw on RV32, which takes the low half
 *     0x10  ld    t0, 0x18(t0)
 *     0x14  jalr  x0, 0(t0)
 *     0x18  entry                     8 bytes each
 *     0x20  device tree
 *     0x28  the note: magic, version, next_addr, next_mode, options, boot_hart; a register wide */
#include "loader/firmware.h"

#include <assert.h>

#define ENTRY 0x18
#define TREE  0x20
#define NOTE  0x28

/* Registers, by the manual's calling convention. */
enum { X0 = 0, T0 = 5, A0 = 10, A1 = 11, A2 = 12 };

#define MHARTID 0xf14

#define NOTE_MAGIC     0x4942534f /* "OSBI" */
#define NOTE_VERSION   2          /* the first with boot_hart */
#define NEXT_MODE_S    1
#define NOTE_NO_OPTION 0
#define BOOT_HART      0 /* the same hart in every run; the others wait for SBI's hart_start */

static void store(u8 *to, u64 value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        to[i] = (u8)(value >> 8 * i);
}

/* The manual's I-type:  imm[11:0] | rs1 | funct3 | rd | opcode */
static u32 encode(u32 imm, u32 rs1, u32 funct3, u32 rd, u32 opcode)
{
    return imm << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}

static u32 encode_auipc(u32 rd)
{
    return rd << 7 | 0x17;
}

static u32 encode_csrrs(u32 rd, u32 csr)
{
    return encode(csr, X0, 2, rd, 0x73);
}

static u32 encode_addi(u32 rd, u32 rs1, u32 imm)
{
    return encode(imm, rs1, 0, rd, 0x13);
}

static u32 encode_load(u32 rd, u32 rs1, u32 imm, unsigned xlen)
{
    return encode(imm, rs1, xlen == 64 ? 3 : 2, rd, 0x03);
}

static u32 encode_jump(u32 rs1)
{
    return encode(0, rs1, 0, X0, 0x67);
}

void firmware_write_rom(struct machine *machine, const struct handover *handover)
{
    unsigned xlen = machine->config.isa.xlen, width = xlen / 8;
    const u32 code[] = {
        encode_auipc(T0),
        encode_csrrs(A0, MHARTID),
        encode_addi(A2, T0, NOTE),
        encode_load(A1, T0, TREE, xlen),
        encode_load(T0, T0, ENTRY, xlen),
        encode_jump(T0),
    };
    const u64 note[] = {NOTE_MAGIC,  NOTE_VERSION,   handover->next,
                        NEXT_MODE_S, NOTE_NO_OPTION, BOOT_HART};

    _Static_assert(sizeof code == ENTRY && NOTE + sizeof note == FIRMWARE_ROM_SIZE,
                   "the ROM's map");
    assert(machine->config.board->rom_size >= FIRMWARE_ROM_SIZE);
    for (unsigned i = 0; i < sizeof code / sizeof code[0]; i++)
        store(machine->rom + 4 * i, code[i], 4);
    store(machine->rom + ENTRY, handover->entry, 8);
    store(machine->rom + TREE, handover->tree, 8);
    for (unsigned i = 0; i < sizeof note / sizeof note[0]; i++)
        store(machine->rom + NOTE + i * width, note[i], width);
}
