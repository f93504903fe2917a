#!/bin/sh
# Builds every guest of this folder, for RV64 and RV32: build.sh FOLDER
# makes FOLDER/rv64/NAME and FOLDER/rv32/NAME, ELF files, checks as check_NAME, guests that never end as trouble_NAME.
# Wants Debian's gcc-riscv64-unknown-elf, whose compiler serves both widths; no C library.
# GCC=... names another compiler.
set -eu

[ $# -eq 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
out=$1
here=$(cd "$(dirname "$0")" && pwd)
gcc=${GCC:-riscv64-unknown-elf-gcc}
command -v "$gcc" >/dev/null || {
    echo "$0: no $gcc: install the package gcc-riscv64-unknown-elf" >&2
    exit 1
}

flags="-std=gnu11 -O1 -g -Wall -Wextra -mcmodel=medany -ffreestanding -fno-builtin -nostdlib
       -nostartfiles -static -Wl,--build-id=none -Wl,--no-warn-rwx-segments -I$here"

# Without floating point: an interrupt handler in C would save all its registers, and it is off at reset.
# build WIDTH NAME BASE SOURCE... [-DNAME=VALUE]
build() {
    case $1 in
    rv64) machine="-march=rv64imac_zicsr_zifencei -mabi=lp64" ;;
    rv32) machine="-march=rv32imac_zicsr_zifencei -mabi=ilp32" ;;
    esac
    target=$out/$1/$2 base=$3
    shift 3
    # shellcheck disable=SC2086 # both lists are meant to be split
    (cd "$here" && "$gcc" $machine $flags -T guest.ld -Wl,--defsym=BASE="$base" -o "$target" "$@")
}

mkdir -p "$out/rv64" "$out/rv32"
out=$(cd "$out" && pwd)
for width in rv64 rv32; do
    case $width in
    rv64) float="-march=rv64gc -mabi=lp64d" ;; # the later -march wins
    rv32) float="-march=rv32gc -mabi=ilp32d" ;;
    esac
    for name in hello fail timer echo spinlock paging picture; do
        build $width $name 0x80000000 start.S $name.c board.c print.c
    done
    build $width disk 0x80000000 start.S disk_machine.c disk.c board.c print.c
    build $width disk_sbi 0x80200000 start_supervisor.S disk_sbi.c disk.c print.c
    for name in flood storm spin traps; do
        build $width trouble_$name 0x80000000 start.S trouble/$name.c board.c print.c
    done
    build $width htif 0x80000000 start.S htif.c
    build $width htif_exit7 0x80000000 start.S htif.c -DEXIT_CODE=7
    for name in sbi breakpoint; do
        build $width $name 0x80200000 start_supervisor.S $name.c print.c
    done
    for source in "$here"/check/*.S; do
        [ -e "$source" ] || continue
        name=$(basename "$source" .S)
        # shellcheck disable=SC2086 # two options
        build $width "check_$name" 0x80000000 "check/$name.S" $float
    done
done
