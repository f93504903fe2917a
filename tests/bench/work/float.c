/* Floating point: planets about a sun and a matrix's inverse in double precision, a fractal and a
 * filter in single precision; with divisions, square roots, fused multiply-adds, comparisons and
 * conversions. IEEE 754 leaves no choice in any result (contraction is off in build.sh), so sums
 * are compared bit by bit with those of another machine's floating-point unit. */
#include "work.h"

enum { BODIES = 5, SIDE = 24, TAPS = 16, SAMPLES = 4096 };

struct body {
    double place[3], speed[3], mass;
};

static struct body bodies[BODIES];

static void bodies_place(void)
{
    for (int i = 0; i < BODIES; i++) {
        double distance = 1.0 + 3.0 * i;
        bodies[i] = (struct body){
            .place = {i ? distance : 0.0, 0.25 * i, -0.125 * i},
            .speed = {0.0, i ? 6.2 / (1.0 + i) : 0.0, 0.03 * i},
            .mass = i ? 0.01 / i : 39.5,
        };
    }
}

static void bodies_move(double time)
{
    for (int i = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++) {
            double between[3], square = 0.0;
            for (int axis = 0; axis < 3; axis++) {
                between[axis] = bodies[i].place[axis] - bodies[j].place[axis];
                square += between[axis] * between[axis];
            }
            double pull = time / (square * __builtin_sqrt(square));
            for (int axis = 0; axis < 3; axis++) {
                bodies[i].speed[axis] -= between[axis] * bodies[j].mass * pull;
                bodies[j].speed[axis] += between[axis] * bodies[i].mass * pull;
            }
        }
    for (int i = 0; i < BODIES; i++)
        for (int axis = 0; axis < 3; axis++)
            bodies[i].place[axis] += time * bodies[i].speed[axis];
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t planets(void)
{
    bodies_place();
    for (int step = 0; step < 1500; step++)
        bodies_move(0.001);
    uint64_t bits = 0;
    for (int i = 0; i < BODIES; i++)
        bits ^= bits_of(bodies[i].place[0] + bodies[i].speed[1]) >> i;
    return bits;
}

static double matrix[SIDE][SIDE], inverse[SIDE][SIDE];

/* Gauss and Jordan without a search for pivots: the diagonal is large enough. */
static void invert(void)
{
    for (int column = 0; column < SIDE; column++) {
        double scale = 1.0 / matrix[column][column];
        for (int j = 0; j < SIDE; j++) {
            matrix[column][j] *= scale;
            inverse[column][j] *= scale;
        }
        for (int row = 0; row < SIDE; row++) {
            if (row == column)
                continue;
            double factor = -matrix[row][column];
            for (int j = 0; j < SIDE; j++) {
                matrix[row][j] = __builtin_fma(factor, matrix[column][j], matrix[row][j]);
                inverse[row][j] = __builtin_fma(factor, inverse[column][j], inverse[row][j]);
            }
        }
    }
}

static uint64_t matrices(void)
{
    uint32_t seed = 7;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            matrix[i][j] = (int32_t)random_next(&seed) * 0x1p-31 + (i == j ? SIDE : 0);
            inverse[i][j] = i == j;
        }
    invert();
    double sum = 0.0;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
            sum += inverse[i][j] * (i + 1) / (j + 1);
    return bits_of(sum);
}

static uint32_t fractal(void)
{
    uint32_t inside = 0;
    for (int row = 0; row < 40; row++)
        for (int column = 0; column < 60; column++) {
            float x0 = (float)column * 0.05f - 2.0f, y0 = (float)row * 0.05f - 1.0f;
            float x = 0.0f, y = 0.0f;
            int steps = 0;
            for (; steps < 100 && x * x + y * y <= 4.0f; steps++) {
                float kept = x * x - y * y + x0;
                y = 2.0f * x * y + y0;
                x = kept;
            }
            inside = fold(inside, (uint32_t)steps);
        }
    return inside;
}

static float input[SAMPLES + TAPS], taps[TAPS];

static uint32_t filter(void)
{
    uint32_t seed = 12345, sum = 0;
    for (int i = 0; i < SAMPLES + TAPS; i++)
        input[i] = (float)(int32_t)random_next(&seed) * 0x1p-31f;
    for (int i = 0; i < TAPS; i++)
        taps[i] = 1.0f / (float)(i + 2);
    for (int i = 0; i < SAMPLES; i++) {
        float value = 0.0f;
        for (int tap = 0; tap < TAPS; tap++)
            value += taps[tap] * input[i + tap];
        value = value < 0.0f ? -value : __builtin_sqrtf(value);
        sum = fold(sum, (uint32_t)(int32_t)(value * 65536.0f));
    }
    return sum;
}

void work_round(void)
{
    expect("the planets' sum", planets(), 0x357f5cdaa8eefda);
    expect("the inverse's sum", matrices(), 0x3feeaae62e6a5680);
    expect("the fractal's sum", fractal(), 0x7402c5d1);
    expect("the filter's sum", filter(), 0x9e47059f);
}
