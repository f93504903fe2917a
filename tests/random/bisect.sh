#!/bin/sh
# bisect.sh FOLDER LOCKSTEP_FOLDER SAMPLE.txt: one sample in lock-step, to see the instruction at which the two sides part.
# FOLDER: where random was built; LOCKSTEP_FOLDER: where lockstep was.
set -eu
[ $# -eq 3 ] || {
    echo "usage: $0 FOLDER LOCKSTEP_FOLDER SAMPLE.txt" >&2
    exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
image=$(mktemp)
trap 'rm -f "$image"' EXIT
cpu=$(sed -n 's/^cpu //p' "$3")
"$here/random.sh" "$1" --write-image "$image" --replay "$3" || [ $? -ne 77 ] || exit 77
"$here/../lockstep/lockstep.sh" "$2" -m 32 --cpu "$cpu" "$image"
