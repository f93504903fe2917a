/* How the loader says no (see refuse.h). */
#include "loader/refuse.h"

#include <stdarg.h>
#include <stdio.h>

bool refuse(char *message, size_t size, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    vsnprintf(message, size, format, values);
    va_end(values);
    return false;
}
