/* The monitor's protocol, the machine's side (see monitor_protocol.h). */
#include "frontend/monitor_protocol.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADER 32

enum answer { ANSWER_LINE, ANSWER_STOP };

/* Puts the size in front of what was written behind HEADER bytes of room. */
static void finish(struct monitor_client *client, char *text, size_t size, bool is_obeyed)
{
    char header[HEADER];
    int length =
        snprintf(header, sizeof(header), "%s %zu\n", is_obeyed ? "ok" : "no", size - HEADER);

    client->answered = HEADER - (size_t)length;
    memcpy(text + client->answered, header, (size_t)length);
    client->answer = text;
    client->answer_size = size;
}

static void complete(struct monitor_client *client, const char *line, FILE *out)
{
    struct monitor_completion completion = {&client->talk, line, 0};
    char word[256];

    for (unsigned i = 0; i < 1000 && monitor_complete(&completion, word, sizeof(word)); i++)
        fprintf(out, "%s\n", word);
}

/* The first word says how to take the rest. */
static bool obey(struct monitor_client *client, char *line, FILE *out)
{
    char *rest = line + strcspn(line, " ");
    char why[256] = "";

    if (*rest)
        *rest++ = 0;
    client->is_json = !strcmp(line, "json");
    if (client->is_too_long)
        snprintf(why, sizeof(why), "A line has at most %u bytes.", MONITOR_LINE);
    else if (!strcmp(line, "text") || !strcmp(line, "json"))
        monitor_obey(&client->talk, rest, out, client->is_json, why, sizeof(why));
    else if (!strcmp(line, "complete"))
        complete(client, rest, out);
    else if (!strcmp(line, "hello"))
        fprintf(out, "%ld %s\n", (long)getpid(), client->talk.monitor->about);
    else
        snprintf(why, sizeof(why), "A line begins with text, json, complete or hello.");
    if (*why) { /* the sentence alone is the answer */
        rewind(out);
        fprintf(out, "%*s%s\n", HEADER, "", why);
    }
    return !*why;
}

static void answer(struct monitor_client *client, enum answer about)
{
    char *text = NULL;
    size_t size = 0;
    bool is_obeyed = true;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return;
    fprintf(out, "%*s", HEADER, "");
    if (about == ANSWER_STOP)
        monitor_report(&client->talk, out, client->is_json);
    else
        is_obeyed = obey(client, client->line, out);
    if (client->is_json && is_obeyed && !client->talk.waits && ftell(out) == HEADER)
        fputs("{}\n", out); /* done, and nothing to say: JSON all the same */
    if (fclose(out) == 0 && !client->talk.waits)
        finish(client, text, size, is_obeyed);
    else
        free(text);
    client->used = 0;
    client->is_too_long = false;
}

void protocol_stopped(struct monitor_client *client)
{
    if (client->talk.waits)
        answer(client, ANSWER_STOP);
}

static bool has_no_answer(struct monitor_client *client)
{
    bool is_progress = !strcmp(client->line, "progress");

    if (!is_progress && strcmp(client->line, PROTOCOL_INTERRUPT) != 0)
        return false;
    client->wants_progress |= is_progress;
    client->used = 0;
    return true;
}

void protocol_interrupt(struct monitor_client *client)
{
    client->talk.waits = false;
    snprintf(client->line, sizeof(client->line), "%s stop", client->is_json ? "json" : "text");
    answer(client, ANSWER_LINE);
}

size_t protocol_receive(struct monitor_client *client, const char *bytes, size_t size)
{
    const char *end = memchr(bytes, '\n', size);
    size_t taken = end ? (size_t)(end - bytes) : size;

    if (client->answer || client->talk.waits)
        return 0;
    if (memchr(bytes, 0, taken) || taken >= sizeof(client->line) - client->used)
        client->is_too_long = true; /* or no text */
    else
        memcpy(client->line + client->used, bytes, taken);
    client->used = client->is_too_long ? 0 : client->used + taken;
    client->line[client->used] = 0;
    if (!end)
        return taken;
    if (!has_no_answer(client))
        answer(client, ANSWER_LINE);
    return taken + 1;
}

const char *protocol_answer(const struct monitor_client *client, size_t *size)
{
    *size = client->answer_size - client->answered;
    return client->answer ? client->answer + client->answered : NULL;
}

void protocol_sent(struct monitor_client *client, size_t size)
{
    client->answered += size;
    if (client->answered < client->answer_size)
        return;
    free(client->answer);
    client->answer = NULL;
}

void protocol_end(struct monitor_client *client)
{
    free(client->answer);
    client->answer = NULL;
}
