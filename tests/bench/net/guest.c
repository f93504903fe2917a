/* The guest's end of the network benchmark, for Linux on RV64, without a C library: one TCP
 * connection to 10.0.2.2, over which it sends BYTES bytes or reads all that comes.
 *
 *   stream send|receive PORT BYTES */

enum { READ = 63, WRITE = 64, EXIT = 93, SOCKET = 198, CONNECT = 203, SHUTDOWN = 210 };

#define SIZE (1u << 18)

static char buffer[SIZE];

static long call(long number, long a, long b, long c)
{
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a7 __asm__("a7") = number;

    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}

static unsigned long read_number(const char *text)
{
    unsigned long number = 0;

    for (; *text >= '0' && *text <= '9'; text++)
        number = number * 10 + (unsigned long)(*text - '0');
    return number;
}

static int transfer(long fd, int sends, unsigned long bytes)
{
    unsigned long done = 0;

    while (done < bytes) {
        unsigned long left = bytes - done;
        long piece = call(sends ? WRITE : READ, fd, (long)buffer, left < SIZE ? (long)left : SIZE);

        if (piece <= 0)
            return 1;
        done += (unsigned long)piece;
    }
    return 0;
}

__attribute__((used)) static void run(long *stack)
{
    char **arguments = (char **)(stack + 1);
    struct {
        unsigned short family, port;
        unsigned char address[4], zero[8];
    } host = {.family = 2, .address = {10, 0, 2, 2}};
    long fd = call(SOCKET, 2, 1, 0);
    int code = 2;

    if (stack[0] == 4) {
        unsigned long port = read_number(arguments[2]);

        host.port = (unsigned short)(port >> 8 | port << 8);
        code = 1;
        if (call(CONNECT, fd, (long)&host, sizeof host) == 0)
            code = transfer(fd, arguments[1][0] == 's', read_number(arguments[3]));
    }
    call(EXIT, code, 0, 0);
}

__attribute__((naked, used, noreturn)) void _start(void)
{
    __asm__ volatile("mv a0, sp\n\tandi sp, sp, -16\n\tcall run");
}
