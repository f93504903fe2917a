/* The assembler's reader: what a source text is made of. A statement ends with its line or at a
 * semicolon; comments begin with # or // or stand between slash and star (GNU as, "Comments",
 * "Constants"). Left out: the C preprocessor, which a .S file may want. */
#include "cpu/assemble_parts.h"
#include "cpu/disasm.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool assembler_fail(struct assembler *as, const char *format, ...)
{
    int used = snprintf(as->message, as->message_size, "%s:%u: ", as->file_name, as->line);
    va_list arguments;

    if (used < 0 || (size_t)used >= as->message_size)
        return false;
    va_start(arguments, format);
    vsnprintf(as->message + used, as->message_size - (size_t)used, format, arguments);
    va_end(arguments);
    return false;
}

/* How long the string or character constant is that begins here; it never goes beyond its line. */
static size_t quoted_length(const char *text, size_t length)
{
    char quote = text[0];
    size_t i = 1;

    while (i < length && text[i] != '\n') {
        if (text[i] == '\\' && i + 1 < length && text[i + 1] != '\n')
            i++;
        else if (text[i] == quote && (quote == '"' || i > 1))
            return i + 1;
        i++;
        if (quote == '\'' && i > 1 && (i >= length || text[i] != quote))
            return i; /* 'a without its second quote is a character all the same */
    }
    return i;
}

static size_t comment_length(const char *text, size_t length)
{
    size_t i = 2;

    if (length >= 2 && text[0] == '/' && text[1] == '*') {
        while (i < length && !(i >= 3 && text[i - 1] == '*' && text[i] == '/'))
            i++;
        return i < length ? i + 1 : 0; /* without an end it is no comment, but a mistake */
    }
    if (text[0] != '#' && !(length >= 2 && text[0] == '/' && text[1] == '/'))
        return 0;
    for (i = 0; i < length && text[i] != '\n'; i++)
        ;
    return i;
}

char *assembler_strip(const char *source, size_t length)
{
    char *text = malloc(length + 1);
    size_t i = 0;

    while (text && i < length) {
        char c = source[i];
        size_t comment = comment_length(source + i, length - i);
        for (size_t end = i + comment; i < end; i++)
            text[i] = source[i] == '\n' ? '\n' : ' ';
        if (comment)
            continue;
        if (c == '"' || c == '\'') {
            size_t quoted = quoted_length(source + i, length - i);
            for (size_t end = i + quoted; i < end; i++)
                text[i] = source[i] ? source[i] : '\1'; /* 0 is the end */
            continue;
        }
        /* 1 is a character that nothing begins with, as 0 is in the source. */
        text[i++] = c == ';' ? '\f' : c == '\f' || c == '\v' || c == '\r' ? ' ' : c ? c : '\1';
    }
    if (text)
        text[length] = '\0';
    return text;
}

static void skip_blanks(struct assembler *as)
{
    while (*as->at == ' ' || *as->at == '\t')
        as->at++;
}

bool assembler_is_end(struct assembler *as)
{
    skip_blanks(as);
    return *as->at == '\0' || *as->at == '\n' || *as->at == '\f';
}

bool assembler_take(struct assembler *as, char character)
{
    skip_blanks(as);
    if (*as->at != character)
        return false;
    as->at++;
    return true;
}

static bool is_in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

size_t assembler_word(struct assembler *as, const char **word)
{
    size_t length = 0;

    skip_blanks(as);
    *word = as->at;
    if (isdigit((unsigned char)*as->at))
        return 0;
    while (is_in_name(as->at[length]))
        length++;
    as->at += length;
    return length;
}

/* 16 for 0x, 2 for 0b, 8 for a leading 0; the prefix is taken. "0b" alone is a numeric label. */
static unsigned take_base(struct assembler *as)
{
    const char *at = as->at;

    if (at[0] != '0' || !isalnum((unsigned char)at[1]))
        return 10;
    if ((at[1] == 'x' || at[1] == 'X') && isxdigit((unsigned char)at[2])) {
        as->at += 2;
        return 16;
    }
    if ((at[1] == 'b' || at[1] == 'B') && (at[2] == '0' || at[2] == '1')) {
        as->at += 2;
        return 2;
    }
    return isdigit((unsigned char)at[1]) ? 8 : 10;
}

static unsigned digit_of(char c)
{
    if (isdigit((unsigned char)c))
        return (unsigned)(c - '0');
    return isxdigit((unsigned char)c) ? (unsigned)(tolower((unsigned char)c) - 'a' + 10) : 99;
}

bool assembler_number(struct assembler *as, u64 *number)
{
    unsigned base;

    skip_blanks(as);
    base = take_base(as);
    for (*number = 0; digit_of(*as->at) < base; as->at++) {
        unsigned digit = digit_of(*as->at);
        if (__builtin_mul_overflow(*number, base, number) ||
            __builtin_add_overflow(*number, digit, number))
            return assembler_fail(as, "a number of more than 64 bits.");
    }
    return true;
}

static u8 octal(struct assembler *as)
{
    unsigned value = 0;

    for (unsigned i = 0; i < 3 && *as->at >= '0' && *as->at <= '7'; i++)
        value = value * 8 + (unsigned)(*as->at++ - '0');
    return (u8)value;
}

static u8 hexadecimal(struct assembler *as)
{
    unsigned value = 0;

    while (digit_of(*as->at) < 16)
        value = value * 16 + digit_of(*as->at++);
    return (u8)value;
}

bool assembler_character(struct assembler *as, u8 *character)
{
    static const char letters[] = "bfnrt\\\"'", means[] = "\b\f\n\r\t\\\"'";
    const char *letter;

    if (*as->at == '\0' || *as->at == '\n')
        return assembler_fail(as, "a quoted text does not end on its line.");
    *character = (u8)*as->at++;
    if (*character != '\\')
        return true;
    if (*as->at >= '0' && *as->at <= '7') {
        *character = octal(as);
    } else if (*as->at == 'x') {
        as->at++;
        *character = hexadecimal(as);
    } else if (*as->at && (letter = strchr(letters, *as->at))) {
        as->at++;
        *character = (u8)means[letter - letters];
    } else {
        return assembler_fail(as, "there is no escape \\%.1s in a text.",
                              isprint((unsigned char)*as->at) ? as->at : "");
    }
    return true;
}

static int number_of(const char *word, size_t length,
                     const char *(*name)(unsigned number, enum disasm_style style))
{
    for (unsigned i = 0; i < 64; i++) {
        const char *candidate = name(i % 32, i < 32 ? DISASM_ABI : DISASM_NUMERIC);
        if (strlen(candidate) == length && !strncmp(candidate, word, length))
            return (int)(i % 32);
    }
    return -1;
}

static int integer_register(const char *word, size_t length)
{
    if (length == 2 && !strncmp(word, "fp", 2))
        return 8;
    return number_of(word, length, disasm_register);
}

bool assembler_is_register(const char *word, size_t length)
{
    return integer_register(word, length) >= 0;
}

int assembler_register(struct assembler *as)
{
    const char *before = as->at, *word;
    size_t length = assembler_word(as, &word);
    int number = integer_register(word, length);

    if (number < 0)
        as->at = before;
    return number;
}

int assembler_float_register(struct assembler *as)
{
    const char *before = as->at, *word;
    size_t length = assembler_word(as, &word);
    int number = number_of(word, length, disasm_float_register);

    if (number < 0)
        as->at = before;
    return number;
}
