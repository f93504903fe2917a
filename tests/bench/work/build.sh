#!/bin/sh
# build.sh FOLDER [ROUNDS [ROW...]]: builds the workloads of the list WORKLOADS, or those named, as FOLDER/ROW. ROUNDS
# replaces every workload's own number of rounds; "-" keeps them. What is newer than its sources is not built again.
# A row NAME-KIND is made of NAME.c, or NAME_KIND.c where there is one, and NAME_entry.S or NAME_KIND_entry.S.
# Wants Debian's gcc-riscv64-unknown-elf; GCC=... names another compiler.
set -eu

[ $# -ge 1 ] || { echo "usage: $0 FOLDER [ROUNDS [ROW...]]" >&2 && exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
only_rounds=${2:--}
shift
[ $# -eq 0 ] || shift
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
gcc=${GCC:-riscv64-unknown-elf-gcc}
command -v "$gcc" >/dev/null || {
    echo "$0: no $gcc: install the package gcc-riscv64-unknown-elf" >&2
    exit 1
}

# Contraction is off so that sums of floating point are the same for every compiler, and loops are not turned into calls of
# memcpy, so that they are what the source says.
flags="-std=gnu11 -O2 -g -Wall -Wextra -Werror -mcmodel=medany -ffreestanding -fno-math-errno -ffp-contract=off
       -fno-tree-loop-distribute-patterns -nostdlib -nostartfiles -static -Wl,--build-id=none
       -Wl,--no-warn-rwx-segments -Wl,--defsym=BASE=0x80000000"

# first FILE...: the first that exists, or nothing
first() {
    for file; do
        [ ! -e "$file" ] || { echo "$file" && return; }
    done
}

# build ROW KIND ROUNDS
build() {
    name=${1%-"$2"}
    case $2 in
    rv32) machine="-march=rv32gc -mabi=ilp32d" space=bare ;;
    sv39) machine="-march=rv64gc -mabi=lp64d" space=sv39 ;;
    *) machine="-march=rv64gc -mabi=lp64d" space=bare ;;
    esac
    target=$out/$1
    stamp="$3 $gcc $machine $flags"
    if [ -e "$target" ] && [ "$(cat "$target.stamp" 2>/dev/null)" = "$stamp" ] &&
        [ -z "$(find "$here" "$root/roms" -maxdepth 1 -type f -newer "$target")" ]; then return; fi
    # shellcheck disable=SC2046,SC2086 # lists are meant to be split
    (cd "$here" && "$gcc" $machine $flags -I. -I"$root" -T "$root/roms/guest.ld" -DROUNDS="$3" -DNAME="\"$name\"" -o "$target" \
        start.S $(first "${name}_$2.c" "$name.c") $(first "${name}_$2_entry.S" "${name}_entry.S") main.c $space.c routines.c \
        "$root/roms/board.c" "$root/roms/print.c" -lgcc)
    echo "$stamp" >"$target.stamp"
}

# is_wanted ROW NAME...: no names want all
is_wanted() {
    row=$1
    shift
    [ $# -gt 0 ] || return 0
    for name; do [ "$name" != "$row" ] || return 0; done
    return 1
}

sed 's/#.*//; /^ *$/d; s/ *| */|/g' "$here/../WORKLOADS" | while IFS='|' read -r row kind rounds _; do
    case $kind in
    bare | sv39 | rv32 | self) ;;
    *) continue ;;
    esac
    is_wanted "$row" "$@" || continue
    [ "$only_rounds" = - ] || rounds=$only_rounds
    build "$row" "$kind" "$rounds"
done
