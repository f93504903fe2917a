/* assemble ISA BASE SOURCE: writes the bytes that our assembler makes of a source to stdout. */
#include "cpu/assemble.h"

#include <stdio.h>
#include <stdlib.h>

#define LONGEST (1 << 20)

int main(int count, char **arguments)
{
    struct isa isa;
    struct assembled program;
    char message[512] = "usage: isa_assemble ISA BASE SOURCE";
    char *text = malloc(LONGEST);
    FILE *file = count == 4 ? fopen(arguments[3], "rb") : NULL;
    size_t length = file && text ? fread(text, 1, LONGEST, file) : 0;

    if (length == 0 || !isa_parse(arguments[1], &isa, message, sizeof message) ||
        !assemble(&isa, text, length, arguments[3], strtoull(arguments[2], NULL, 0), &program,
                  message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        return 1;
    }
    fwrite(program.bytes, 1, program.size, stdout);
    assembled_free(&program);
    fclose(file);
    free(text);
    return 0;
}
