/* An interpreter inside the interpreter: a machine with a stack, eight variables and a memory of
 * words, entered by an indirect jump per instruction that depends on data. Its programs are put
 * together below: they count primes by trial division, sum the lengths of Collatz' sequences, and
 * sort numbers by insertion. */
#include "work.h"

enum opcode { STOP, PUSH, LOAD, STORE, ADD, SUB, MUL, DIV, REM, LESS, JUMP, UNLESS, FETCH, PUT };

struct code {
    uint16_t opcode;
    int16_t operand; /* a number, a variable, or the place to jump to */
};

enum { CODES = 256, DEPTH = 16, VARIABLES = 8, WORDS = 256 };

static struct code code[CODES];
static unsigned here; /* where the next instruction goes */
static int32_t variables[VARIABLES], words[WORDS];

__attribute__((noinline)) static void run(const struct code *at)
{
    /* In the order of enum opcode. */
    static const void *const doors[] = {
        &&stop, &&push, &&load, &&store, &&add,    &&sub,   &&mul,
        &&div,  &&rem,  &&less, &&jump,  &&unless, &&fetch, &&put,
    };
    int32_t stack[DEPTH], *top = stack;
    const struct code *now;
#define NEXT                                                                                       \
    now = at++;                                                                                    \
    goto *doors[now->opcode]
#define BINARY(name, expression)                                                                   \
    name:                                                                                          \
    top--;                                                                                         \
    top[-1] = expression;                                                                          \
    NEXT
    NEXT;
    BINARY(add, top[-1] + top[0]);
    BINARY(sub, top[-1] - top[0]);
    BINARY(mul, top[-1] * top[0]);
    BINARY(div, top[-1] / top[0]);
    BINARY(rem, top[-1] % top[0]);
    BINARY(less, top[-1] < top[0]);
push:
    *top++ = now->operand;
    NEXT;
load:
    *top++ = variables[now->operand];
    NEXT;
store:
    variables[now->operand] = *--top;
    NEXT;
jump:
    at = code + now->operand;
    NEXT;
unless:
    if (!*--top)
        at = code + now->operand;
    NEXT;
fetch:
    top[-1] = words[top[-1]];
    NEXT;
put: /* the value is on top, the place below */
    top -= 2;
    words[top[0]] = top[1];
    NEXT;
stop:
    return;
#undef BINARY
#undef NEXT
}

static void emit(enum opcode opcode, unsigned operand)
{
    code[here++] = (struct code){(uint16_t)opcode, (int16_t)operand};
}

/* first OPERATION second, of variables, stays on the stack */
static void emit_pair(unsigned first, enum opcode operation, unsigned second)
{
    emit(LOAD, first);
    emit(LOAD, second);
    emit(operation, 0);
}

/* variable OPERATION= number */
static void emit_change(unsigned variable, enum opcode operation, unsigned number)
{
    emit(LOAD, variable);
    emit(PUSH, number);
    emit(operation, 0);
    emit(STORE, variable);
}

/* A jump whose target is not known yet: the place of it, for land(). */
static unsigned emit_unless(void)
{
    emit(UNLESS, 0);
    return here - 1;
}

static void land(unsigned jump)
{
    code[jump].operand = (int16_t)here;
}

enum { N, LIMIT, COUNT, DIVISOR, VALUE, PLACE, ONE };

/* for (; n < limit; n++) BODY: returns what loop_end() wants */
static unsigned loop_begin(void)
{
    emit_pair(N, LESS, LIMIT);
    return emit_unless();
}

static void loop_end(unsigned exit)
{
    emit_change(N, ADD, 1);
    emit(JUMP, exit - 3);
    land(exit);
    emit(STOP, 0);
}

/* divisor = 2; while (n % divisor) divisor++; count += 1 - (divisor < n) */
static void program_primes(void)
{
    unsigned outer = loop_begin();
    emit(PUSH, 2);
    emit(STORE, DIVISOR);
    unsigned again = here;
    emit_pair(N, REM, DIVISOR);
    unsigned divides = emit_unless();
    emit_change(DIVISOR, ADD, 1);
    emit(JUMP, again);
    land(divides);
    emit(LOAD, COUNT);
    emit(PUSH, 1);
    emit_pair(DIVISOR, LESS, N);
    emit(SUB, 0);
    emit(ADD, 0);
    emit(STORE, COUNT);
    loop_end(outer);
}

/* for (value = n; 1 < value; count++) value = value % 2 ? 3 * value + 1 : value / 2 */
static void program_collatz(void)
{
    unsigned outer = loop_begin();
    emit(LOAD, N);
    emit(STORE, VALUE);
    unsigned again = here;
    emit_pair(ONE, LESS, VALUE);
    unsigned arrived = emit_unless();
    emit_change(COUNT, ADD, 1);
    emit(LOAD, VALUE);
    emit(PUSH, 2);
    emit(REM, 0);
    unsigned even = emit_unless();
    emit_change(VALUE, MUL, 3);
    emit_change(VALUE, ADD, 1);
    emit(JUMP, again);
    land(even);
    emit_change(VALUE, DIV, 2);
    emit(JUMP, again);
    land(arrived);
    loop_end(outer);
}

/* for (place = n, value = words[n]; 0 < place && value < words[place - 1]; place--)
 *     words[place] = words[place - 1];
 * words[place] = value */
static void program_sort(void)
{
    unsigned outer = loop_begin();
    emit(LOAD, N);
    emit(STORE, PLACE);
    emit(LOAD, N);
    emit(FETCH, 0);
    emit(STORE, VALUE);
    unsigned again = here;
    emit(PUSH, 0);
    emit(LOAD, PLACE);
    emit(LESS, 0);
    unsigned at_start = emit_unless();
    emit(LOAD, VALUE);
    emit_pair(PLACE, SUB, ONE);
    emit(FETCH, 0);
    emit(LESS, 0);
    unsigned in_place = emit_unless();
    emit(LOAD, PLACE);
    emit_pair(PLACE, SUB, ONE);
    emit(FETCH, 0);
    emit(PUT, 0);
    emit_change(PLACE, SUB, 1);
    emit(JUMP, again);
    land(at_start);
    land(in_place);
    emit(LOAD, PLACE);
    emit(LOAD, VALUE);
    emit(PUT, 0);
    loop_end(outer);
}

static unsigned primes_at, collatz_at, sort_at;

void work_prepare(void)
{
    primes_at = here;
    program_primes();
    collatz_at = here;
    program_collatz();
    sort_at = here;
    program_sort();
}

static void start(unsigned program, int32_t from, int32_t limit)
{
    memset(variables, 0, sizeof variables);
    variables[N] = from;
    variables[LIMIT] = limit;
    variables[ONE] = 1;
    run(code + program);
}

void work_round(void)
{
    start(primes_at, 2, 600);
    expect("the number of primes", (uint64_t)variables[COUNT], 109);
    start(collatz_at, 1, 500);
    expect("the steps of Collatz", (uint64_t)variables[COUNT], 26033);
    uint32_t seed = 5;
    for (int i = 0; i < WORDS; i++)
        words[i] = (int32_t)random_next(&seed);
    start(sort_at, 1, WORDS);
    for (int i = 1; i < WORDS; i++)
        expect("what is out of order", words[i] < words[i - 1], 0);
}
