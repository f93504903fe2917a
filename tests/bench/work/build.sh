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
       -Wl,--no-warn-rwx-segments -Wl,--defsym=BASE=0x80000000 -I$here -I$root"

# first FILE...: the first that exists, or nothing
first() {
    for file; do
        [ ! -e "$file" ] || { echo "$file" && return; }
    done
}

# is_fresh FILE STAMP: whether FILE was made with this stamp from what is there now
is_fresh() {
    [ -e "$1" ] && [ "$(cat "$1.stamp" 2>/dev/null)" = "$2" ] &&
        [ -z "$(find "$here" "$root/roms" -maxdepth 1 -type f -newer "$1")" ]
}

# share: what all workloads of a kind have in common but main.c, as one object file
share() {
    ! is_fresh "$shared" "$compile" || return 0
    # shellcheck disable=SC2086 # a list of options
    (cd "$here" && $compile -r -o "$shared" start.S $space.c routines.c "$root/roms/board.c" "$root/roms/print.c")
    echo "$compile" >"$shared.stamp"
}

# build ROW KIND ROUNDS
build() {
    name=${1%-"$2"} space=bare machine="-march=rv64gc -mabi=lp64d"
    case $2 in
    rv32) machine="-march=rv32gc -mabi=ilp32d" ;;
    sv39) space=sv39 ;;
    esac
    compile="$gcc $machine $flags"
    shared=$out/shared-$2.o target=$out/$1
    ! is_fresh "$target" "$3 $compile" || return 0
    share
    # shellcheck disable=SC2046,SC2086 # lists are meant to be split
    (cd "$here" && $compile -T "$root/roms/guest.ld" -DROUNDS="$3" -DNAME="\"$name\"" -o "$target" "$shared" \
        $(first "${name}_$2.c" "$name.c") $(first "${name}_$2_entry.S" "${name}_entry.S") main.c -lgcc)
    echo "$3 $compile" >"$target.stamp"
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
