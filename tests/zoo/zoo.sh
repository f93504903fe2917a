#!/bin/sh
# zoo.sh VITRINE FILE.s: runs a kernel with a classic mistake on both engines, and compares what `--why` says of it with the
# comments at its beginning:
#   # says: WORDS      the first sentence begins so
#   # also: WORDS      and contains this
#   # unasked: WORDS   while it runs, "The guest WORDS" is said without being asked, once; without this line, nothing is
set -u
vitrine=$1 kernel=$2
words() { sed -n "s/^# $1: //p" "$kernel"; }
says=$(words says) also=$(words also) unasked=$(words unasked)
errors=$(mktemp) || exit 1
trap 'rm -f "$errors"' EXIT
trap 'exit 130' HUP INT PIPE TERM
fail() {
    printf 'FAILED %s (%s): %s\n' "$kernel" "$engine" "$1"
    sed 's/^/    /' "$errors"
    exit 1
}

[ -n "$says" ] || { echo "$kernel does not say what is to be said"; exit 1; }
for engine in plain fast; do
    "$vitrine" run "$kernel" --firmware none --clock virtual --max-insns 2200000 --engine $engine --why \
        >/dev/null 2>"$errors" </dev/null
    first=$(grep -v '^vitrine: ' "$errors" | head -n 1)
    case $first in "$says"*) ;; *) fail "expected \"$says\"" ;; esac
    case $first in *"$also"*) ;; *) fail "expected \"$also\"" ;; esac
    told=$(grep -c '^vitrine: The guest .* Why:$' "$errors")
    if [ -z "$unasked" ]; then
        [ "$told" = 0 ] || fail "said something unasked"
    else
        [ "$told" = 1 ] || fail "said something unasked $told times"
        grep -q "^vitrine: The guest $unasked" "$errors" || fail "expected unasked: \"$unasked\""
    fi
    echo "ok $engine: $first"
done
