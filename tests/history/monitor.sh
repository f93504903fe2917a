#!/bin/sh
# monitor.sh VITRINE SOURCE: the monitor goes back in time: from the overflow of SOURCE's stack (tests/zoo) to the stores before it, and
# to power-on. Likewise in a run with --history, where nobody has asked for a debugger; without, a sentence says what is missing.
set -eu
vitrine=$1 source=$2
work=$(mktemp -d)
XDG_RUNTIME_DIR=$work
export XDG_RUNTIME_DIR
machine=
finish() {
    [ -z "$machine" ] || kill "$machine" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# says EXPECTED WORD...: the machine answers the command, and the expected text is in the answer.
says() {
    expected=$1
    shift
    "$vitrine" "$@" >"$work/answer" 2>&1 || true
    [ -z "$expected" ] || grep -q -- "$expected" "$work/answer" || {
        echo "$* says, without \"$expected\":" && cat "$work/answer"
        exit 1
    }
}
is_listed() { "$vitrine" list 2>/dev/null | grep -q stack_overflow; }

# start WORD...: a machine, until it can be asked.
start() {
    "$vitrine" "$@" </dev/null >"$work/output" 2>&1 &
    machine=$!
    tries=0
    until is_listed; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || { echo "the machine does not start" && exit 1; }
        sleep 0.1
    done
}
# leave: the machine ends.
leave() {
    says '' quit
    wait $machine || true
}

start debug "$source" -q --gdb "unix:$work/gdb"
says 'step 100:' step 100
says 'step 60:' back 40
says 'step 59:' back
says 'recurse' break recurse
says 'writes to' watch sp 8
says '' continue
says 'was written' stop
says '' continue
says 'a breakpoint' stop
# Back in front of that store; and to the breakpoint before it.
says 'was written' reverse
says 'sd ra, 0(sp)' disas pc 1
says 'a breakpoint' reverse
says 'past, which cannot be changed' set t0 1
says 'nowhere' delete all
says 'Nothing before this' reverse
says 'step 0:' back 1
says 'step 100:' step 100
says 'goes back one step' back 0
leave

# With a screen, whose driver is none: its bulk is in the past, too.
start run "$source" -q --history 64M --screenshot "$work/picture.png" --timeout 60s
says 'stands still' stop
says 'was to go' back 5
says 'step 0:' reverse
says 'step 77:' step 77
says 'step 70:' back 7
leave

start run "$source" -q --timeout 60s
says 'stands still' stop
says 'or --history, does' back
leave
