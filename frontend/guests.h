/* Guests by name: a recipe (a shell script in roms/recipes, installed in share/vitrine/recipes)
 * fetches and makes what a guest needs and prints where it is, one NAME=value line each. */
#ifndef FRONTEND_GUESTS_H
#define FRONTEND_GUESTS_H

#include "memory/types.h"

/* One guest that can be booted by name. */
struct guest {
    const char *name, *meaning;
    const char *append; /* the kernel's command line, for a start */
    u64 ram_size;       /* bytes, unless the user says otherwise */
    bool is_installed;  /* made once, as the user wishes, and then his own: it is written to */
};

/* What an installed guest shall be like. What is not said is the recipe's choice. */
struct guest_wishes {
    u64 size; /* of its disk, in bytes; 0: not said */
    const char *packages, *hostname, *user;
};

/* Ends with a guest whose name is NULL. */
extern const struct guest guests[];

/* NULL when there is none of that name. */
const struct guest *guest_find(const char *name);

#define GUEST_TEXT 16384

/* What a recipe printed. Members are NULL where it said nothing. */
struct guest_files {
    char text[GUEST_TEXT];
    const char *kernel, *initrd, *firmware, *firmware32, *disk;
};

/* Runs the recipe of that name; wishes may be NULL. Its progress goes to stderr as it comes. False
 * and one sentence when the recipe cannot be found, fails, or prints what it should not. */
bool guest_make(struct guest_files *files, const char *name, const struct guest_wishes *wishes,
                char *message, size_t message_size);
/* Was anything wished for? */
bool guest_has_wishes(const struct guest_wishes *wishes);
/* The same from the recipe's output, which is taken apart in place. */
bool guest_read(struct guest_files *files, char *message, size_t message_size);
/* Where the recipes are: VITRINE_SHARE, or beside or above the program, or ../share/vitrine. */
bool guest_find_recipe(char *path, size_t size);

#endif
