/* A scripted person for tests: waits for a text in the guest's output, then types another.
 *
 * It depends on nothing but the bytes that the guest prints and when it asks for input, so under
 * the virtual clock what is typed meets the same instruction in every run. */
#ifndef FRONTEND_SCRIPT_H
#define FRONTEND_SCRIPT_H

#include "devices/host.h"
#include "memory/types.h"

struct script_step {
    const char
        *wait_for;    /* searched in what is printed after the step before; "" is there at once */
    const char *type; /* typed then; may be "" */
};

struct script {
    const struct script_step *steps;
    unsigned count;
    unsigned at;    /* the step that is waited for or typed; count when all is done */
    bool is_typing; /* its text was seen */
    size_t matched; /* bytes of wait_for that the output ends with */
    size_t typed;   /* bytes of type that the guest has taken */
    char *output;   /* all that the guest printed, NUL-terminated; NULL when it was nothing */
    size_t output_length, output_capacity;
    size_t searched; /* bytes of the output that a step has looked at */
};

/* The most output that is kept and searched. */
#define SCRIPT_OUTPUT_LIMIT ((size_t)64 << 20)

/* The steps must live as long as the script. */
void script_init(struct script *script, const struct script_step *steps, unsigned count);
void script_release(struct script *script);
/* What the machine sees of it. The script must stay where it is. */
struct host_console script_host(struct script *script);
/* Has every text been seen and everything been typed? */
bool script_is_done(const struct script *script);
/* What was printed so far; never NULL. */
const char *script_output(const struct script *script);

#endif
