/* Expressions of the monitor (see expression.h), by recursive descent:
 *
 *     sum      product { (+|-) product }
 *     product  atom { * atom }
 *     atom     number | name | ( sum ) | - atom */
#include "frontend/expression.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MOST 40 /* parentheses and signs within each other */

struct reading {
    const char *at;
    const struct expression_names *names;
    unsigned depth;
    char *message;
    size_t message_size;
};

static bool read_sum(struct reading *reading, u64 *value);

static bool complain(struct reading *reading, const char *what, const char *about)
{
    snprintf(reading->message, reading->message_size, what, about);
    return false;
}

static void skip_blanks(struct reading *reading)
{
    while (*reading->at == ' ' || *reading->at == '\t')
        reading->at++;
}

static bool is_name(char letter)
{
    return isalnum((unsigned char)letter) || letter == '_' || letter == '.' || letter == '$' ||
           letter == '@';
}

static bool read_number(struct reading *reading, u64 *value)
{
    const char *from = reading->at;
    bool is_hex = from[0] == '0' && (from[1] == 'x' || from[1] == 'X');
    char *end;

    errno = 0;
    *value = strtoull(from, &end, is_hex ? 16 : 10);
    if (errno || is_name(*end) || (is_hex && end < from + 3))
        return complain(reading, "\"%.40s\" does not begin with a number below 2^64.", from);
    reading->at = end;
    return true;
}

static bool read_name(struct reading *reading, u64 *value)
{
    char name[EXPRESSION_NAME];
    size_t length = 0;

    while (is_name(reading->at[length]))
        length++;
    if (length >= sizeof(name))
        return complain(reading, "\"%.40s...\" is too long for a name.", reading->at);
    memcpy(name, reading->at, length);
    name[length] = 0;
    if (!reading->names->find(reading->names->context, name, value))
        return complain(reading, "There is no register and no symbol \"%.200s\".", name);
    reading->at += length;
    return true;
}

static bool read_within(struct reading *reading, u64 *value)
{
    reading->at++;
    if (!read_sum(reading, value))
        return false;
    if (*reading->at != ')')
        return complain(reading, "A closing parenthesis is missing%s.", "");
    reading->at++;
    return true;
}

static bool read_atom(struct reading *reading, u64 *value)
{
    bool is_read;

    if (++reading->depth > DEPTH_MOST)
        return complain(reading, "That is too deep%s.", "");
    skip_blanks(reading);
    if (*reading->at == '(') {
        is_read = read_within(reading, value);
    } else if (*reading->at == '-') {
        reading->at++;
        is_read = read_atom(reading, value);
        *value = -*value;
    } else if (isdigit((unsigned char)*reading->at)) {
        is_read = read_number(reading, value);
    } else if (is_name(*reading->at)) {
        is_read = read_name(reading, value);
    } else {
        is_read = complain(reading,
                           *reading->at ? "\"%.40s\" is no number and no name."
                                        : "A number is missing at the end%s.",
                           reading->at);
    }
    reading->depth--;
    if (is_read)
        skip_blanks(reading);
    return is_read;
}

static bool read_product(struct reading *reading, u64 *value)
{
    u64 factor;

    if (!read_atom(reading, value))
        return false;
    while (*reading->at == '*') {
        reading->at++;
        if (!read_atom(reading, &factor))
            return false;
        *value *= factor;
    }
    return true;
}

static bool read_sum(struct reading *reading, u64 *value)
{
    u64 more;

    if (!read_product(reading, value))
        return false;
    while (*reading->at == '+' || *reading->at == '-') {
        bool is_minus = *reading->at++ == '-';
        if (!read_product(reading, &more))
            return false;
        *value += is_minus ? -more : more;
    }
    return true;
}

bool expression_read(const char *text, const struct expression_names *names, u64 *value,
                     char *message, size_t message_size)
{
    struct reading reading = {
        .at = text, .names = names, .message = message, .message_size = message_size};

    *value = 0;
    if (!read_sum(&reading, value))
        return false;
    return !*reading.at || complain(&reading, "\"%.40s\" is too much.", reading.at);
}
