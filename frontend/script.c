/* A list of expectations behind host.h, searched a byte at a time.
 *
 * Left out: patterns (a text is searched literally) and time-outs: a script that waits in vain is
 * ended by the run's budget of instructions. */
#include "frontend/script.h"

#include <stdlib.h>
#include <string.h>

void script_init(struct script *script, const struct script_step *steps, unsigned count)
{
    *script = (struct script){.steps = steps, .count = count};
    script->is_typing = count && !*steps[0].wait_for;
}

void script_release(struct script *script)
{
    free(script->output);
    *script = (struct script){0};
}

bool script_is_done(const struct script *script)
{
    return script->at == script->count;
}

const char *script_output(const struct script *script)
{
    return script->output ? script->output : "";
}

static void keep(struct script *script, char byte)
{
    if (script->output_length + 1 >= script->output_capacity) {
        size_t capacity = script->output_capacity ? 2 * script->output_capacity : 4096;
        char *grown = capacity <= SCRIPT_OUTPUT_LIMIT ? realloc(script->output, capacity) : NULL;
        if (!grown)
            return;
        script->output = grown;
        script->output_capacity = capacity;
    }
    script->output[script->output_length++] = byte;
    script->output[script->output_length] = 0;
}

/* How much of the text the output ends with, now that a byte is added to the `matched` bytes it
 * ended with. What was matched is itself the start of the text, so no output is looked at again. */
static size_t advance(const char *text, size_t matched, char byte)
{
    for (;;) {
        if (text[matched] == byte)
            return matched + 1;
        if (matched == 0)
            return 0;
        size_t shorter = matched - 1;
        while (shorter && memcmp(text, text + matched - shorter, shorter))
            shorter--;
        matched = shorter;
    }
}

/* Looks for the text of the present step in what was printed and not searched yet. Output that
 * comes while a step is typing waits for the next one: an echo counts. */
static void search(struct script *script)
{
    while (!script_is_done(script) && !script->is_typing &&
           script->searched < script->output_length) {
        const char *text = script->steps[script->at].wait_for;
        script->matched = advance(text, script->matched, script->output[script->searched++]);
        script->is_typing = !text[script->matched];
    }
}

/* A step is over when all of it was typed; one that types nothing, as soon as its text was seen. */
static void finish_typed_steps(struct script *script)
{
    while (script->is_typing && !script->steps[script->at].type[script->typed]) {
        script->at++;
        script->matched = 0;
        script->typed = 0;
        script->is_typing = !script_is_done(script) && !*script->steps[script->at].wait_for;
        search(script);
    }
}

static void write_byte(void *context, u8 byte)
{
    keep(context, (char)byte);
    search(context);
    finish_typed_steps(context);
}

static int read_byte(void *context)
{
    struct script *script = context;
    finish_typed_steps(script);
    if (!script->is_typing)
        return -1;
    u8 byte = (u8)script->steps[script->at].type[script->typed++];
    finish_typed_steps(script);
    return byte;
}

struct host_console script_host(struct script *script)
{
    return (struct host_console){
        .context = script,
        .read = read_byte,
        .write = write_byte,
        .one_at_a_time = true,
    };
}
