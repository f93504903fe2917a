#!/bin/sh
# session.sh NAME VITRINE WIDTH: what a person does with Debian's gdb-multiarch, in batch mode, against a guest of
# our own (modes.S) for RV64 or RV32. Each line that is expected must be in gdb's answer, in this order. Exits with 77
# where gdb or the cross compiler cannot be had.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
name=$1 vitrine=$2 width=$3
. "$here/shared.sh"
build "$here/modes.S"

# Into an ecall, out of an sret, with the modes that one is then in.
modes() {
    start
    gdb <<'END'
p $priv
break to_supervisor
continue
stepi
p $priv
p $pc == (unsigned long) &supervisor
tbreak user_call
continue
p $priv
stepi
p $priv
p $pc == (unsigned long) &supervisor_trap
p $scause
p $sepc == (unsigned long) &user_call
tbreak to_user
continue
stepi
p $priv
p $pc == (unsigned long) &after_call
p $sstatus & 0x100
set var $s1 = 77
stepi
stepi
stepi
stepi
p $s1
info registers mstatus mhartid
END
    expect <<'END'
^\$1 = 3$
^\$2 = 1$
^\$3 = 1$
^\$4 = 0$
^\$5 = 1$
^\$6 = 1$
^\$7 = 8$
^\$8 = 1$
^\$9 = 0$
^\$10 = 1$
^\$11 = 0$
^\$12 = 78$
^mstatus
^mhartid .*0
END
}

breakpoints() {
    start
    gdb <<'END'
break after_call
hbreak user_call if $s1 == 5
continue
p $s1
delete 1
continue
p $s1
p (int) counts
delete
break store_count
commands
silent
printf "count %d\n", $t2
continue
end
tbreak after_call if $s2 == 8
continue
p $s2
END
    expect <<'END'
^Breakpoint 1, after_call
^\$1 = 1$
^Breakpoint 2, user_call
^\$2 = 5$
^\$3 = 4$
^count 5$
^count 6$
^count 9$
^\$4 = 8$
END
}

watchpoints() {
    start
    gdb <<'END'
watch *(int *) &counts
continue
continue
delete
rwatch *(int *) &counts
continue
p $pc == (unsigned long) &count_up + 4 || $pc == (unsigned long) &count_up + 2
delete
awatch *(char *) ((char *) &counts + 1)
continue
p $pc == (unsigned long) &to_user
continue
delete
watch *(int *) &other
tbreak after_call
continue
END
    expect <<'END'
^Hardware watchpoint 1
^Old value = 0$
^New value = 1$
^Old value = 1$
^New value = 2$
^Hardware read watchpoint 2
^Value = 2$
^\$1 = 1$
^Hardware access \(read/write\) watchpoint 3
^Value = 0
^\$2 = 1$
^Temporary breakpoint 5, after_call
END
}

# Two harts: both meet a breakpoint; one steps while the other stands still, and alone for longer.
harts() {
    start -c 2
    gdb <<'END'
info threads
tbreak user_call thread 1
continue
tbreak user_call thread 2
continue
info threads
thread 1
p $mhartid
p $s0 == (unsigned long) &counts
set scheduler-locking on
p $x = *(long *) ((char *) &counts + 8)
stepi
stepi
stepi
tbreak after_call thread 1
continue
p $_thread
p *(long *) ((char *) &counts + 8) == $x
thread 2
p $mhartid
tbreak after_call thread 2
continue
p $_thread
set scheduler-locking off
tbreak store_count thread 2
continue
p $_thread
END
    expect <<'END'
Thread 1 "hart 0" \(M-mode\)
Thread 2 "hart 1" \(M-mode\)
hit Temporary breakpoint 1, user_call
hit Temporary breakpoint 2, user_call
\(U-mode\)
\(U-mode\)
^\$1 = 0$
^\$2 = 1$
^\$4 = 1$
^\$5 = 1$
^\$6 = 1$
^\$7 = 2$
^\$8 = 2$
END
}

# Memory by both kinds of address, code that is written while it runs, and every way to go away and come back.
memory() {
    start
    gdb <<'END'
tbreak after_call
continue
p/x *(int *) &patch_me
set var *(int *) &patch_me = 0x06498993
tbreak user_call
continue
p $s3
maintenance packet Qqemu.PhyMemMode:1
maintenance packet qqemu.PhyMemMode
p/x *(int *) &patch_me
maintenance packet Qqemu.PhyMemMode:0
x/2i 0x1000
set var *(int *) 0x1000 = 0x13
p *(int *) 0x1000
p/x $sp = 0x1234
maintenance flush register-cache
p/x $sp
END
    expect <<'END'
^\$1 = 0x198993$
^\$2 = 100$
received: "1"
^\$3 = 0x6498993$
0x1000:
^\$4 = 19$
^\$5 = 0x1234$
^\$6 = 0x1234$
END
}

detach() {
    start
    gdb <<'END'
break user_call
continue
detach
END
    expect <<'END'
^Breakpoint 1, user_call
detached
END
    gdb <<'END'
p (int) counts > 1000
disconnect
END
    expect <<'END'
^\$1 = 1$
END
    gdb <<'END'
p (int) counts > 1000
tbreak after_call
continue
monitor csr mstatus
monitor walk pc
monitor step
monitor nonsense
kill
END
    expect <<'END'
^\$1 = 1$
^Temporary breakpoint 1, after_call
mstatus
This lets the machine run
nonsense
END
    wait "$machine" || { echo "killed, it ends with $?" && exit 1; }
    machine=
}

# Ctrl-C: the signal, while gdb waits for the guest.
interrupt() {
    start
    (
        until [ -s "$work/answer" ] && grep -q ready "$work/answer"; do sleep 0.1; done
        sleep 0.5
        kill -INT "$(pgrep -f "^gdb-multiarch.*$work/commands")"
    ) &
    gdb <<'END'
echo ready\n
continue
p (int) counts > 100
stepi
info threads
END
    expect <<'END'
SIGINT
^\$1 = 1$
Thread 1
END
}

"$name" && echo "$name: as expected"
