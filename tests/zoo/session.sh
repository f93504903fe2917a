#!/bin/sh
# session.sh VITRINE FILE.md BARE|LINUX: retypes the sessions of a chapter: those up to the line "<!-- Linux -->", or those behind it. In
# each block of text between ``` lines, "$ COMMAND" is run in the root of the tree, and what it prints must be the lines
# below it; a line "..." stands for any number of them. A command that ends with & is a machine that goes on until it is told
# to quit; it is waited for until something has trapped in it, or Linux has printed "glass". With Linux every number of four
# digits or more, or with 0x, or of a task, may be another one: kernels change. Exit code 77 (skipped) where Linux cannot be had.
set -u
vitrine=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") chapter=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
part=$3
cd "$(dirname "$0")/../.." || exit 1
[ "$part" = BARE ] || roms/recipes/guest linux >/dev/null || {
    echo "skipped: Debian's kernel is not in the cache and cannot be fetched now"
    exit 77
}
work=$(mktemp -d) || exit 1
XDG_RUNTIME_DIR=$work/run
export XDG_RUNTIME_DIR
mkdir -m 700 "$XDG_RUNTIME_DIR"
mkdir "$work/bin" && ln -s "$vitrine" "$work/bin/vitrine"
PATH=$work/bin:$PATH
machine=
stop() {
    [ -z "$machine" ] || kill "$machine" 2>/dev/null
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' HUP INT PIPE TERM

# The blocks, a line each: "$ command" or what it is to print; blocks end with an empty command.
awk -v part="$part" 'BEGIN { wanted = part == "BARE" } /^<!-- Linux -->/ { wanted = !wanted } !wanted { next }
     /^```/ { inside = !inside; if (!inside) print "$ "; next } inside' "$chapter" >"$work/lines"

# matches WANTED GOT: compares files; a line "..." in WANTED stands for any lines
matches() {
    awk 'NR == FNR { want[++n] = $0; next } { got[++m] = $0 }
         function fits(i, j) {
             if (i > n) return j > m
             if (want[i] == "...") { for (; j <= m + 1; j++) if (fits(i + 1, j)) return 1; return 0 }
             return j <= m && want[i] == got[j] && fits(i + 1, j + 1)
         }
         END { exit !fits(1, 1) }' "$1" "$2"
}

# masked FILE: without what is another kernel's.
masked() {
    if [ "$part" = BARE ]; then cat "$1"; else sed -E 's/(0x)?\<[0-9a-f]{4,}\>/#/g; s/0x[0-9a-f]+/#/g; s/task [0-9]+/task #/' "$1"; fi
}

is_ready() {
    if [ "$part" = BARE ]; then
        case $(vitrine why 2>/dev/null) in '' | Nothing\ has*) return 1 ;; esac
    else
        grep -q '^glass' "$work/console"
    fi
}

wait_for_machine() {
    tries=0
    while [ $tries -lt 6000 ]; do
        is_ready && return 0
        sleep 0.1
        tries=$((tries + 1))
    done
    echo "FAILED: $1: nothing happens"
    cat "$work/console"
    exit 1
}

check() {
    masked "$work/wanted" >"$work/wanted_masked" && masked "$work/got" >"$work/got_masked"
    matches "$work/wanted_masked" "$work/got_masked" && return 0
    printf 'FAILED: %s\nshould print\n' "$command"
    sed 's/^/    /' "$work/wanted"
    echo "and prints"
    sed 's/^/    /' "$work/got"
    exit 1
}

command='' ran=0
: >"$work/wanted" && : >"$work/got"
while IFS= read -r line; do
    case $line in
    '$ '*)
        check
        command=${line#\$ }
        : >"$work/wanted" && : >"$work/got"
        case $command in
        '') ;;
        *' &')
            eval "exec ${command% &}" </dev/null >"$work/console" 2>&1 &
            machine=$!
            wait_for_machine "$command"
            ran=$((ran + 1))
            ;;
        *)
            eval "$command" </dev/null >"$work/got" 2>&1
            ran=$((ran + 1))
            ;;
        esac
        ;;
    *) printf '%s\n' "$line" >>"$work/wanted" ;;
    esac
done <"$work/lines"
check
echo "$ran commands"
[ $ran -gt 0 ]
