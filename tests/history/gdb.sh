#!/bin/sh
# gdb.sh VITRINE: Debian's gdb goes backwards in Debian's kernel, while it runs and in a recording of it.
# Exit code 77 (skipped) where gdb or the guest's files are not there and cannot be had.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
vitrine=$1
"$here/.ci/need" gdb-multiarch >/dev/null 2>&1 || {
    echo "skipped: gdb-multiarch cannot be installed here"
    exit 77
}
"$here/roms/recipes/guest" linux >/dev/null || {
    echo "skipped: Debian's kernel is not in the cache and cannot be fetched now"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# debug ARGUMENT...: vitrine with a stub in the folder, and gdb's words from the file "words".
debug() {
    "$vitrine" debug -q --gdb "unix:$work/gdb" "$@" </dev/null >"$work/guest" 2>&1 &
    machine=$!
    tries=0
    until [ -S "$work/gdb" ] || [ $tries = 300 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    timeout 300 gdb-multiarch -nx -batch -ex "target remote $work/gdb" -x "$work/words" >"$work/said" 2>&1 || :
    kill $machine 2>/dev/null || :
    wait $machine 2>/dev/null || :
    rm -f "$work/gdb"
}

# expect WORDS: gdb has said that.
expect() {
    grep -q "$1" "$work/said" || {
        cat "$work/said"
        echo "gdb should have said: $1"
        exit 1
    }
}

# The kernel's entry; steps, one of them back; back to power-on, and forwards again.
cat >"$work/words" <<'WORDS'
set pagination off
set confirm off
tbreak *0x80200000
continue
stepi
stepi
stepi
printf "after three: %lx\n", $pc
stepi
reverse-stepi
printf "and again: %lx\n", $pc
reverse-continue
printf "oldest: %lx\n", $pc
tbreak *0x80200000
continue
printf "forwards: %lx\n", $pc
kill
WORDS
debug linux --clock virtual
three=$(sed -n 's/^after three: //p' "$work/said")
expect "^and again: ${three:-?}\$"
expect 'No more reverse-execution history'
expect '^oldest: 1000$'
expect '^forwards: 80200000$'

"$vitrine" run linux -q --clock virtual --max-insns 400000000 --record "$work/record" </dev/null >/dev/null 2>&1 || :
cat >"$work/words" <<'WORDS'
set pagination off
set confirm off
continue
tbreak *0x80200000
reverse-continue
printf "entry: %lx\n", $pc
stepi
reverse-stepi
printf "entry again: %lx\n", $pc
kill
WORDS
debug --replay "$work/record"
expect '^entry: 80200000$'
expect '^entry again: 80200000$'
