#!/bin/sh
# quiet.sh VITRINE: Debian's kernel boots to a shell and powers off, under both clocks and on several harts, and not a word is said
# unasked; asked for, `--why` finds nothing wrong. The other half of the zoo: no false alarms.
set -eu
vitrine=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
facts=$("$root/roms/recipes/guest" linux) || exit $?
value() { printf '%s\n' "$facts" | sed -n "s/^$1=//p" | tail -n 1; }
kernel=$(value kernel) initrd=$(value initrd) firmware=$(value firmware)
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
trap 'exit 130' HUP INT PIPE TERM

for options in "-c 1 --clock virtual" "-c 2 --clock live" "-c 4 --clock virtual"; do
    # shellcheck disable=SC2086 # a list of options
    printf 'ls /proc >/dev/null; poweroff -f\n' | "$vitrine" run -k "$kernel" -i "$initrd" --firmware "$firmware" $options \
        --timeout 1000s -a "console=ttyS0 loglevel=3" --why >/dev/null 2>"$errors" ||
        { echo "FAILED $options: exit code $?" && cat "$errors" && exit 1; }
    if grep '^vitrine: The guest ' "$errors"; then
        echo "FAILED $options: said unasked" && exit 1
    fi
    grep -q 'Nothing looks wrong; the last trap was' "$errors" ||
        { echo "FAILED $options: something looks wrong" && cat "$errors" && exit 1; }
    if grep -E '^(Hart [0-9]+: )?[A-Z]' "$errors" | grep -E 'missing|was never|overflowed|PMP'; then
        echo "FAILED $options: something looks wrong" && exit 1
    fi
    echo "ok $options"
done
