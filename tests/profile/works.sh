#!/bin/sh
# works.sh RECORD SELECT GENERATE: the profiler's way from a guest to handlers, with a guest of a few hundred steps.
set -eu
record=$1 select=$2 generate=$3
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "$*"
    cat "$work/log"
    exit 1
}

VITRINE_RUNS=$work/runs "$record" run "$here/../../roms/hello.s" --engine plain --firmware none --clock virtual \
    >"$work/printed" 2>"$work/log" </dev/null || fail "the guest did not run"
grep -q 'Hello from hello.s' "$work/printed" || fail "the guest did not say its line"
# For each letter one round: the loop is one run, and its last instruction the jump back.
grep -q '^18 .* jal:40$' "$work/runs" || fail "its loop of 18 letters was not recorded: $(cat "$work/runs")"

"$select" 20 "1=$work/runs" >"$work/profile" 2>"$work/log" || fail "nothing was selected"
sequences=$(grep -c '^[0-9]' "$work/profile") || fail "no sequence was selected"
{ [ "$sequences" -ge 3 ] && [ "$sequences" -le 20 ]; } || fail "$sequences sequences were selected"
awk '/^#/ { next } { sum += $1; if (NF < 3 || NF > 7) exit 1 } END { exit sum >= 1000000 }' "$work/profile" ||
    fail "it saves more jumps than there are: $(cat "$work/profile")"

"$generate" 64 20 "$work/profile" "$work/handlers" 2>"$work/log" || fail "no handlers were made"
handlers=$(grep -c '^FUSED(' "$work/handlers") || fail "no handlers were made"
[ "$handlers" = "$sequences" ] || fail "$handlers handlers were made of $sequences sequences"
"$generate" 64 0 "$work/profile" "$work/handlers" 2>"$work/log" || fail "a build without sequences is not possible"
! grep -q '^FUSED(' "$work/handlers" || fail "handlers were made where none were wanted"
echo '7 nonsense:4 addi:4' >"$work/wrong"
! "$generate" 64 20 "$work/wrong" "$work/handlers" 2>"$work/log" || fail "a wrong profile was taken"
grep -q 'wrong:1: ' "$work/log" || fail "the wrong line was not named"
echo "$sequences sequences"
