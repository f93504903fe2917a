#!/bin/sh
# session.sh VITRINE FILE.md: retypes the sessions of a chapter. In each block of text between ``` lines, "$ COMMAND" is run in the
# root of the tree, and what it prints must be the lines below it; a line "..." stands for any number of them. A command
# that ends with & is a machine that goes on until it is told to quit; it is waited for until something has trapped in it.
set -u
vitrine=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") chapter=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
cd "$(dirname "$0")/../.." || exit 1
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
awk '/^```/ { inside = !inside; if (!inside) print "$ "; next } inside' "$chapter" >"$work/lines"

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

wait_for_trap() {
    tries=0
    while [ $tries -lt 300 ]; do
        case $(vitrine why 2>/dev/null) in '' | Nothing\ has*) ;; *) return 0 ;; esac
        sleep 0.1
        tries=$((tries + 1))
    done
    echo "FAILED: $1: nothing trapped"
    exit 1
}

check() {
    matches "$work/wanted" "$work/got" && return 0
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
            # shellcheck disable=SC2086 # a list of words
            ${command% &} </dev/null >/dev/null 2>&1 &
            machine=$!
            wait_for_trap "$command"
            ran=$((ran + 1))
            ;;
        *)
            # shellcheck disable=SC2086
            $command </dev/null >"$work/got" 2>&1
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
