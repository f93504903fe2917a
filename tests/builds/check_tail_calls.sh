#!/bin/sh
# check_tail_calls.sh VITRINE: every handler of the fast engine must end by jumping to the next one. A compiler that
# made a call of it would be correct for a while and then out of stack, so the build is looked at.
set -eu
objdump -d --no-show-raw-insn "$1" | awk '
    /^[0-9a-f]+ <.*>:$/ {
        name = $2; gsub(/[<>:]/, "", name)
        inside = name ~ /^((run|far|missed)_.*_[24]|(op|fused|stored|system)_.*|door_(budget|plain|enter|done|unfilled|load|store))$/
        handlers += inside
    }
    inside && /\tcall/ && (/\*/ || /<(run_.*_[24]|far_|missed_|op_|door_(budget|plain|enter|done|unfilled|load|store)>|fused_|stored_|system_)/) { print name ": " $0; bad = 1 }
    END {
        if (handlers < 500) { print "only " handlers " handlers were found: is this the right program?"; exit 1 }
        print handlers " handlers looked at"
        exit bad
    }'
