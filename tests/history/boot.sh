#!/bin/sh
# boot.sh GUEST PROGRAM ARGUMENT...: finds the files of the guest and runs PROGRAM ARGUMENT... KERNEL INITRD FIRMWARE
# [DISK].
# Exit code 77 (skipped) where the files are not there and cannot be fetched.
set -eu
recipe=$(cd "$(dirname "$0")/../.." && pwd)/roms/recipes/guest

guest=$1
shift
files=$("$recipe" "$guest") || {
    echo "skipped: Debian's kernel is not in the cache and cannot be fetched now"
    exit 77
}
value() { printf '%s\n' "$files" | sed -n "s/^$1=//p"; }
disk=$(value disk)
exec "$@" "$(value kernel)" "$(value initrd)" "$(value firmware)" ${disk:+"$disk"}
