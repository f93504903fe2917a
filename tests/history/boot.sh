#!/bin/sh
# boot.sh PROGRAM ARGUMENT...: finds the files of the guest linux and runs PROGRAM ARGUMENT... KERNEL INITRD FIRMWARE.
# Exit code 77 (skipped) where the files are not there and cannot be fetched.
set -eu
recipe=$(cd "$(dirname "$0")/../.." && pwd)/roms/recipes/guest

files=$("$recipe" linux) || {
    echo "skipped: Debian's kernel is not in the cache and cannot be fetched now"
    exit 77
}
value() { printf '%s\n' "$files" | sed -n "s/^$1=//p"; }
exec "$@" "$(value kernel)" "$(value initrd)" "$(value firmware)"
