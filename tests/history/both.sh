#!/bin/sh
# both.sh CLOCK VITRINE: Debian's kernel, recorded, with somebody who stops it on the way, goes back to power-on and elsewhere, and lets it
# go on; played back, it prints the same to the last byte. Exit code 77 (skipped) where the guest's files are not there.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
clock=$1 vitrine=$2
files=$("$here/roms/recipes/guest" linux) || {
    echo "skipped: Debian's kernel is not in the cache and cannot be fetched now"
    exit 77
}
value() { printf '%s\n' "$files" | sed -n "s/^$1=//p"; }
work=$(mktemp -d)
XDG_RUNTIME_DIR=$work
export XDG_RUNTIME_DIR
machine=
finish() {
    [ -z "$machine" ] || kill "$machine" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# says EXPECTED WORD...
says() {
    expected=$1
    shift
    "$vitrine" --name both "$@" >"$work/answer" 2>&1 || true
    grep -q -- "$expected" "$work/answer" || {
        echo "$* says, without \"$expected\":" && cat "$work/answer"
        exit 1
    }
}
# waits TEXT: until the guest has printed it.
waits() {
    tries=0
    until grep -q -- "$1" "$work/then"; do
        tries=$((tries + 1))
        [ $tries -lt 1200 ] || { echo "the guest does not print $1" && cat "$work/then" && exit 1; }
        sleep 0.1
    done
}

mkfifo "$work/keys"
"$vitrine" run -q -k "$(value kernel)" -i "$(value initrd)" -a console=ttyS0 -m 256M --net none --clock "$clock" --name both \
    --record "$work/record" --history 256M <"$work/keys" >"$work/then" 2>"$work/words" &
machine=$!
exec 3>"$work/keys"
waits 'Freeing unused kernel image'
says 'stands still' stop
says 'was to go' back 100000000
says 'was to go' back 3
says 'step 0:' reverse
says 'is recorded' set t0 1
"$vitrine" --name both continue >/dev/null
waits 'to leave'
says 'stands still' stop
says 'was to go' back 200000000
"$vitrine" --name both continue >/dev/null
printf 'uname -a; cat /proc/interrupts; poweroff\n' >&3
exec 3>&-
wait $machine || { cat "$work/words" && exit 1; }
machine=
grep -q 'Linux vitrine' "$work/then" || { cat "$work/then" && echo "The guest did not say its name." && exit 1; }
timeout 300 "$vitrine" --replay "$work/record" -q >"$work/now" </dev/null
cmp "$work/then" "$work/now"
