/* Compares our disassembler with another one, word by word:
 *
 *   isa_judge binutils|llvm all|some ISA WORDS LISTING
 *
 * WORDS is what isa_words wrote, LISTING what the other disassembler made of it, without raw bytes
 * and with numeric register names: "  1c:\tc.bnez\tx13,7a <.text+0x7a>". Both must agree on whether
 * a word is an instruction, and on the text. Where they may differ is said, with the reason, in
 * tests/isa/differences.h; with "all", every entry there must have been needed. */
#include "cpu/disasm.h"
#include "tests/isa/differences.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 256, SHOWN_FAILURES = 40 };

struct judge {
    const char *name;
    bool is_all; /* every difference must be needed */
    struct decoder decoder;
    unsigned long needed[DIFFERENCE_COUNT]; /* how often each was */
    unsigned long words, failures;
};

static bool begins_with(const char *text, const char *start)
{
    return !strncmp(text, start, strlen(start));
}

static bool is_illegal(const char *text)
{
    static const char *const starts[] = {".2byte", ".4byte", "<unknown>", "unimp", "c.unimp"};

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (begins_with(text, starts[i]))
            return true;
    return false;
}

/* "bne\tx1, x2, 7a <.text+0x7a>" becomes "bne\tx1, x2, 0x7a": where binutils names a place, it
 * omits the 0x. */
static void cut_symbol(char *text)
{
    char *symbol = strstr(text, " <"), copy[LINE_SIZE + 2];
    size_t start;

    if (!symbol)
        return;
    *symbol = '\0';
    start = (size_t)(symbol - text);
    while (start && isxdigit((unsigned char)text[start - 1]))
        start--;
    if (!start || !text[start] || text[start - 1] == 'x')
        return;
    snprintf(copy, sizeof copy, "%.*s0x%s", (int)start, text, text + start);
    strcpy(text, copy);
}

/* Without comments, and with single blanks: none after a comma, none at the ends. */
static void squeeze(char *text)
{
    char *to = text;

    text[strcspn(text, "#\n")] = '\0';
    for (const char *from = text; *from; from++) {
        if (!isspace((unsigned char)*from))
            *to++ = *from;
        else if (to > text && to[-1] != ' ' && to[-1] != ',')
            *to++ = ' ';
    }
    if (to > text && to[-1] == ' ')
        to--;
    *to = '\0';
}

/* LLVM chooses other bases than we do, and names the dynamic rounding mode. */
static void drop_notation(char *text)
{
    char result[LINE_SIZE];
    size_t used = 0;

    for (char *at = text; *at && used < LINE_SIZE - 24;) {
        bool begins = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '.');
        if (begins && isdigit((unsigned char)*at))
            used += (size_t)sprintf(result + used, "%llu", strtoull(at, &at, 0));
        else
            result[used++] = *at++;
    }
    if (used > 4 && !strncmp(result + used - 4, ",dyn", 4))
        used -= 4;
    result[used] = '\0';
    strcpy(text, result);
}

/* "csrrw x1,vstart,x2" and "csrrw x1,0x8,x2": one text but for the second operand, which one of
 * them gives as a number. */
static bool is_other_csr(const char *ours, const char *theirs)
{
    size_t start = strcspn(ours, ",") + 1;
    const char *our_csr = ours + start, *their_csr = theirs + start;

    if (!begins_with(ours, "csrr") || strlen(theirs) <= start || strncmp(ours, theirs, start) ||
        strcmp(strchr(our_csr, ','), our_csr == ours ? "" : their_csr + strcspn(their_csr, ",")))
        return false;
    return !isdigit((unsigned char)*our_csr) != !isdigit((unsigned char)*their_csr);
}

static bool is_excused(struct judge *judge, const struct insn *insn, const char *ours,
                       const char *theirs)
{
    enum disagreement kind = insn->row == ROW_illegal     ? ONLY_THEIRS
                             : is_illegal(theirs)         ? ONLY_OURS
                             : is_other_csr(ours, theirs) ? OTHER_CSR
                                                          : OTHER_TEXT;

    for (size_t i = 0; i < DIFFERENCE_COUNT; i++) {
        const struct difference *entry = &differences[i];
        if (entry->kind != kind || strcmp(entry->judge, judge->name) ||
            (entry->xlen && entry->xlen != judge->decoder.isa.xlen) ||
            !begins_with(kind == ONLY_THEIRS ? theirs : ours, entry->mnemonic) ||
            (insn->bits & entry->mask) != entry->match)
            continue;
        judge->needed[i]++;
        return true;
    }
    return false;
}

static void compare(struct judge *judge, vaddr pc, u32 bits, char *theirs)
{
    char ours[LINE_SIZE];
    struct insn insn = decode(&judge->decoder, bits);

    disasm(&judge->decoder, &insn, pc, DISASM_NUMERIC, ours, DISASM_SIZE);
    squeeze(ours);
    cut_symbol(theirs);
    squeeze(theirs);
    if (!strcmp(judge->name, "llvm")) {
        drop_notation(ours);
        drop_notation(theirs);
    }
    judge->words++;
    if (insn.row == ROW_illegal ? is_illegal(theirs) : !strcmp(ours, theirs))
        return;
    if (is_excused(judge, &insn, ours, theirs))
        return;
    if (judge->failures++ < SHOWN_FAILURES)
        printf("%0*" PRIx32 " at %" PRIx64 ": %s here, %s in %s\n", insn.length * 2, insn.bits, pc,
               ours, theirs, judge->name);
}

/* The next word of the file and its length; 0 at the end. */
static unsigned read_word(FILE *words, u32 *bits)
{
    u8 bytes[4] = {0};
    unsigned length = 2;

    if (fread(bytes, 2, 1, words) != 1)
        return 0;
    if (is_wide(bytes[0])) {
        length = 4;
        if (fread(bytes + 2, 2, 1, words) != 1)
            return 0;
    }
    *bits = bytes[0] | (u32)bytes[1] << 8 | (u32)bytes[2] << 16 | (u32)bytes[3] << 24;
    return length;
}

/* The text of the next line of the form ADDRESS: TEXT; NULL at the end. */
static char *read_line(FILE *listing, char *line, vaddr *pc)
{
    while (fgets(line, LINE_SIZE, listing)) {
        char *colon = line;
        *pc = strtoull(line, &colon, 16);
        if (colon > line && *colon == ':')
            return colon + 1;
    }
    return NULL;
}

static bool compare_all(struct judge *judge, FILE *words, FILE *listing)
{
    char line[LINE_SIZE + 2]; /* a target may grow by "0x" */
    vaddr pc = 0, listed;
    unsigned length;
    u32 bits;

    for (; (length = read_word(words, &bits)) != 0; pc += length) {
        char *theirs = read_line(listing, line, &listed);
        if (!theirs || listed != pc) {
            printf("the listing has no line for the word at %" PRIx64 "\n", pc);
            return false;
        }
        compare(judge, pc, bits, theirs);
    }
    return true;
}

static bool report(const struct judge *judge)
{
    unsigned xlen = judge->decoder.isa.xlen;
    bool is_good = judge->words && !judge->failures;

    printf("%lu words compared with %s, %lu of them differ\n", judge->words, judge->name,
           judge->failures);
    for (size_t i = 0; i < DIFFERENCE_COUNT; i++) {
        const struct difference *entry = &differences[i];
        if (strcmp(entry->judge, judge->name) || (entry->xlen && entry->xlen != xlen))
            continue;
        printf("%8lu excused: '%s' %08" PRIx32 "/%08" PRIx32 ": %s\n", judge->needed[i],
               entry->mnemonic, entry->match, entry->mask, entry->reason);
        if (!judge->needed[i] && judge->is_all) {
            printf("         so take it out of tests/isa/differences.h\n");
            is_good = false;
        }
    }
    return is_good;
}

int main(int argc, char **argv)
{
    struct judge *judge = calloc(1, sizeof *judge);
    FILE *words, *listing;
    char message[256];
    struct isa isa;
    bool is_good;

    if (argc != 6 || !judge) {
        fprintf(stderr, "usage: isa_judge binutils|llvm all|some ISA WORDS LISTING\n");
        return 2;
    }
    if (!isa_parse(argv[3], &isa, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        return 2;
    }
    words = fopen(argv[4], "rb");
    listing = fopen(argv[5], "r");
    if (!words || !listing) {
        perror(words ? argv[5] : argv[4]);
        return 2;
    }
    judge->name = argv[1];
    judge->is_all = !strcmp(argv[2], "all");
    decoder_init(&judge->decoder, &isa);
    is_good = compare_all(judge, words, listing) && report(judge);
    fclose(words);
    fclose(listing);
    free(judge);
    return is_good ? 0 : 1;
}
