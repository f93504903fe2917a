#!/bin/sh
# test_check_includes.sh: plants each breach in a small house of its own and expects check_includes.sh to name its line.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(mktemp -d)
house=$top/house
trap 'rm -rf "$top"' EXIT

# expect WHAT FILE LINE WORDS, with the file's text on stdin; an empty LINE expects silence.
expect() {
    rm -rf "$house"
    mkdir -p "$house/memory" "$house/cpu" "$house/devices" "$house/loader" "$house/frontend" "$house/tests/cpu" "$house/roms"
    cat >"$house/$2"
    if got=$("$here/check_includes.sh" "$house"); then code=0; else code=1; fi
    if [ -z "$3" ]; then want=; else want="$2:$3: $4"; fi
    if [ "$got" = "$want" ] && [ "$code" = "$((${#3} > 0))" ]; then return; fi
    printf 'FAIL %s\n  expected: %s\n  got (exit %s): %s\n' "$1" "$want" "$code" "$got"
    : >"$top/failed" # not a variable: some of these run in a pipe
}

long() { awk -v lines="$1" 'BEGIN { while (lines--) print "/* */" }'; }

expect "an include to the left is fine" cpu/hart.c "" <<'END'
#include "memory/bus.h"
#include "cpu/isa.def"
END
expect "an include to the right" memory/ram.c 2 'memory/ may not include cpu/' <<'END'
#include "memory/types.h"
#  include "cpu/hart.h"
END
expect "devices do not know the loader" devices/uart.h 1 'devices/ may not include loader/' <<'END'
#include "loader/elf.h"
END
expect "an include without its folder" cpu/hart.c 1 'an include names its folder: "hart.h" does not' <<'END'
#include "hart.h"
END
expect "sources do not include tests" loader/elf.c 1 'an include names its folder: "tests/x.h" does not' <<'END'
#include "tests/x.h"
END
expect "tests see all" tests/cpu/test_hart.c "" <<'END'
#include "frontend/options.h"
END
expect "SDL2 outside frontend" devices/uart.c 1 'SDL2 is for frontend/ alone' <<'END'
#include <SDL2/SDL.h>
END
expect "SDL2 in frontend is fine" frontend/window.c "" <<'END'
#include <SDL.h>
END
expect "libelf outside loader" frontend/main.c 2 'libelf is for loader/ alone' <<'END'
#include <stdio.h>
#include <gelf.h>
END
expect "libelf in loader is fine" loader/elf.c "" <<'END'
#include <libelf.h>
END
long 400 | expect "400 lines are fine" cpu/long.c ""
long 401 | expect "401 lines are not" cpu/long.c 401 'more than 400 lines'
long 500 | expect "a table may be longer" cpu/isa.def ""
# Put together here, or this file would breach the rule it tests.
printf '#!/bin/sh\nget http://%s.%s.org/x\n' deb debian | expect "a script with an archive host" roms/get 2 'names a host of the package archive'
printf 'see the mirror of this machine\n' | expect "a script without one" roms/get ""

[ ! -e "$top/failed" ]
