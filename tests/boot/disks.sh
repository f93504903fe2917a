#!/bin/sh
# disks.sh power_loss raw|overlay RECORDS CUTS FOLDER: Debian's disk through power cuts (power_loss.c)
# disks.sh kills COUNT VITRINE FOLDER: the machine is killed so often while Debian appends records to an ext4 disk, raw and
#     with an overlay in turns; each time e2fsck finds the disk clean and every acknowledged record is there.
# FOLDER has the programs of this folder. Exit code 77 (skipped) where a guest or a tool cannot be had.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d)
child=
cleanup() {
    [ -z "$child" ] || kill -9 "$child" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

fail() {
    echo "FAILED: $*"
    exit 1
}

value() { printf '%s\n' "$found" | sed -n "s/^$1=//p"; }

find_guest() {
    "$root/.ci/need" e2fsprogs || {
        echo "skipped: there is no e2fsck"
        exit 77
    }
    found=$("$root/roms/recipes/guest" disk-ext4) || {
        echo "skipped: Debian's kernel is not in the cache and cannot be fetched now"
        exit 77
    }
}

# new_disk KIND: a small file system that the guest has as its second disk, in blocks of a page, as Debian has it, or, over an
# overlay, in the smallest there are
new_disk() {
    rm -f "$work/disk" "$work/overlay"
    block=4096
    [ "$1" = raw ] || block=1024
    mke2fs -q -F -t ext4 -b $block "$work/disk" 16M >/dev/null 2>&1
}

# the words of -d for the second disk
second_disk() { [ "$1" = raw ] && echo "$work/disk" || echo "$work/disk,overlay=$work/overlay"; }

power_loss() {
    find_guest
    new_disk "$1"
    "$4/boot_power_loss" "$1" "$work" "$2" "$3" "${SEED:-1}" -- --clock virtual --max-insns 20000000000 \
        -k "$(value kernel)" -i "$(value initrd)" --firmware "$(value firmware)" -a "console=ttyS0 ro" \
        -d "$(value disk),ro" -d "$(second_disk "$1")"
}

# Random numbers below $1, from a seed that is printed.
random() {
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    number=$((seed / 65536 % $1))
}

acked() { tr -d '\r' <"$work/output" | sed -n 's/^acked \([0-9][0-9]*\)$/\1/p' | tail -n 1; }

# until_printed TEXT: in what the guest prints
until_printed() {
    until grep -q -- "$1" "$work/output"; do
        kill -0 "$child" 2>/dev/null || fail "the machine ended by itself: $(tail -n 5 "$work/error" "$work/output")"
        sleep 0.1
    done
}

# kill_once VITRINE KIND: boots, waits for some records, and kills the machine a moment later
kill_once() {
    : >"$work/output"
    "$1" run -k "$(value kernel)" -i "$(value initrd)" --firmware "$(value firmware)" -a "console=ttyS0 ro" -q \
        -d "$(value disk),ro" -d "$(second_disk "$2")" <"$work/keys" >"$work/output" 2>"$work/error" &
    child=$!
    exec 3>"$work/keys"
    until_printed 'to leave'
    echo 'mount -t ext4 /dev/vdb /mnt && cd /mnt; i=0; while true; do i=$((i+1)); echo record $i >>records; sync records; echo acked $i; done' >&3
    random 20
    until_printed "^acked $((number + 1))[^0-9]"
    random 1000
    sleep "0.$(printf %03d "$number")"
    kill -9 "$child"
    wait "$child" 2>/dev/null || true
    child=
    exec 3>&-
}

# What the disk holds, as one file
flat() {
    flat=$work/disk
    [ "$1" = raw ] || { flat=$work/flat && "$2/boot_flatten" "$work/disk" "$work/overlay" "$flat"; }
}

kills() {
    find_guest
    mkfifo "$work/keys"
    seed=${SEED:-$$}
    echo "seed $seed"
    for i in $(seq "$1"); do
        kind=raw
        [ $((i % 2)) = 1 ] || kind=overlay
        new_disk $kind
        kill_once "$2" $kind
        flat $kind "$3"
        code=0
        e2fsck -p "$flat" >"$work/fsck" 2>&1 || code=$?
        [ $code -le 1 ] || fail "e2fsck cannot replay the journal: $(cat "$work/fsck")"
        e2fsck -fn "$flat" >"$work/fsck" 2>&1 || fail "e2fsck finds fault: $(cat "$work/fsck")"
        count=$(acked)
        debugfs -R 'cat /records' "$flat" 2>/dev/null | head -n "$count" >"$work/records"
        seq "$count" | sed 's/^/record /' | cmp -s - "$work/records" || fail "of $count records not all are there"
        echo "$kind: killed after record $count"
    done
}

case $#:${1:-} in
5:power_loss | 4:kills) "$@" ;;
*)
    sed -n 's/^# //; 2,5p' "$0" >&2
    exit 2
    ;;
esac
