#!/bin/sh
# Runs the guests of roms/ and compares what they print and how they end with the list roms/GUESTS:
#   run_guests.sh VITRINE FOLDER [NAME...]
# VITRINE is the binary, FOLDER what roms/build.sh has built; names choose guests, otherwise all run.
# ENGINES="plain fast" chooses engines. FIRMWARE64 and FIRMWARE32 name OpenSBI's fw_dynamic.bin for the
# guests that want firmware; without one they are skipped, by name. Time is the virtual clock, so
# the speed of this machine does not matter.
set -u

[ $# -ge 2 ] || { echo "usage: $0 VITRINE FOLDER [NAME...]" >&2; exit 2; }
vitrine=$1 folder=$2
shift 2
roms=$(cd "$(dirname "$0")/../.." && pwd)/roms
list=$roms/GUESTS
budget=500000000
cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/vitrine
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
ran=0 failed=0 skipped=0

# first_file FILE... prints the first that exists
first_file() {
    for file; do
        if [ -n "$file" ] && [ -f "$file" ]; then
            echo "$file"
            return
        fi
    done
}
firmware64=$(first_file "${FIRMWARE64:-}" "$cache/opensbi/fw_dynamic.bin" \
    /usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin)
firmware32=$(first_file "${FIRMWARE32:-}" "$cache/opensbi/fw_dynamic32.bin" \
    /usr/lib/riscv32-linux-gnu/opensbi/generic/fw_dynamic.bin)

# contains TEXT PART
contains() {
    case $1 in *"$2"*) ;; *) return 1 ;; esac
}

# run_guest NAME WIDTH HARTS FIRMWARE INPUT OUTPUT EXIT ENGINE
run_guest() {
    label="$1 rv$2 $8"
    case $1 in # a source does not say how wide it is, and needs no build
    *.s) program=$roms/$1 ;;
    *) program=$folder/rv$2/$1 ;;
    esac
    # shellcheck disable=SC2059 # the list holds formats
    printf "$5" | "$vitrine" run "$program" --cpu "$([ "$2" = 64 ] && echo max || echo max32)" --firmware "$4" -c "$3" --clock virtual \
        --max-insns $budget --engine "$8" >"$work/out" 2>"$work/err"
    ended=$?
    # The final dot keeps the line feeds at the end, which $() would drop.
    printed=$(cat "$work/out" && echo .)
    # shellcheck disable=SC2059
    wanted=$(printf "$6" && echo .)
    wanted=${wanted%.}
    complaint=
    [ "$ended" -eq "$7" ] || complaint="exit code $ended, not $7"
    if [ "$6" = - ]; then
        [ ! -s "$work/out" ] || complaint="$complaint; printed something"
    else
        contains "$printed" "$wanted" || complaint="$complaint; did not print \"$6\""
    fi
    ran=$((ran + 1))
    if [ -z "$complaint" ]; then
        echo "ok      $label"
        return
    fi
    failed=$((failed + 1))
    echo "FAILED  $label: ${complaint#; }"
    sed 's/^/    stdout: /' "$work/out" | tail -n 20
    sed 's/^/    stderr: /' "$work/err" | tail -n 20
}

trim() {
    text=${1#"${1%%[! ]*}"}
    echo "${text%"${text##*[! ]}"}"
}

while IFS='|' read -r name widths harts firmware input output code; do
    name=$(trim "$name")
    case $name in '' | '#'*) continue ;; esac
    [ $# -eq 0 ] || contains " $* " " $name " || continue
    for width in $widths; do
        kind=$(trim "$firmware")
        [ "$kind" = none ] || kind=$([ "$width" = 64 ] && echo "$firmware64" || echo "$firmware32")
        for engine in ${ENGINES:-plain fast}; do
            if [ -z "$kind" ]; then
                echo "skipped $name rv$width $engine: no OpenSBI of this width"
                skipped=$((skipped + 1))
                continue
            fi
            run_guest "$name" "$width" "$(trim "$harts")" "$kind" "$(trim "$input")" \
                "$(trim "$output")" "$(trim "$code")" "$engine" </dev/null
        done
    done
done <"$list"

echo "$ran ran, $failed failed, $skipped skipped"
[ "$ran" -gt 0 ] && [ "$failed" -eq 0 ]
