#!/bin/sh
# random.sh FOLDER [OPTIONS]: runs FOLDER/random with the QEMU of roms/recipes. README.md has the options.
# Exit code 77: QEMU cannot be had. The rest is random's.
set -eu
[ $# -ge 1 ] || {
    echo "usage: $0 FOLDER [OPTIONS] (FOLDER: where random was built)" >&2
    exit 2
}
recipe=$(cd "$(dirname "$0")/../.." && pwd)/roms/recipes/guest
folder=$1
shift

files=$("$recipe" qemu) || {
    echo "skipped: QEMU 10 is not in the cache and cannot be fetched now"
    exit 77
}
value() { printf '%s\n' "$files" | sed -n "s/^$1=//p"; }
exec "$folder/random" --qemu "$(value qemu)" --qemu32 "$(value qemu32)" "$@"
