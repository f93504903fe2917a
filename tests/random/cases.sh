#!/bin/sh
# cases.sh CASE FOLDER LOCKSTEP_FOLDER: the tests of this folder that are more than one command. FOLDER: where random was
# built; LOCKSTEP_FOLDER: where lockstep was.
# Exit code 77 (skipped) where QEMU cannot be had.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$1 folder=$2 lockstep=$3

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
    # fence.i always stays.
    left=$(printf '%s\n' "$said" | grep '^body ' | grep -vc 'fence.i$')
    [ "$left" -le 4 ]
    printf '%s\n' "$said" | grep -q '^body .* # sltu '
}

# 10^9 instructions of samples, half of them privileged, on both widths.
billion() {
    for cpu in max max32; do
        random --cpu "$cpu" --kind user --seed 1000000 --insns 250000000
        random --cpu "$cpu" --kind privileged --seed 1000000 --insns 250000000
    done
}

# A whole image on one hart of QEMU, compared before every instruction. The second is one with MML.
in_lockstep() {
    image=$(mktemp)
    trap 'rm -f "$image"' EXIT
    for seed in 1 260; do
        random --cpu "$1" --kind privileged --seed "$seed" --samples 20 --write-image "$image" || return
        "$here/../lockstep/lockstep.sh" "$lockstep" -m 32 --cpu "$1" "$image" || return
    done
}

case $name in
lockstep_rv64) in_lockstep max ;;
lockstep_rv32) in_lockstep max32 ;;
a_planted_difference_is_found_and_shrunk) planted ;;
regressions) random --replay "$here"/regressions/*.txt ;;
billion) billion ;;
*)
    echo "$0: there is no case $name" >&2
    exit 2
    ;;
esac
