#!/bin/sh
# saving.sh VITRINE SOURCE [full]: snapshots with names, of a machine that runs SOURCE: saved, listed, restored and deleted; what is kept
# when the process is killed while it saves. full: what a full disk does, in a mount of its own; exit code 77 (skipped) where there can
# be none.
set -eu
vitrine=$1 source=$2
if [ "${3:-}" = full ] && [ -z "${VITRINE_FULL:-}" ]; then
    unshare -rm true 2>/dev/null || {
        echo "skipped: no mount of its own can be had here (unshare -rm)"
        exit 77
    }
    VITRINE_FULL=1 exec unshare -rm "$0" "$@"
fi
work=$(mktemp -d)
XDG_RUNTIME_DIR=$work/run XDG_DATA_HOME=$work/data
export XDG_RUNTIME_DIR XDG_DATA_HOME
names=$XDG_DATA_HOME/vitrine/snapshots
mkdir "$XDG_RUNTIME_DIR"
machine=
finish() {
    [ -z "$machine" ] || kill -9 "$machine" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

fail() {
    echo "$*"
    exit 1
}
# says EXPECTED WORD...: the command is obeyed, or refused, with the expected words.
says() {
    expected=$1
    shift
    "$vitrine" "$@" >"$work/answer" 2>&1 || true
    grep -q -- "$expected" "$work/answer" || {
        echo "$* says, without \"$expected\":" && cat "$work/answer"
        exit 1
    }
}
# start: a machine whose memory has 100 MB that cannot be compressed, until it can be asked.
start() {
    "$vitrine" run "$source" -q -m 128M --timeout 120s --name saved </dev/null >"$work/output" 2>&1 &
    machine=$!
    tries=0
    until "$vitrine" list 2>/dev/null | grep -q '^saved '; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || fail "the machine does not start: $(cat "$work/output")"
        sleep 0.1
    done
    says 'bytes' load "$work/noise" 0x81000000
}
left() { find "$work" -name '*.saving-*' | wc -l; }

head -c 100000000 /dev/urandom >"$work/noise"
if [ "${3:-}" = full ]; then
    mkdir "$work/small"
    mount -t tmpfs -o size=8m none "$work/small"
    start
    says 'cannot be saved: No space left' snapshot save "$work/small/kept"
    [ -z "$(ls -A "$work/small")" ] || fail "a full disk keeps $(ls -A "$work/small")"
    says 'machine runs' step
    says 'saved at step' snapshot save kept
    umount "$work/small"
    exit 0
fi

[ -z "$("$vitrine" snapshot list)" ] || fail "there are snapshots"
start
says 'saved at step' snapshot save kept
says 'saved at step' snapshot save other
says 'saved at step' snapshot save "$work/file"
[ -e "$names/kept.snapshot" ] || fail "there is no file $names/kept.snapshot"
says '^kept  .*RV64, 1 hart, 128 MiB' snapshot list
says '"name": *"other"' snapshot list --json
says "^$work/file  " snapshot list "$work"
says '^kept  ' snapshot info kept
says 'kept is whole' snapshot check kept
says 'file is whole' snapshot check "$work/file"
says 'restored at step' snapshot restore kept
says 'other is deleted' snapshot delete other
says 'no such\|No such' snapshot info other
says 'cannot be the name' snapshot info 'a b'
printf 'snapshot list\nsnapshot check kept\nsnapshot delete other\n' | "$vitrine" monitor >"$work/answer" 2>&1 || true
grep -q '^kept  ' "$work/answer" || fail "the monitor's list: $(cat "$work/answer")"
grep -q 'kept is whole' "$work/answer" || fail "the monitor's check: $(cat "$work/answer")"

# Killed while it saves, at six times after it has begun: what had the name still has it, or the new one does. What was begun goes with
# the next one.
killed=0
for delay in 0 0.01 0.02 0.04 0.06 0.1; do
    [ -n "$machine" ] || start
    rm -f "$names"/*.saving-*
    "$vitrine" snapshot save kept >/dev/null 2>&1 &
    saver=$!
    tries=0
    until [ "$(left)" -gt 0 ] || [ $tries = 1000 ]; do tries=$((tries + 1)); done
    sleep $delay
    kill -9 "$machine"
    wait "$machine" 2>/dev/null || true
    wait $saver 2>/dev/null || true
    machine=
    killed=$((killed + $(left)))
    says 'kept is whole' snapshot check kept
    ! "$vitrine" snapshot list | grep -q saving || fail "what was begun is listed"
done
start
: >"$names/kept.snapshot.saving-abcdef" # as a killed one leaves it
[ "$killed" -gt 0 ] || fail "none was killed while it wrote"
says 'saved at step' snapshot save kept
[ "$(left)" = 0 ] || fail "after $killed were killed, $(left) files are left"
echo "$killed of 6 were killed while they wrote"
