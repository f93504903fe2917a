#!/bin/sh
# What somebody asks of `vitrine run debian`: what cannot be is refused before anything is fetched, and a machine that is there
# is not changed by asking differently. No network: there is a machine already, made of empty files.
set -eu
guest=$(cd "$(dirname "$0")/../.." && pwd)/roms/recipes/guest
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME="$work/cache" XDG_DATA_HOME="$work/data" VITRINE_MIRROR=file:/nowhere
machine=$work/data/vitrine/debian
PATH=$PATH:/usr/sbin:/sbin

fail() {
    echo "FAILED: $*"
    exit 1
}

# refuses SENTENCE VARIABLE=VALUE...: exit code 4, and it says so
refuses() {
    sentence=$1
    shift
    code=0
    env "$@" "$guest" debian >"$work/out" 2>"$work/error" || code=$?
    [ $code = 4 ] || fail "exit code $code with $*"
    grep -qF -e "$sentence" "$work/error" || fail "with $*, no \"$sentence\" in: $(cat "$work/error")"
}

# accepts VARIABLE=VALUE...: and prints where things are
accepts() {
    env "$@" "$guest" debian >"$work/out" 2>"$work/error" || fail "refused with $*: $(cat "$work/error")"
    grep -qx "disk=$machine/root.ext4" "$work/out" || fail "with $*, no disk in: $(cat "$work/out")"
}

# Nothing is there yet.
refuses "cannot be a user's name" VITRINE_USER=root
refuses "cannot be a user's name" VITRINE_USER="ada'; reboot"
refuses "cannot be a user's name" VITRINE_USER=-r
refuses "cannot be a host's name" VITRINE_HOSTNAME='a b'
refuses "cannot be a host's name" VITRINE_HOSTNAME=''"'"
refuses "is no package's name" VITRINE_PACKAGES='gcc --purge'
refuses "is no package's name" VITRINE_PACKAGES='gcc $(id)'
refuses "is no size" VITRINE_SIZE=8G
refuses "2G at least" VITRINE_SIZE=1000000
[ ! -e "$machine" ] && [ ! -e "$machine.unfinished" ] || fail "something was made all the same"

# A machine is there.
mkdir -p "$machine"
: >"$machine/fw_dynamic.bin"
: >"$machine/Image"
: >"$machine/initrd.gz"
: >"$machine/password"
printf "user='ada'\nhostname='glass'\nextra='file gcc'\nsize='3221225472'\n" >"$machine/asked"
mke2fs -q -F -t ext4 "$machine/root.ext4" 3145728k >/dev/null
accepts
accepts VITRINE_USER=ada VITRINE_HOSTNAME=glass VITRINE_PACKAGES='gcc  file' VITRINE_SIZE=3221225472
grep -q 'log in as ada' "$work/error" || fail "it does not say who can log in"
refuses 'with the user ada' VITRINE_USER=bob
refuses 'called glass' VITRINE_HOSTNAME=pane
refuses 'sudo apt install nano' VITRINE_PACKAGES=nano
refuses 'can only grow' VITRINE_SIZE=2684354560
accepts VITRINE_SIZE=4294967296
[ "$(stat -c %s "$machine/root.ext4")" = 4294967296 ] || fail "the image has not grown"
blocks=$(dumpe2fs -h "$machine/root.ext4" 2>/dev/null | sed -n 's/^Block count: *//p')
[ "$blocks" = 1048576 ] || fail "the file system in it has $blocks blocks of 4 KiB, not 1048576"
e2fsck -fn "$machine/root.ext4" >"$work/out" 2>&1 || fail "e2fsck finds fault with it: $(cat "$work/out")"
