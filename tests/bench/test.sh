#!/bin/sh
# test.sh CASE ...: the tests of the benchmark itself, by name; the cases are the functions below. Exit code 77 (skipped)
# where the cross compiler is missing.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$bench/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*"
    exit 1
}

# rows KIND...: the names of the rows of these kinds, with their kinds
rows() {
    for kind; do
        sed 's/#.*//; s/ *| */|/g' "$bench/WORKLOADS" | awk -F '|' -v kind="$kind" '$2 == kind { print $1, kind }'
    done
}

# build FOLDER: every workload, one round of each
build() {
    "$root/.ci/need" gcc-riscv64-unknown-elf || {
        echo "skipped: there is no cross compiler here, and it cannot be installed"
        exit 77
    }
    "$bench/work/build.sh" "$1" 1
}

# workloads VITRINE FOLDER ENGINE: each comes to its right result
workloads() {
    rows bare sv39 rv32 >"$work/rows"
    while read -r row kind; do
        if [ "$kind" = rv32 ]; then cpu=max32; else cpu=max; fi
        ended=0
        "$1" run "$2/$row" --firmware none --cpu $cpu --engine "$3" -m 512M --clock virtual -q --max-insns 1000000000 \
            </dev/null >"$work/out" 2>&1 || ended=$?
        cat "$work/out"
        [ $ended = 0 ] || fail "$row ended with exit code $ended"
        grep -qF -e "${row%-"$kind"}: right" "$work/out" || fail "$row did not say that it was right"
    done <"$work/rows"
}

# wrong VITRINE FOLDER: a wrong result ends the run as failed, and says what it is
wrong() {
    ended=0
    "$1" run "$2/wrong" --firmware none -q </dev/null >"$work/out" 2>&1 || ended=$?
    [ $ended = 3 ] || fail "exit code $ended, not 3"
    grep -q 'wrong: one is 0x0000000000000001, not 0x0000000000000002$' "$work/out" || fail "it printed: $(cat "$work/out")"
    ! grep -q right "$work/out" || fail "it says that it is right"
}

# host CC: the same results on this machine's own processor, where they come from
host() {
    for row in $(rows bare | cut -d ' ' -f 1); do
        case $row in traps | csr | switch) continue ;; esac # these have RISC-V's registers
        name=${row%-bare}
        (cd "$bench/work" && "$1" -std=gnu11 -O1 -ffp-contract=off -fno-math-errno -fno-builtin -fno-tree-loop-distribute-patterns \
            -DNAME="\"$name\"" -DROUNDS=1 -I. -I"$root" -o "$work/$name" "$name.c" main.c host.c routines.c -lm)
        "$work/$name" || fail "$name on this machine"
    done
}

# report REPORT: known figures in, the right ratios and means out
report() {
    cat >"$work/list" <<'END'
empty-bare | bare | 1 | - | -
one | bare | 1 | code | 1.5
part.a | bare | 1 | code | 2
part.b | bare | 1 | code | 2
event | bare | 1 | events | 0.2
absent | bare | 1 | events | 0.2
short | bare | 1 | - | -
mean-code | mean | 0 | code | 1.5
mean-events | mean | 0 | events | 0.1
END
    # one: pairs 1.0, 2.0 and 4.0, median 2; part: 1 and 4, mean 2; of both: 2. event: 0.25.
    cat >"$work/measured" <<'END'
empty-bare 0.5 1.5 10 20
empty-bare 0.5 1.5 10 20
one 1.5 2.5 100 200
one 2.5 2.5 300 100
one 4.5 2.5 100 100
part.a 1.5 2.5 1 1
part.b 4.5 2.5 1 1
event 0.75 2.5 1 1
short 0.5 1.5 1 1
END
    printf 'peer: a <peer> & "more"\ncompiler: cc\n' >"$work/facts"
    "$1" "$work/list" "$work/measured" "$work/facts" --json "$work/json" --svg "$work/svg" >"$work/table"
    expect "$work/table" '^  one  *2.000  *1.000  *2.00  *1.50 over'
    expect "$work/table" '^  part.a  *1.000  *1.000  *1.00  *2.00 '
    expect "$work/table" '^  geometric mean  *2.00  *1.50 over'
    expect "$work/table" '^  geometric mean  *0.25  *0.10 over'
    expect "$work/table" '1 more belong'
    expect "$work/table" '^  short .*too short'
    expect "$work/json" '"name": "one", .*"r": 2.0000, "least": 1.0000, "most": 4.0000, "goal": 1.50'
    expect "$work/json" '"our_kilobytes": 300, "their_kilobytes": 200'
    expect "$work/json" '"peer": "a <peer> & \\"more\\""'
    expect "$work/svg" 'a &lt;peer> &amp; "more"'
    expect "$work/svg" '<rect class="over"'
    [ "$(grep -c '<rect class' "$work/svg")" = 6 ] || fail "not six bars: $(cat "$work/svg")"
}
expect() { grep -q -e "$2" "$1" || fail "no \"$2\" in: $(cat "$1")"; }

# meter METER: exit codes, the limit, and time that was spent
meter() {
    "$1" 10 "$work/out" sh -c 'echo words; exit 7' >"$work/cost" && fail "exit code 0, not 7" || [ $? = 7 ] || fail "not 7"
    expect "$work/out" '^words$'
    ended=0
    "$1" 0.2 "$work/out" sleep 60 >"$work/cost" || ended=$?
    [ $ended = 124 ] || fail "exit code $ended at the limit, not 124"
    "$1" 60 "$work/out" sh -c 'i=0; while [ $i -lt 30000 ]; do i=$((i + 1)); done' >"$work/cost"
    awk '!($1 + $2 > 0 && $3 > 0 && $4 > 100) { exit 1 }' "$work/cost" || fail "cost: $(cat "$work/cost")"
}

"$@"
