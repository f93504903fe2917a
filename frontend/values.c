/* The values that options take, read strictly: trailing rubbish, signs, and numbers that do not fit
 * are refused, never wrapped. */
#include "frontend/values.h"

#include <ctype.h>
#include <string.h>

#include "devices/machine.h"
#include "frontend/console.h"
#include "frontend/options.h"

bool read_number(const char *text, const char **end, u64 *number)
{
    unsigned base = 10;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X') && isxdigit((u8)text[2])) {
        base = 16;
        text += 2;
    }
    const char *at = text;
    for (*number = 0; base == 16 ? isxdigit((u8)*at) : isdigit((u8)*at); at++) {
        u64 digit = isdigit((u8)*at) ? (u64)(*at - '0') : (u64)(tolower((u8)*at) - 'a' + 10);
        if (*number > (UINT64_MAX - digit) / base)
            return false;
        *number = *number * base + digit;
    }
    *end = at;
    return at != text;
}

bool value_flag(void *member, const char *text, const char **expected)
{
    (void)text;
    (void)expected;
    *(bool *)member = true;
    return true;
}

bool value_text(void *member, const char *text, const char **expected)
{
    (void)expected;
    *(const char **)member = text;
    return true;
}

bool value_number(void *member, const char *text, const char **expected)
{
    const char *end;
    *expected = "a number";
    return read_number(text, &end, member) && !*end;
}

bool value_harts(void *member, const char *text, const char **expected)
{
    const char *end;
    u64 *harts = member;
    *expected = "a number from 1 to 64";
    return read_number(text, &end, harts) && !*end && *harts >= 1 && *harts <= MACHINE_HARTS;
}

/* How far a unit's letter shifts; 64 when it is none. */
static unsigned unit_shift(char unit)
{
    switch (toupper((u8)unit)) {
    case 0:
        return 0;
    case 'K':
        return 10;
    case 'M':
        return 20;
    case 'G':
        return 30;
    default:
        return 64;
    }
}

bool value_size(void *member, const char *text, const char **expected)
{
    const char *end;
    u64 number;
    *expected = "a size such as 512M or 2G";
    if (!read_number(text, &end, &number) || number == 0)
        return false;
    unsigned shift = unit_shift(*end);
    if (shift == 64 || (*end && end[1]) || number > UINT64_MAX >> shift)
        return false;
    *(u64 *)member = number << shift;
    return true;
}

/* Nanoseconds in a unit; 0 when it is none. */
static u64 unit_ns(const char *unit)
{
    if (!*unit || !strcmp(unit, "s"))
        return 1000000000u;
    if (!strcmp(unit, "ms"))
        return 1000000u;
    if (!strcmp(unit, "m"))
        return 60000000000u;
    return 0;
}

bool value_seconds(void *member, const char *text, const char **expected)
{
    const char *end;
    u64 whole, thousandths = 0;
    *expected = "a time such as 30s, 1.5s, 500ms or 2m";
    if (!read_number(text, &end, &whole))
        return false;
    if (*end == '.') {
        u64 weight = 100;
        for (end++; isdigit((u8)*end); end++, weight /= 10)
            thousandths += weight * (u64)(*end - '0');
    }
    u64 unit = unit_ns(end);
    if (!unit || whole > UINT64_MAX / unit / 2)
        return false;
    *(u64 *)member = whole * unit + thousandths * (unit / 1000);
    return true;
}

bool value_escape(void *member, const char *text, const char **expected)
{
    *expected = "a letter such as b for Ctrl-B, or none";
    if (!strcmp(text, "none")) {
        *(int *)member = CONSOLE_NO_ESCAPE;
        return true;
    }
    if (*text == '^')
        text++;
    if (!isalpha((u8)text[0]) || text[1])
        return false;
    *(int *)member = toupper((u8)text[0]) & 0x1f;
    return true;
}

bool value_display(void *member, const char *text, const char **expected)
{
    *expected = "none or sdl";
    if (!strcmp(text, "none"))
        *(enum option_display *)member = DISPLAY_NONE;
    else if (!strcmp(text, "sdl"))
        *(enum option_display *)member = DISPLAY_SDL;
    else
        return false;
    return true;
}

bool value_scale(void *member, const char *text, const char **expected)
{
    *expected = "smooth or integer";
    if (!strcmp(text, "smooth"))
        *(enum scale *)member = SCALE_SMOOTH;
    else if (!strcmp(text, "integer"))
        *(enum scale *)member = SCALE_INTEGER;
    else
        return false;
    return true;
}

bool value_engine(void *member, const char *text, const char **expected)
{
    *expected = "fast or plain";
    if (!strcmp(text, "fast"))
        *(enum engine *)member = ENGINE_FAST;
    else if (!strcmp(text, "plain"))
        *(enum engine *)member = ENGINE_PLAIN;
    else
        return false;
    return true;
}
