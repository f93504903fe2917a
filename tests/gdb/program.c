/* A guest in C for gdb: calls that nest, variables of several kinds, a call of M-mode, and a row of
 * instructions for a thousand breakpoints. Each hart runs all of it, on a stack of its own. */
__asm__(".globl _start\n"
        "_start:\n"
        "    la      sp, stacks\n"
        "    csrr    t0, mhartid\n"
        "    addi    t0, t0, 1\n"
        "    slli    t0, t0, 12\n"
        "    add     sp, sp, t0\n"
        "    la      t0, trap\n"
        "    csrw    mtvec, t0\n"
        "    li      t0, 1 << 13\n" /* mstatus.FS */
        "    csrs    mstatus, t0\n"
        "    jal     main\n"
        "    .balign 4\n"
        "trap:\n"
        "    csrr    t0, mepc\n"
        "    addi    t0, t0, 4\n"
        "    csrw    mepc, t0\n"
        "    mret\n"
        "    .globl row, row_end\n"
        "row:\n"
        "    .option push\n"
        "    .option norvc\n"
        "    .rept 1000\n"
        "    addi    a0, a0, 1\n"
        "    .endr\n"
        "row_end:\n"
        "    .option pop\n"
        "    ret\n");

struct thing {
    int number;
    long sum;
    char bytes[48];
};

char stacks[4 * 4096] __attribute__((aligned(16)));
struct thing thing;
volatile int total;
volatile double mean;
int row(int from);

int add(int left, int right)
{
    int sum = left + right;
    return sum;
}

int fibonacci(int n)
{
    if (n < 2)
        return n;
    return add(fibonacci(n - 1), fibonacci(n - 2));
}

void note(int round)
{
    thing.bytes[round % 48] = (char)round;
    thing.sum += round;
    mean = mean / 2 + round;
}

void call(void)
{
    __asm__ volatile("ecall");
}

int main(void)
{
    for (int round = 1;; round++) {
        total = fibonacci(5);
        note(round);
        call();
        if (round % 16 == 0)
            thing.number = row(round);
    }
}
