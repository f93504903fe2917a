#!/bin/sh
# cases.sh CASE FOLDER: the tests of this folder that are more than one command. FOLDER: where random was built.
# Exit code 77 (skipped) where QEMU cannot be had.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$1 folder=$2

random() { "$here/random.sh" "$folder" "$@"; }

# Ours takes sltu for slt: that must be noticed, and what is left must be a few instructions with sltu among them.
planted() {
    said=$(random --samples 200 --plant sltu=slt) && {
        echo "the planted difference was not found"
        return 1
    }
    printf '%s\n' "$said"
    case $said in
    skipped*) exit 77 ;;
    esac
    left=$(printf '%s\n' "$said" | sed -n 's/^\([0-9]*\) instructions are left:$/\1/p')
    [ "$left" -le 4 ]
    printf '%s\n' "$said" | grep -q '^body .* # sltu '
}

# Instructions of samples in lock-step or by their final state: 10^9, half of them privileged, on both widths.
billion() {
    for cpu in max max32; do
        random --cpu "$cpu" --kind user --seed 1000000 --insns 250000000
        random --cpu "$cpu" --kind privileged --seed 1000000 --insns 250000000
    done
}

case $name in
a_planted_difference_is_found_and_shrunk) planted ;;
regressions) random --replay "$here"/regressions/*.txt ;;
billion) billion ;;
*)
    echo "$0: there is no case $name" >&2
    exit 2
    ;;
esac
