#!/bin/sh
# screen.sh VITRINE: a Debian kernel with a screen goes back in time, and its picture with it: to the last pixel that of a run that was
# ended at that step. Exit code 77 (skipped) where the guest's files are not there and cannot be fetched.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
vitrine=$1
"$here/roms/recipes/guest" screen >/dev/null || {
    echo "skipped: the guest is not in the cache and cannot be made now"
    exit 77
}
work=$(mktemp -d)
XDG_RUNTIME_DIR=$work
export XDG_RUNTIME_DIR
machine=
finish() {
    [ -z "$machine" ] || kill "$machine" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
first=1378000000 later=1700000000 end=1900000000 # a cursor alone; a shell; the shell's cursor blinks

run() { "$vitrine" run screen -q -m 256M --net none --clock virtual --name screened "$@" </dev/null >"$work/guest" 2>&1; }
now() { "$vitrine" --name screened info machine 2>/dev/null | sed -n 's/^step *//p'; }
# picture STEP: of a run that ends there
picture() { run --max-insns "$1" --screenshot "$work/$1.png" || [ $? = 124 ]; }
picture $first
picture $later
! cmp -s "$work/$first.png" "$work/$later.png" || { echo "nothing changes on the screen between $first and $later" && exit 1; }

# back STEP: of one that was there before
back() {
    run --history 512M --screenshot "$work/back.png" &
    machine=$!
    tries=0
    until [ "$(now || :)" -ge $end ] 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 1200 ] || { echo "the guest does not come to step $end" && cat "$work/guest" && exit 1; }
        sleep 0.1
    done
    "$vitrine" --name screened stop >/dev/null
    "$vitrine" --name screened back $(($(now) - $1)) >/dev/null
    [ "$(now)" = "$1" ] || { echo "it goes to step $(now) and not to $1" && exit 1; }
    "$vitrine" --name screened quit
    wait $machine || true
    machine=
    cmp "$work/back.png" "$work/$1.png"
}
back $first
back $later
