/* Fuzzer: a trace's file, as `vitrine trace show` reads it. Two ways, by the first byte: the bytes
 * are the file; or they are the records of a file that is whole otherwise, so that what is judged
 * is reached. What is shown as text can be shown as JSON, too. */
#include "frontend/trace_file.h"
#include "frontend/trace_show.h"

#include "tests/fuzz/fuzz.h"

#include <zstd.h>

enum kind { KIND_RV32 = 1, KIND_RAW = 2, KIND_END = 4 }; /* bits of the first byte */

#define RECORDS 65536

static struct fuzz_file wrap(u64 kind, const struct fuzz *fuzz)
{
    struct trace_head head = {.magic = TRACE_MAGIC, .version = TRACE_VERSION};
    size_t size = fuzz->left < RECORDS ? fuzz->left : RECORDS;
    size_t room = sizeof head + ZSTD_compressBound(RECORDS + 32);
    u8 *raw = malloc(RECORDS + 32), *packed = malloc(room);

    fuzz_check(raw && packed, "no memory");
    memcpy(packed, &head, sizeof head);
    memcpy(raw, kind & KIND_RV32 ? "\6rv32gc" : "\6rv64gc", 7);
    memcpy(raw + 7, fuzz->at, size);
    size += 7;
    if (kind & KIND_END) {
        raw[size++] = RECORD_END;
        raw[size++] = (u8)(kind >> 3); /* so many events */
    }
    size = ZSTD_compress(packed + sizeof head, room - sizeof head, raw, size, 1);
    struct fuzz_file file = fuzz_file_create((struct fuzz){packed, sizeof head + size});
    free(raw);
    free(packed);
    return file;
}

static bool show(const struct fuzz_file *file, bool json)
{
    FILE *from = fopen(file->path, "rb"), *out = fopen("/dev/null", "w");
    enum exit_code code;
    char message[600] = "";

    fuzz_check(from && out, "no file");
    bool is_shown = trace_show(from, "FILE", NULL, json, out, message, sizeof message, &code);
    if (!is_shown)
        fuzz_check_sentence(message);
    fclose(from);
    fclose(out);
    return is_shown;
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    u64 kind = fuzz_take(&fuzz, 1);
    struct fuzz_file file = kind & KIND_RAW ? fuzz_file_create(fuzz) : wrap(kind, &fuzz);

    if (show(&file, false))
        fuzz_check(show(&file, true), "text, but no JSON");
    fuzz_file_remove(&file);
    return 0;
}
