#!/bin/sh
# program.sh NAME VITRINE WIDTH: the same as session.sh, on a guest in C (program.c): functions, variables, the past, a
# thousand breakpoints, and gdb in the hands of others: Visual Studio Code, and people who type while the guest runs.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
name=$1 vitrine=$2 width=$3
. "$here/shared.sh"
build -O0 -mcmodel=medany -Wl,--no-relax "$here/program.c"

functions() {
    start
    gdb <<'END'
tbreak fibonacci
info breakpoints
continue
backtrace
finish
next
advance note
info args
step
until
tbreak add if right == 1
continue
up
info locals
print n
down
print add(30, 12)
call fibonacci(8)
delete
tbreak *&trap
continue
x/2i $pc
disassemble /s call
tbreak call
jump call
info line
info symbol note
kill
END
    expect <<'END'
^Temporary breakpoint 1 at .* file .*program.c, line
breakpoint +del +y .* in fibonacci
^Temporary breakpoint 1, fibonacci \(n=5\)
^#0 +fibonacci \(n=5\)
^#1 .* in main \(\)
^Value returned is .* = 5
note\(round\);
^note \(round=1\)
^round = 1
thing.sum \+= round
mean = mean
^Temporary breakpoint 2, add \(left=[0-9]+, right=1\)
in fibonacci \(n=
^\$2 = [0-9]
^\$3 = 42$
^\$4 = 21$
^Temporary breakpoint 3, .* trap 
csrr\tt0,mepc
ecall
^Temporary breakpoint 4, call
^Line .* of .*program.c
^note in section .text
killed
END
}

registers() {
    start
    gdb <<'END'
tbreak note if round == 3
continue
printf "mean %g fa0 %g\n", mean, (double) $fa0.double
set var $fa0.double = 2.5
maintenance flush register-cache
printf "fa0 is %g\n", $fa0.double
info registers sp pc ra fp
info registers mstatus misa mtvec satp pmpcfg0 mhartid priv time stimecmp fcsr
set var $mscratch = 0x1234
set var $fcsr = 0xe1
maintenance flush register-cache
p/x $mscratch
p/x $frm
p $mtvec == (long) &trap
set var $priv = 1
p $priv
set var $priv = 3
set var $a0 = -1
p $a0
set var $pc = &call
p $pc
info all-registers
maintenance packet qSupported
maintenance packet vMustReplyEmpty
kill
END
    expect <<'END'
^Temporary breakpoint 1, note \(round=3\)
^mean 2.5
^fa0 is 2.5$
^sp  
^fp  
^mstatus  
^misa .*ACDFIMSU
^priv .*Machine
^fcsr  
^\$1 = 0x1234$
^\$2 = 0x7$
^\$3 = 1$
^\$4 = 1$
^\$5 = -1$
^\$6 = .* <call>
^ft11  
^mhpmcounter31  
^received: "PacketSize
^received: ""
killed
END
}

files() {
    start
    gdb <<END
load
compare-sections .text
tbreak note
continue
set var thing.bytes = "twenty bytes of text"
x/s thing.bytes
find &thing, +sizeof thing, 't', 'w', 'e'
dump binary memory $work/bytes &thing (char *) &thing + sizeof thing
set var thing.bytes = ""
restore $work/bytes binary &thing
print thing.bytes
print sizeof thing
info mem
info files
set var thing.bytes[0] = 'T'
x/4xb thing.bytes
monitor x thing 4 b
disconnect
END
    expect <<'END'
^Loading section .text
^Section .text.*matched
^Temporary breakpoint 1, note
"twenty bytes of text"
^1 pattern found
^Restoring binary
= "twenty bytes of text"
^0 .*0x0.* rw
0x54
END
    kill -0 "$machine" || { echo "disconnect ends it" && exit 1; }
}

watches() {
    start
    gdb <<'END'
watch thing
continue
continue
info watchpoints
delete
watch -l thing.sum if thing.sum > 5
continue
p thing.sum
delete
rwatch total
awatch mean
continue
delete
watch thing.bytes[7]
continue
p round
delete
set can-use-hw-watchpoints 0
tbreak main
watch total
END
    expect <<'END'
^Hardware watchpoint 1: thing
^Old value = .*number = 0
^New value = .*\\001
^Old value
^New value = .*sum = 1
already hit 2 times
^Hardware watchpoint 2
^New value = 6
^\$1 = 6$
^Hardware access .read/write. watchpoint 4: mean
^Hardware watchpoint 5: thing.bytes.7.
^New value = 7 
^\$2 = 7$
^Watchpoint 7: total
END
}

# Everything that has "reverse" in its name, and that the guest goes on as it did.
backwards() {
    start
    gdb <<'END'
tbreak note if round == 5
continue
set var $steps = $mcycle
reverse-finish
reverse-next
reverse-step
backtrace
break add
reverse-continue
delete
reverse-stepi
stepi
watch thing.sum
reverse-continue
print thing.sum
reverse-continue
print thing.sum
delete
rwatch thing.sum
reverse-continue
x/i $pc
delete
awatch mean
reverse-continue
delete
tbreak note if round == 5
continue
print $mcycle == $steps
reverse-continue
print/x $pc
info record
tbreak main
continue
kill
END
    expect <<'END'
^Temporary breakpoint 1, note \(round=5\)
note\(round\);
total = fibonacci\(5\);
^#0 +main \(\)
^Breakpoint 2, add \(left=
^Hardware watchpoint 3: thing.sum
^Old value = 10
^New value = 6
^\$1 = 6$
^New value = 3
^\$2 = 3$
^Hardware read watchpoint 4
l[dw]	
^Hardware access
^Temporary breakpoint 6, note \(round=5\)
^\$3 = 1$
No more reverse-execution history
^\$4 = 0x1000$
^Temporary breakpoint 7, main
killed
END
}

# A thousand at once, each met in its turn.
thousand() {
    start
    gdb <<'END'
set breakpoint always-inserted on
set $i = 0
while $i < 1000
  eval "tbreak *(&row + %d)", 4 * $i
  set $i = $i + 1
end
hbreak *&row_end
ignore 1001 0
continue
printf "first %d\n", $pc == (unsigned long) &row
set $i = 1
set $met = 0
while $i < 1000
  continue
  set $met = $met + ($pc == (unsigned long) &row + 4 * $i)
  set $i = $i + 1
end
printf "met %d\n", $met
continue
info breakpoints
kill
END
    expect <<'END'
^Temporary breakpoint 1000 at
^Hardware assisted breakpoint 1001 at
^Temporary breakpoint 1, 
^first 1$
^Temporary breakpoint 1000, 
^met 999$
^Breakpoint 1001, 
already hit 1 time
END
}

# Two harts, looked at and driven as threads.
threads() {
    start -c 2
    gdb <<'END'
info threads
break note thread 2 if round == 2
continue
thread apply all backtrace
thread apply all -q print $mhartid
thread 1
print $mhartid
thread 2
set scheduler-locking step
step
next
set scheduler-locking off
delete
tbreak call
continue
thread name here
info threads
interrupt
detach
END
    expect <<'END'
^\* 1 .*hart 0
^  2 .*hart 1
^Thread 2 "hart 1" hit Breakpoint 1, note \(round=2\)
^Thread 2 \(
^#1 .* main \(\)
^Thread 1 \(
^\$1 = 1$
^\$2 = 0$
^\$3 = 0$
^Switching to thread 2|Switching to thread 2
thing.sum
mean = 
hit Temporary breakpoint 2, call
here
detached
END
}

# What somebody types, who reads the answers: a line that begins with @ is waited for, in gdb's answer.
type_slowly() {
    while read -r line; do
        case $line in
        @*)
            tries=0
            until grep -qs "${line#@}" "$work/answer" || [ $tries = 600 ]; do
                tries=$((tries + 1))
                sleep 0.1
            done
            ;;
        *) printf '%s\n' "$line" ;;
        esac
    done
}

# continue& and interrupt, commands while the guest runs, and Ctrl-C's packet by "interrupt".
console() {
    start
    type_slowly <<END | timeout 120 gdb-multiarch -q -nx "$work/guest" >"$work/answer" 2>&1
set pagination off
set confirm off
target remote $work/door
break note if round == 0
continue &
print 6 * 7
@= 42
interrupt
@received signal SIGINT
printf "stopped in %d\n", \$mhartid
print thing.sum > 100
tbreak call
continue &
@Temporary breakpoint 2, call
backtrace -1
kill
END
    expect <<'END'
Continuing
= 42$
SIGINT
stopped in 0
= [01]$
Temporary breakpoint 2, call
main \(\)
killed
END
}

# What Visual Studio Code's C/C++ extension says to gdb, with the program and the address of the launch file.
vscode() {
    (cd "$work" && "$vitrine" debug --vscode "$work/guest" --gdb "unix:$work/door" 2>/dev/null) || exit 1
    start
    member() { sed -n "s/^ *\"$1\": \"\(.*\)\",*$/\1/p" "$work/.vscode/launch.json"; }
    [ "$(member type) $(member MIMode)" = "cppdbg gdb" ] || { echo "it is for somebody else" && exit 1; }
    type_slowly <<END | timeout 120 "$(member miDebuggerPath)" -q -nx --interpreter=mi2 >"$work/answer" 2>&1
1001-gdb-set mi-async on
1002-gdb-set auto-solib-add on
1003-gdb-set breakpoint pending on
1005-file-exec-and-symbols $(member program)
1007-target-select remote $(member miDebuggerServerAddress)
1009-thread-info
1010-break-insert -f note
1011-exec-continue
@stopped,reason="breakpoint-hit"
1012-stack-list-frames --thread 1 0 10
1013-stack-list-variables --thread 1 --frame 0 0
1014-data-list-register-values x 2 32
1015-data-disassemble -s \$pc -e "\$pc+8" -- 2
1016-data-read-memory-bytes &thing 16
1017-var-create - * round
1018-exec-next --thread 1
@stopped,reason="end-stepping-range"
1019-exec-finish --thread 1
@stopped,reason="function-finished"
1020-exec-step --reverse
@stopped,reason="end-stepping-range".*line="62"
1021-break-delete 1
1022-break-watch thing.sum
1023-exec-continue
@stopped,reason="watchpoint-trigger"
1024-break-delete 2
1025-break-watch total
1026-exec-continue
@1026^running
1027-exec-interrupt
@stopped,reason="signal-received"
1028-target-disconnect
END
    expect <<'END'
^1005\^done
^1007\^connected
^1009\^done,threads=\[\{id="1".*hart 0
^1010\^done,bkpt=
^1011\^running
^\*stopped,reason="breakpoint-hit".*func="note"
^1012\^done,stack=.*func="main"
^1013\^done,variables=.*round
^1014\^done,register-values=
^1015\^done,asm_insns=
^1016\^done,memory=
^1017\^done,name=
^\*stopped,reason="end-stepping-range"
^\*stopped,reason="function-finished"
^\*stopped,
^1022\^done,wpt=
^\*stopped,reason="watchpoint-trigger"
^\*stopped,reason="signal-received".*SIGINT
^1028\^done
END
}

# QEMU's words for the same: -s is the port 1234, so the test has one of its own, and -S begins standing still.
qemu() {
    mkdir "$work/bin"
    ln -s "$vitrine" "$work/bin/qemu-system-riscv$width"
    "$work/bin/qemu-system-riscv$width" -M virt -bios none -nographic -smp 2 -kernel "$work/guest" \
        -gdb "unix:$work/door" -S >"$work/out" 2>"$work/err" </dev/null &
    machine=$!
    tries=0
    until [ -S "$work/door" ] || [ $tries = 600 ]; do # QEMU says nothing
        tries=$((tries + 1))
        sleep 0.1
    done
    gdb <<'END'
print $pc
maintenance packet qqemu.PhyMemMode
maintenance packet qqemu.sstepbits
tbreak main
continue
info threads
stepi
kill
END
    expect <<'END'
= .*0x1000$
^received: "0"
^received: "ENABLE
^Thread .* hit Temporary breakpoint 1, main
hart 1
killed
END
    wait "$machine" || { echo "killed, it ends with $?" && exit 1; }
    machine=
}

"$name" && echo "$name: as expected"
