#!/bin/sh
# lockstep.sh FOLDER [OPTIONS] IMAGE: runs FOLDER/lockstep with the QEMU of roms/recipes. README.md has the options.
# Exit code 77: QEMU cannot be had. The rest is lockstep's.
set -eu
[ $# -ge 2 ] || {
    echo "usage: $0 FOLDER [OPTIONS] IMAGE (FOLDER: where lockstep and plugin.so were built)" >&2
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
exec "$folder/lockstep" --plugin "$folder/plugin.so" --qemu "$(value qemu)" --qemu32 "$(value qemu32)" "$@"
