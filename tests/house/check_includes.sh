#!/bin/sh
# check_includes.sh ROOT: the rules of the house that no compiler checks. Prints FILE:LINE: WHY for each breach, and fails.
#   - a folder includes itself and those to its left: memory <- cpu <- devices <- loader <- frontend, path-qualified
#   - SDL2 is known to frontend/ alone, libelf to loader/ (and the tests, which make ELF files)
#   - a .c or .h file has at most 400 lines (tables, *.def, may be longer)
#   - no file names a host of the package archive: the address comes from the machine that runs us
set -eu
cd "$1"

files() { find memory cpu devices loader frontend tests roms -type f \( -name '*.c' -o -name '*.h' -o -name '*.def' \) 2>/dev/null | sort; }

check_sources() {
    awk '
    BEGIN { n = split("memory cpu devices loader frontend", house); for (i = 1; i <= n; i++) rank[house[i]] = i }
    function breach(why) { printf "%s:%d: %s\n", FILENAME, FNR, why }
    { folder = FILENAME; sub(/\/.*/, "", folder) }
    FNR == 401 && FILENAME !~ /\.def$/ { breach("more than 400 lines") }
    /^[ \t]*#[ \t]*include[ \t]*</ {
        if (/<SDL/ && folder != "frontend") breach("SDL2 is for frontend/ alone")
        if (/<(.*\/)?(libelf|gelf|elfutils\/libdw)\.h>/ && folder != "loader" && folder != "tests") breach("libelf is for loader/ alone")
    }
    /^[ \t]*#[ \t]*include[ \t]*"/ && folder in rank {
        path = $0; sub(/^[^"]*"/, "", path); sub(/".*/, "", path)
        whose = path; sub(/\/.*/, "", whose)
        if (!(whose in rank)) breach("an include names its folder: \"" path "\" does not")
        else if (rank[whose] > rank[folder]) breach(folder "/ may not include " whose "/")
    }' "$@" /dev/null
}

# Everything but what was built, and what git keeps for itself.
check_hosts() {
    find . \( -name .git -o -name build -o -name .cache \) -prune -o -type f -print | sort | sed 's|^\./||' |
        tr '\n' '\0' | xargs -0 grep -InE '[a-z0-9-]+[.](debian|ubuntu)[.](org|com)' /dev/null |
        sed 's/^\([^:]*:[0-9]*\):.*/\1: names a host of the package archive/'
}

# shellcheck disable=SC2046  # our file names have no spaces
breaches=$(check_sources $(files) && check_hosts)
[ -z "$breaches" ] || { printf '%s\n' "$breaches" && exit 1; }
