/* A command line of QEMU's in one text, for the tests of its words. */
#ifndef TESTS_FRONTEND_QEMU_LINE_H
#define TESTS_FRONTEND_QEMU_LINE_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/qemu_parts.h"

static struct options options;
static char message[512];

#define MOST_WORDS 40

/* Reads a line of words after the name that the program is called by. */
static inline bool parse_as(const char *program, const char *line)
{
    static char text[16384];
    char *argv[MOST_WORDS + 2] = {(char *)program};
    int argc = 1;

    snprintf(text, sizeof text, "%s", line);
    for (char *word = strtok(text, " "); word && argc <= MOST_WORDS; word = strtok(NULL, " "))
        argv[argc++] = word;
    *message = 0;
    ck_assert_int_ne(qemu_is_meant(argc, argv), 0);
    return qemu_parse(&options, argc, argv, message, sizeof message);
}

static inline bool parse(const char *line)
{
    return parse_as("/usr/bin/qemu-system-riscv64", line);
}

#endif
