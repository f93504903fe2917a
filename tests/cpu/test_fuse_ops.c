/* Dividing a straight run into sequences (cpu/fuse.c), with small trees made by hand. The sequences
 * that were built in are tests/cpu/test_fused.c's. */
#include "cpu/fuse.h"

#include "tests/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A tree made by hand: each node is named by the tokens that lead to it. */
#define NODES         16
#define FUSED(number) ((handler *)(uintptr_t)(0x1000 + (number))) /* never called */

struct grove {
    struct fuse_node nodes[NODES];
    struct fuse_edge edges[NODES];
    handler *handlers[NODES];
    u16 prefix[NODES][FUSE_LONGEST];
    unsigned depth[NODES], count;
    struct fuse_tree tree;
};

static unsigned read_tokens(const char *text, u16 *tokens)
{
    char copy[200], *rest = copy, *word;
    unsigned count = 0;

    snprintf(copy, sizeof copy, "%s", text);
    while ((word = strtok_r(rest, " ", &rest))) {
        tokens[count] = strcmp(word, "alone") ? fuse_read(word) : FUSE_NONE;
        ck_assert_msg(!strcmp(word, "alone") || tokens[count] != FUSE_NONE, "%s", word);
        count++;
    }
    return count;
}

static unsigned grove_node(struct grove *grove, const u16 *tokens, unsigned depth)
{
    for (unsigned i = 0; i < grove->count; i++)
        if (grove->depth[i] == depth && !memcmp(grove->prefix[i], tokens, depth * sizeof *tokens))
            return i;
    ck_assert_uint_lt(grove->count, NODES);
    memcpy(grove->prefix[grove->count], tokens, depth * sizeof *tokens);
    grove->depth[grove->count] = depth;
    return grove->count++;
}

static bool is_child(const struct grove *grove, unsigned parent, unsigned child)
{
    return grove->depth[child] == grove->depth[parent] + 1 &&
           !memcmp(grove->prefix[parent], grove->prefix[child], grove->depth[parent] * sizeof(u16));
}

static int by_token(const void *a, const void *b)
{
    return ((const struct fuse_edge *)a)->token - ((const struct fuse_edge *)b)->token;
}

/* Sequence i has the handler FUSED(i). */
static void grove_plant(struct grove *grove, const char *const *sequences, unsigned count)
{
    u16 edges = 0;

    *grove = (struct grove){.count = 1};
    for (unsigned i = 0; i < count; i++) {
        u16 tokens[FUSE_LONGEST];
        unsigned length = read_tokens(sequences[i], tokens), node = 0;
        for (unsigned depth = 1; depth <= length; depth++)
            node = grove_node(grove, tokens, depth);
        grove->nodes[node].handler = (u16)(i + 1);
        grove->handlers[i] = FUSED(i);
    }
    for (unsigned i = 0; i < grove->count; i++) {
        grove->nodes[i].first = edges;
        for (unsigned child = 1; child < grove->count; child++)
            if (is_child(grove, i, child))
                grove->edges[edges++] =
                    (struct fuse_edge){grove->prefix[child][grove->depth[i]], (u16)child};
        grove->nodes[i].count = (u16)(edges - grove->nodes[i].first);
        qsort(grove->edges + grove->nodes[i].first, grove->nodes[i].count, sizeof(struct fuse_edge),
              by_token);
    }
    grove->tree = (struct fuse_tree){
        .nodes = grove->nodes, .edges = grove->edges, .handlers = grove->handlers};
}

/* One letter for each op of the run: '.' alone, or the digit of its sequence. known: instructions
 * at the run's end that were decoded before. */
static void check_division(const struct grove *grove, const char *run_text, unsigned known,
                           const char *wanted)
{
    struct fuse_run run = {.count = 0};
    struct op ops[32] = {{.run = NULL}};
    char got[33] = "";

    run.total = read_tokens(run_text, run.token);
    run.count = run.total - known;
    for (unsigned i = 0; i < run.count; i++)
        run.op[i] = &ops[i];
    fuse_ops(&grove->tree, &run);
    for (unsigned i = 0; i < run.count; i++)
        got[i] = ops[i].run ? (char)('0' + ((uintptr_t)ops[i].run - 0x1000)) : '.';
    ck_assert_msg(!strcmp(got, wanted), "%s: %s instead of %s", run_text, got, wanted);
}

START_TEST(a_run_is_divided_with_the_fewest_jumps)
{
    static const char *const sequences[] = {"addi:4 add:4", "add:4 sub:4 xor:4", "xor:4 addi:4"};
    struct grove grove;

    grove_plant(&grove, sequences, COUNT(sequences));
    check_division(&grove, "addi:4 add:4", 0, "0.");
    check_division(&grove, "addi:4 add:4 sub:4", 0, "0..");
    check_division(&grove, "addi:4 add:4 sub:4 xor:4", 0, ".1.."); /* 2 jumps, not 3 */
    check_division(&grove, "addi:4 add:4 sub:4 xor:4 addi:4", 0, "01.2.");
    check_division(&grove, "sub:4 sub:4", 0, "..");
    check_division(&grove, "addi:2 add:4", 0, ".."); /* another length is another token */
}
END_TEST

START_TEST(a_sequence_ends_where_the_run_does)
{
    static const char *const sequences[] = {"addi:4 addi:4 addi:4"};
    struct grove grove;

    grove_plant(&grove, sequences, COUNT(sequences));
    check_division(&grove, "addi:4 addi:4", 0, "..");
    check_division(&grove, "addi:4 addi:4 addi:4", 0, "0..");
    check_division(&grove, "addi:4 addi:4 addi:4 alone", 0, "0...");
    check_division(&grove, "addi:4 addi:4 alone", 0, "...");
}
END_TEST

START_TEST(a_sequence_reaches_into_what_was_known_before)
{
    static const char *const sequences[] = {"addi:4 add:4 sub:4"};
    struct grove grove;

    grove_plant(&grove, sequences, COUNT(sequences));
    check_division(&grove, "addi:4 add:4 sub:4", 2, "0");
    check_division(&grove, "xor:4 addi:4 add:4 sub:4", 1, ".0.");
    check_division(&grove, "addi:4 add:4", 1, ".");
}
END_TEST

START_TEST(nothing_is_fused_over_what_stands_alone)
{
    static const char *const sequences[] = {"addi:4 add:4", "addi:4 addi:4"};
    struct grove grove;

    grove_plant(&grove, sequences, COUNT(sequences));
    check_division(&grove, "addi:4 alone add:4", 0, "...");
    check_division(&grove, "alone addi:4 add:4", 0, ".0.");
}
END_TEST

START_TEST(a_handler_that_knows_fewer_facts_suits_and_one_that_knows_more_does_not)
{
    static const char *const sequences[] = {"addi:4 add:4", "ld:4 ld:4=", "lw:4 add:4<12"};
    struct grove grove;

    grove_plant(&grove, sequences, COUNT(sequences));
    check_division(&grove, "addi:4 add:4<1", 0, "0.");
    check_division(&grove, "addi:4 add:4<12", 0, "0.");
    check_division(&grove, "ld:4 ld:4=", 0, "1.");
    check_division(&grove, "ld:4 ld:4", 0, "..");
    check_division(&grove, "ld:4 ld:4<1", 0, "..");
    check_division(&grove, "lw:4 add:4<12", 0, "2.");
    check_division(&grove, "lw:4 add:4<1", 0, "..");
    check_division(&grove, "lw:4 add:4<2", 0, "..");
}
END_TEST

START_TEST(of_handlers_that_save_the_same_the_one_that_knows_most_is_taken)
{
    static const char *const sequences[] = {"addi:4 add:4", "addi:4 add:4<1", "addi:4 add:4<12",
                                            "addi:4 add:4<2"};
    struct grove grove;

    grove_plant(&grove, sequences, COUNT(sequences));
    check_division(&grove, "addi:4 add:4", 0, "0.");
    check_division(&grove, "addi:4 add:4<1", 0, "1.");
    check_division(&grove, "addi:4 add:4<12", 0, "2.");
    check_division(&grove, "addi:4 add:4<2", 0, "3.");
}
END_TEST

START_TEST(what_came_before_the_first_instruction_does_not_count)
{
    static const char *const sequences[] = {"add:4 sub:4<1", "ld:4 ld:4=", "jal:40", "jalr:2"};
    struct grove grove;

    grove_plant(&grove, sequences, COUNT(sequences));
    check_division(&grove, "xor:4 add:4<1 sub:4<1", 0, ".0.");
    check_division(&grove, "ld:4 ld:4= ld:4= sd:4", 0, "11..");
    check_division(&grove, "xor:4 jal:40", 0, ".2");
    check_division(&grove, "xor:4 jal:4", 0, "..");
    check_division(&grove, "xor:4 jalr:20<1", 0, ".3");
    ck_assert_uint_eq(fuse_first(fuse_read("jalr:20=<12")), fuse_read("jalr:20"));
    ck_assert_uint_eq(fuse_first(fuse_read("beq:4!<12")), fuse_read("beq:4!"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_run_is_divided_with_the_fewest_jumps,
        a_sequence_ends_where_the_run_does,
        a_sequence_reaches_into_what_was_known_before,
        nothing_is_fused_over_what_stands_alone,
        a_handler_that_knows_fewer_facts_suits_and_one_that_knows_more_does_not,
        of_handlers_that_save_the_same_the_one_that_knows_most_is_taken,
        what_came_before_the_first_instruction_does_not_count,
    };

    return SUITE_RUN("fuse_ops", tests, 1);
}
