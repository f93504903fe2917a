/* What the fuzzers share: taking a stream of bytes apart, files made of bytes, and the one way to
 * say that something is wrong. A fuzzer is one file with LLVMFuzzerTestOneInput(), libFuzzer's door
 * (LLVM, "libFuzzer - a library for coverage-guided fuzz testing"); the sanitizers judge the rest.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "memory/types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Called for every input. Returns 0. */
int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size);

/* What is left of the input. */
struct fuzz {
    const u8 *at;
    size_t left;
};

/* Something that must always hold, with the sentence to print when it does not. */
static inline void fuzz_check(bool holds, const char *sentence)
{
    if (holds)
        return;
    fprintf(stderr, "WRONG: %s\n", sentence);
    abort();
}

/* The next bytes, at most 8, as a little-endian number; zeroes follow the end. */
static inline u64 fuzz_take(struct fuzz *fuzz, unsigned size)
{
    u64 value = 0;
    size_t there = size < fuzz->left ? size : fuzz->left;

    if (there)
        memcpy(&value, fuzz->at, there);
    fuzz->at += there;
    fuzz->left -= there;
    return value;
}

/* A number of 1, 2, 4 or 8 bytes; the low two bits of kind say which. */
static inline u64 fuzz_number(struct fuzz *fuzz, unsigned kind)
{
    return fuzz_take(fuzz, 1u << (kind & 3));
}

/* The next share of what is left, for inputs that hold several files. */
static inline struct fuzz fuzz_split(struct fuzz *fuzz, size_t size)
{
    struct fuzz share = {fuzz->at, size < fuzz->left ? size : fuzz->left};

    fuzz->at += share.left;
    fuzz->left -= share.left;
    return share;
}

/* A file in memory with a path that open() takes. */
struct fuzz_file {
    char path[64];
    int fd;
};

static inline struct fuzz_file fuzz_file_create(struct fuzz content)
{
    struct fuzz_file file = {.fd = memfd_create("fuzz", MFD_CLOEXEC)};

    if (file.fd < 0 || write(file.fd, content.at, content.left) != (ssize_t)content.left) {
        perror("a file in memory");
        exit(1);
    }
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
    return file;
}

static inline void fuzz_file_remove(const struct fuzz_file *file)
{
    close(file->fd);
}

/* What the user is told is one sentence on one line. */
static inline void fuzz_check_sentence(const char *message)
{
    size_t length = strlen(message);

    fuzz_check(length > 10 && message[length - 1] == '.' && !strchr(message, '\n'),
               "a refusal is not one sentence");
}

#endif
