/* Samples as text (see regression.h). */
#include "tests/random/regression.h"

#include "cpu/disasm.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[WORD_COUNT] = {
#define CSR(name, number, need) [WORD_##name] = #name,
    WHERE_CSRS(CSR)
#undef CSR
        [WORD_ENTRY] = "ENTRY",
    [WORD_DUE] = "DUE",
    [WORD_X2] = "X2",
    [WORD_X3] = "X3",
    [WORD_X4] = "X4",
    [WORD_X8] = "X8",
    [WORD_X9] = "X9",
};

static void write_body(FILE *file, const struct isa *isa, const struct sample *sample)
{
    struct decoder *decoder = malloc(sizeof *decoder);
    char text[DISASM_SIZE];

    if (!decoder)
        return;
    decoder_init(decoder, isa);
    for (u32 at = 0; at + 2 <= sample->size;) {
        u32 bits = 0;
        struct insn insn;
        memcpy(&bits, sample->body + at, sample->size - at < 4 ? 2 : 4);
        insn = decode(decoder, bits);
        fprintf(file, "body %0*" PRIx32 " # %s\n", insn.length * 2,
                insn.length == 2 ? bits & 0xffff : bits,
                disasm(decoder, &insn, (u64)AT_CODE + sample->start + at, DISASM_ABI, text,
                       sizeof text));
        at += insn.length;
    }
    free(decoder);
}

void regression_write(FILE *file, const struct isa *isa, const char *cpu,
                      const struct sample *sample)
{
    unsigned wheres =
        memcmp(sample->wheres[0], sample->wheres[1], sizeof sample->wheres[0]) ? SAMPLE_WHERES : 1;

    fprintf(file, "cpu %s\n", cpu);
    fprintf(file, "loops %" PRIu64 "\nstart 0x%" PRIx64 "\n", sample->loops, sample->start);
    fprintf(file, "data %" PRIu64 "\ntables %" PRIu64 "\nfcsr 0x%" PRIx64 "\n", sample->data,
            sample->tables, sample->fcsr);
    if (sample->security)
        fprintf(file, "security 0x%" PRIx64 "\n", sample->security);
    for (unsigned i = 0; i < 32; i++)
        if (sample->x[i])
            fprintf(file, "x %u 0x%" PRIx64 "\n", i, sample->x[i]);
    for (unsigned i = 0; i < 32; i++)
        if (sample->f[i])
            fprintf(file, "f %u 0x%" PRIx64 "\n", i, sample->f[i]);
    for (unsigned i = 0; i < wheres; i++)
        for (unsigned word = 0; word < WORD_COUNT; word++)
            if (sample->wheres[i][word])
                fprintf(file, "where %s %s 0x%" PRIx64 "\n",
                        wheres == 1 ? "all" : (char[]){(char)('0' + i), 0}, words[word],
                        sample->wheres[i][word]);
    write_body(file, isa, sample);
}

static bool read_where(struct sample *sample, const char *which, const char *name, u64 value)
{
    for (unsigned word = 0; word < WORD_COUNT; word++) {
        if (strcmp(words[word], name))
            continue;
        for (unsigned i = 0; i < SAMPLE_WHERES; i++)
            if (!strcmp(which, "all") || strtoul(which, NULL, 10) == i)
                sample->wheres[i][word] = value;
        return true;
    }
    return false;
}

static bool read_body(struct sample *sample, const char *hexadecimal)
{
    u32 word = (u32)strtoul(hexadecimal, NULL, 16), length = is_wide((u16)word) ? 4 : 2;

    if (sample->size + length > SAMPLE_BODY)
        return false;
    memcpy(sample->body + sample->size, &word, length);
    sample->size += length;
    return true;
}

static bool read_word(struct sample *sample, const char *key, u64 value)
{
    const struct {
        const char *name;
        u64 *place;
    } words_of_a_sample[] = {{"loops", &sample->loops}, {"start", &sample->start},
                             {"data", &sample->data},   {"tables", &sample->tables},
                             {"fcsr", &sample->fcsr},   {"security", &sample->security}};

    for (unsigned i = 0; i < sizeof words_of_a_sample / sizeof words_of_a_sample[0]; i++)
        if (!strcmp(key, words_of_a_sample[i].name)) {
            *words_of_a_sample[i].place = value;
            return true;
        }
    return false;
}

static bool read_line(struct sample *sample, const char *line)
{
    char key[16], text[3][64];
    int count = sscanf(line, "%15s %63s %63s %63s", key, text[0], text[1], text[2]);
    unsigned long number;

    if (count < 2)
        return false;
    if (!strcmp(key, "body"))
        return read_body(sample, text[0]);
    if (!strcmp(key, "where"))
        return count == 4 && read_where(sample, text[0], text[1], strtoull(text[2], NULL, 0));
    if (strcmp(key, "x") && strcmp(key, "f"))
        return read_word(sample, key, strtoull(text[0], NULL, 0));
    number = strtoul(text[0], NULL, 10);
    if (count < 3 || number > 31)
        return false;
    (*key == 'x' ? sample->x : sample->f)[number] = strtoull(text[1], NULL, 0);
    return true;
}

bool regression_read(FILE *file, struct sample *sample, char *cpu, char *message,
                     size_t message_size)
{
    char line[600];

    memset(sample, 0, sizeof *sample);
    *cpu = '\0';
    while (fgets(line, sizeof line, file)) {
        if (*line == '#' || *line == '\n' || sscanf(line, "cpu %511s", cpu) == 1)
            continue;
        if (!read_line(sample, line)) {
            snprintf(message, message_size, "not a line of a sample: %s", line);
            return false;
        }
    }
    snprintf(message, message_size, "a sample needs cpu and start, within bounds");
    return *cpu && sample->start >= AT_BODY_FROM &&
           sample->start + sample->size + 64 <= AT_BODY_TO && sample->data < 1024;
}
