#!/bin/sh
# cases.sh CASE FOLDER ROMS: one test of the lock-step. FOLDER has lockstep and plugin.so, ROMS what roms/build.sh made.
# Exit code 77 (skipped) where QEMU, or the image that the case needs, cannot be had.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
recipe=$here/../../roms/recipes/guest
name=$1 folder=$2 roms=$3

lockstep() { "$here/lockstep.sh" "$folder" "$@"; }

# fetch GUEST: the recipe's KEY=value lines, for value KEY
fetch() {
    files=$("$recipe" "$1") || {
        echo "skipped: the guest $1 is not in the cache and cannot be fetched now"
        exit 77
    }
}
value() { printf '%s\n' "$files" | sed -n "s/^$1=//p"; }

# All but those that need a second hart, a person, HTIF, firmware, a disk or a screen, and those that never end.
guests() {
    for image in "$roms/$1"/*; do
        case ${image##*/} in
        spinlock | echo | htif* | sbi | breakpoint | disk* | picture | trouble_*) continue ;;
        esac
        echo "${image##*/}:"
        lockstep -m 64 "$image"
    done
}

# linux INSNS APPEND
linux() {
    fetch linux
    lockstep --firmware "$(value firmware)" -i "$(value initrd)" -a "$2" --insns "$1" "$(value kernel)"
}

# Only here does QEMU have its triggers on.
triggers() {
    lockstep -m 64 --cpu "$1imafdc_zicntr_zicsr_zifencei_sdtrig" "$roms/$1/check_triggers"
}

opensbi() {
    fetch opensbi
    firmware=$(value "$2")
    [ -n "$firmware" ] || {
        echo "skipped: this OpenSBI package has no $2"
        exit 77
    }
    lockstep -m 64 --firmware "$firmware" "$roms/$1/sbi"
}

# A bit of a0 is turned round before instruction 1000: that is where they must differ, and nothing else may.
planted() {
    said=$(lockstep -m 64 --plant 1000 "$roms/rv64/paging") && {
        echo "the planted difference was not found"
        return 1
    }
    printf '%s\n' "$said"
    case $said in
    skipped*) exit 77 ;;
    *"They differ after 1000 instructions"*) ;;
    *) return 1 ;;
    esac
    [ "$(printf '%s\n' "$said" | sed -n '/Vitrine  *QEMU/,$p' | wc -l)" -eq 2 ] # the heading, and a0
}

# Floating point in U-mode; without blanks, because the kernel splits there. Its end is a panic, and that a reset.
program='BEGIN{for(i=1;i<30000;i++){s+=i*1.1/(i-0.3)-s/7;t=t*0.999+s%3}printf("%.17g_%.17g_%d\n",s,t,s*t)}'

case $name in
guests_rv64) guests rv64 ;;
guests_rv32) guests rv32 ;;
triggers_rv64) triggers rv64 ;;
triggers_rv32) triggers rv32 ;;
opensbi_rv64) opensbi rv64 firmware ;;
opensbi_rv32) opensbi rv32 firmware32 ;;
a_planted_difference_is_found) planted ;;
linux) linux 50000000 console=ttyS0 ;;
linux_and_a_program) linux 20000000000 "console=ttyS0 panic=-1 rdinit=/bin/busybox -- awk $program" ;;
*)
    echo "$0: there is no case $name" >&2
    exit 2
    ;;
esac
