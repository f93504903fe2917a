/* JSON as text (see json.h). */
#include "frontend/json.h"

#include <inttypes.h>

static void write_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\')
            fprintf(out, "\\%c", byte);
        else if (byte < ' ' || byte >= 0x7f)
            fprintf(out, "\\u%04x", byte);
        else
            fputc(byte, out);
    }
    fputc('"', out);
}

/* What stands before a value: a comma, its name. */
static FILE *begin(struct json *json, const char *name)
{
    if (json->follows)
        fputs(", ", json->out);
    json->follows = true;
    if (name) {
        write_text(json->out, name);
        fputs(": ", json->out);
    }
    return json->out;
}

static void open(struct json *json, const char *name, char bracket)
{
    fputc(bracket, begin(json, name));
    json->follows = false;
}

static void close(struct json *json, char bracket)
{
    fputc(bracket, json->out);
    json->follows = true;
}

void json_object(struct json *json, const char *name)
{
    open(json, name, '{');
}

void json_array(struct json *json, const char *name)
{
    open(json, name, '[');
}

void json_end_object(struct json *json)
{
    close(json, '}');
}

void json_end_array(struct json *json)
{
    close(json, ']');
}

void json_text(struct json *json, const char *name, const char *text)
{
    write_text(begin(json, name), text);
}

void json_hex(struct json *json, const char *name, u64 value)
{
    fprintf(begin(json, name), "\"0x%" PRIx64 "\"", value);
}

void json_number(struct json *json, const char *name, u64 value)
{
    fprintf(begin(json, name), "%" PRIu64, value);
}

void json_truth(struct json *json, const char *name, bool value)
{
    fputs(value ? "true" : "false", begin(json, name));
}

void json_null(struct json *json, const char *name)
{
    fputs("null", begin(json, name));
}
