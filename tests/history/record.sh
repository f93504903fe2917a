#!/bin/sh
# record.sh CLOCK VITRINE: Debian's kernel on the network, recorded from the command line and played back: what it prints
# must be the same to the last byte. Exit code 77 (skipped) where the guest's files are not there and cannot be fetched.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
clock=$1 vitrine=$2
files=$("$here/roms/recipes/guest" net) || {
    echo "skipped: Debian's kernel is not in the cache and cannot be fetched now"
    exit 77
}
value() { printf '%s\n' "$files" | sed -n "s/^$1=//p"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'ping -c 1 10.0.2.2; wget -O - http://10.0.2.2:1/; cat /proc/net/dev /proc/interrupts; poweroff\n' |
    timeout 300 "$vitrine" run -q -k "$(value kernel)" -i "$(value initrd)" -a console=ttyS0 --net user --clock "$clock" \
        --record "$work/record" >"$work/then"
grep -q 'bytes from 10.0.2.2' "$work/then" || {
    cat "$work/then"
    echo "The guest did not reach its network."
    exit 1
}
timeout 300 "$vitrine" --replay "$work/record" -q >"$work/now" </dev/null
cmp "$work/then" "$work/now"
timeout 300 "$vitrine" --replay "$work/record" -q --engine plain >"$work/plain" </dev/null
cmp "$work/then" "$work/plain"
size=$(wc -c <"$work/record")
head -c $((size * 2 / 3)) "$work/record" >"$work/cut"
timeout 300 "$vitrine" --replay "$work/cut" >"$work/cut.out" 2>"$work/words" </dev/null || :
grep -q 'breaks off\|damaged' "$work/words" || {
    cat "$work/words"
    echo "A recording that was cut is not said to be."
    exit 1
}
