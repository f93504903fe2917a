#!/bin/sh
# monitor.sh CASE VITRINE: the monitor of a running Debian kernel; the cases are the functions below. Exit code 77 (skipped) where
# the guest, or tmux for the case that needs a terminal, is not here and cannot be fetched.
set -eu
name=$1 vitrine=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
"$root/roms/recipes/guest" linux >/dev/null || {
    echo "skipped: Debian's kernel is not in the cache and cannot be fetched now"
    exit 77
}
work=$(mktemp -d)
pid=
XDG_RUNTIME_DIR=$work
export XDG_RUNTIME_DIR
finish() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    tmux -S "$work/tmux" kill-server 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

fail() {
    echo "FAILED: $*"
    tail -n 40 "$work/output" 2>/dev/null || true
    exit 1
}

# waits SECONDS COMMAND...: until the command succeeds.
waits() {
    left=$1
    shift
    until "$@"; do
        left=$((left - 1))
        [ $left -gt 0 ] || return 1
        sleep 1
    done
}

# says EXPECTED WORD...: the machine answers the command, and the expected text is in the answer.
says() {
    expected=$1
    shift
    "$vitrine" "$@" >"$work/answer" 2>&1 || fail "$*: $(cat "$work/answer")"
    [ -z "$expected" ] || grep -q -- "$expected" "$work/answer" || fail "$* says, without \"$expected\": $(cat "$work/answer")"
}

has_printed() { grep -qa -- "$1" "$work/output" 2>/dev/null; }

start() {
    "$vitrine" run linux --name "test machine" "$@" </dev/null >"$work/output" 2>&1 &
    pid=$!
    waits 600 has_printed '~ #' || fail "no prompt"
}

# Every view, one command at a time, as text and as JSON.
views() {
    start
    says '^test machine ' list
    says '"name": "test machine"' list --json
    says '^pc .*+0x' regs
    says '"mhartid": {' csr --json
    says 'schedule' symbols schedule
    says 'do_sys_openat2' symbols do_sys_openat
    says '^#1 .*+0x' backtrace
    says 'schedule:' disas schedule 3
    says 'Run /init as init process' dmesg 1000
    says 'S-mode, .*(idle)\|S-mode, .*(task ' regs
    says '^Hart 0 is with ' why
    says '^ffffffff8' x schedule 4
    says 'c.addi16sp' disas handle_riscv_irq 3
    says 'Linux version' x linux_banner 16 b
    says 'LSR' info uart
    says 'virtio' info map
    says 'S-mode' info machine
    says '"privilege"' info machine --json
    ! "$vitrine" x 0 2>"$work/answer" || fail "address 0 was shown"
    grep -q 'Nothing is mapped' "$work/answer" || fail "x 0: $(cat "$work/answer")"
    printf 'hart 0\nregs\nexit\n' | "$vitrine" monitor "test machine" >"$work/answer"
    grep -q '^hart 0$' "$work/answer" || fail "monitor says $(cat "$work/answer")"
    ! "$vitrine" regs --name nobody 2>/dev/null || fail "nobody answered"
}

# Commands that run the machine themselves, and leave it running. Its clock counts steps, since an idle guest makes few in a second.
watches() {
    start --clock virtual
    says 'samples' profile 20000000 "$work/flame.svg"
    grep -q '^</svg>' "$work/flame.svg" || fail "there is no flame graph"
    says 'integer' stats 10000
    says 'timer interrupt' trace trap 20
    says 'timer interrupt (S) .*\[' timeline 50000000
    "$vitrine" trace trap 5 100000000 "$work/trace" || fail "no trace in a file"
    [ "$(wc -l <"$work/trace")" = 5 ] || fail "the trace has $(wc -l <"$work/trace") lines"
    says 'time.set_timer\|insn ' trace insn 20
    says '"kind": "interrupt"' trace interrupt 3 --json
    says 'saved at step' snapshot save "$work/kept"
    says 'restored at step' snapshot restore "$work/kept"
    ! "$vitrine" step 2>"$work/answer" || fail "the machine does not run on"
    grep -q 'The machine runs' "$work/answer" || fail "step: $(cat "$work/answer")"
}

# The same trace, told at once and read from its file later: the machine is put back between. Its clock counts steps, so that it does
# the same again.
traces() {
    start --clock virtual
    says 'asked to' stop
    says 'saved at step' snapshot save "$work/kept"
    for filter in all insn,mem,mode=S trap,mmio,sbi,syscall; do
        "$vitrine" trace "$filter" 20000 20000000 >"$work/live" || fail "trace $filter"
        "$vitrine" trace "$filter" 20000 20000000 --json >"$work/live.json" # another piece of time
        says 'restored at step' snapshot restore "$work/kept"
        says 'events in' trace "$filter" 20000 20000000 "$work/it.trace"
        "$vitrine" trace show "$work/it.trace" >"$work/shown" || fail "trace show"
        [ -s "$work/live" ] && cmp "$work/live" "$work/shown" || fail "$filter: another text"
        "$vitrine" trace "$filter" 20000 20000000 "$work/it.trace" >/dev/null
        "$vitrine" trace show "$work/it.trace" --json >"$work/shown" || fail "trace show --json"
        cmp "$work/live.json" "$work/shown" || fail "$filter: another JSON"
        says 'restored at step' snapshot restore "$work/kept"
    done
    grep -q 'timer interrupt' "$work/live" || fail "no interrupt: $(head -n 5 "$work/live")"
    "$vitrine" trace show "$work/it.trace" interrupt >"$work/shown"
    grep -q interrupt "$work/shown" && ! grep -q syscall "$work/shown" || fail "trace show does not narrow down"
    head -c $(($(wc -c <"$work/it.trace") / 2)) "$work/it.trace" >"$work/cut.trace"
    "$vitrine" trace show "$work/cut.trace" >"$work/shown" 2>"$work/answer" && fail "a file was read that is not whole" || code=$?
    [ "$code" = 4 ] && [ ! -s "$work/shown" ] && grep -q 'cut.trace is damaged' "$work/answer" || fail "$code: $(cat "$work/answer")"
}

# A past that is looked at, and commands that run the machine: behind them it is where it was.
history() {
    start --clock virtual --gdb "unix:$work/gdb"
    says 'asked to' stop
    "$vitrine" regs >"$work/regs"
    says 'timer interrupt (S) .*the last at' history 50000000
    says '"cause"' history 50000000 --json
    for command in 'trace insn,mem 9999 1000' 'stats 1000' 'profile 1000000' 'timeline 1000000'; do
        # shellcheck disable=SC2086
        says '' $command
        case $command in *1000000) back=1000000 ;; *) back=1000 ;; esac
        [ "$command" != 'profile 1000000' ] || back=$((1000000 / 9973 * 9973))
        says 'where it was to go' back $back
        "$vitrine" regs >"$work/now"
        cmp "$work/regs" "$work/now" || fail "back after $command: other registers"
    done
}

# Ctrl-C, once (hence --foreground), ends a trace of a guest that is idle, and what there is is shown.
interrupted() {
    start
    code=0
    timeout --foreground -s INT 5 "$vitrine" trace exception,csr=misa 1000000 "$work/it.trace" >"$work/answer" 2>&1 || code=$?
    grep -q 'events in' "$work/answer" || fail "exit code $code: $(cat "$work/answer")"
    "$vitrine" trace show "$work/it.trace" >/dev/null || fail "its file is not whole"
    ! "$vitrine" step 2>/dev/null || fail "the machine does not run on"
    says 'asked to' stop # and of one that stands still
    timeout --foreground -s INT 2 "$vitrine" trace insn 900000000 9000000000 "$work/it.trace" >"$work/answer" 2>&1 || true
    grep -q 'events in' "$work/answer" || fail "a trace of a machine that stood still: $(cat "$work/answer")"
    says '' step
}

# Source lines of a program with DWARF.
lines() {
    command -v riscv64-unknown-elf-gcc >/dev/null || {
        echo "skipped: there is no riscv64-unknown-elf-gcc"
        exit 77
    }
    printf 'volatile int count;\nint main(void)\n{\n    for (;;)\n        count++;\n}\n' >"$work/loop.c"
    riscv64-unknown-elf-gcc -g -O1 -nostdlib -ffreestanding -mcmodel=medany -Wl,-Ttext=0x80000000,-e,main \
        -o "$work/loop" "$work/loop.c"
    "$vitrine" "$work/loop" --firmware none --name loop </dev/null >"$work/output" 2>&1 &
    pid=$!
    waits 60 listed loop || fail "it does not run"
    says 'loop.c:[1-6]' symbols main
    says 'main+0x.*loop.c:[3-6]' regs
    says 'main:  (.*loop.c' disas main 8
    says '^   (.*loop.c:[456])' disas main 8
}
listed() { "$vitrine" list | grep -q "^$1 "; }

# A silent hang is told with the kernel's names, and a panic in the kernel's own words.
hangs() {
    start
    says '' set mie 0
    waits 60 has_printed 'The guest waits for an interrupt that cannot come' || fail "nothing is said of a hang"
    has_printed 'waits in WFI before arch_cpu_idle+0x' || fail "it is said without a name"
    says '' quit
    waits 60 is_gone || fail "quit did not end it"
    "$vitrine" run linux --name "test machine" -a 'vitrine.run="echo c >/proc/sysrq-trigger"' </dev/null >"$work/output" 2>&1 &
    pid=$!
    waits 60 panics || fail "why: $("$vitrine" why)"
    says '^#2 .* sysrq_handle_crash+0x' backtrace
    says '^    -- trap from U-mode: environment call' backtrace
}
panics() { "$vitrine" why 2>/dev/null | grep -q 'Linux has given up: "Kernel panic - not syncing: sysrq triggered crash"'; }

# A kernel that U-Boot loads from a disk, by itself: its names are in the memory of the guest alone.
uboot() {
    PATH=$PATH:/usr/sbin:/sbin
    found=$("$root/roms/recipes/guest" linux)
    mkdir -p "$work/tree/extlinux"
    cp "$(value kernel)" "$work/tree/Image"
    cp "$(value initrd)" "$work/tree/initrd.gz"
    printf 'default linux\ntimeout 1\nlabel linux\n  kernel /Image\n  initrd /initrd.gz\n  append console=ttyS0\n' \
        >"$work/tree/extlinux/extlinux.conf"
    truncate -s 65M "$work/disk"
    mke2fs -q -F -t ext4 -E offset=1048576 -d "$work/tree" "$work/disk" 64M >/dev/null
    # One partition of 64 MiB from the first MiB on, to be booted from.
    printf '\200\0\0\0\203\0\0\0\0\010\0\0\0\0\002\0' | dd of="$work/disk" bs=1 seek=446 conv=notrunc status=none
    printf '\125\252' | dd of="$work/disk" bs=1 seek=510 conv=notrunc status=none
    "$root/roms/recipes/guest" uboot >/dev/null || {
        echo "skipped: U-Boot is not in the cache and cannot be fetched now"
        exit 77
    }
    "$vitrine" run uboot -d "$work/disk" --name "test machine" </dev/null >"$work/output" 2>&1 &
    pid=$!
    waits 600 has_printed '~ #' || fail "no prompt"
    says 'do_sys_openat2' symbols do_sys_openat
    says '^pc .*+0x' regs
    says '^#1 .*+0x' backtrace
    says 'ksys_write:' disas ksys_write 3
    says 'asked to' stop
    says 'where it was to go' until handle_riscv_irq
    says 'handle_riscv_irq' regs
}
value() { printf '%s\n' "$found" | sed -n "s/^$1=//p"; }

# Stopping, steps, and a breakpoint in the kernel.
stops() {
    start
    says 'asked to' stop
    says 'where it was to go' step 100
    says 'where it was to go' until handle_riscv_irq
    says 'handle_riscv_irq' regs
    says 'where it was to go' next
    says 'at 0x' break handle_riscv_irq
    says '' continue
    waits 60 stands || fail "the breakpoint was not reached"
    says 'handle_riscv_irq+0x2' stop
    says 'nowhere' delete all
    says '' continue
    says '' quit
    waits 60 is_gone || fail "quit did not end it"
    pid=
}
stands() { "$vitrine" step >/dev/null 2>&1; }
is_gone() { ! kill -0 "$pid" 2>/dev/null; }

# Is it where it was a moment ago?
rests() {
    before=$("$vitrine" regs | head -n 1)
    sleep 0.2
    [ "$before" = "$("$vitrine" regs | head -n 1)" ]
}

# meets EXPECTED WORD...: somebody types into the guest, and it comes by what the words name.
meets() {
    expected=$1
    shift
    says '' stop
    says '^1 ' break "$@"
    says '' continue
    echo 'ls -l /proc | head -n 2' >&4
    waits 60 rests || fail "it does not come by: $*"
    says "$expected" stop
    says 'nowhere' delete all
    says '' continue
}

# Everything that break can name.
breaks() {
    mkfifo "$work/keys"
    "$vitrine" run linux -c 2 --name "test machine" <"$work/keys" >"$work/output" 2>&1 &
    pid=$!
    exec 4>"$work/keys"
    waits 600 has_printed '~ #' || fail "no prompt"
    meets 'in S-mode.*a breakpoint' do_sys_openat2
    meets 'in S-mode.*a breakpoint' do_sys_openat2 if a0 == 0-100 skip 2
    meets 'exception 8 .*was taken' exception 8
    meets 'exception 8 .*was taken' exception 8 if a7 == 64
    meets 'interrupt 5 .*was taken' interrupt 5
    meets 'the mode became U' mode U
    meets 'the mode became M' mode M
    meets 'satp was written' csr satp
    meets 'the device at 0x10000005 was' device uart.LSR
    meets 'the device at 0xc2[0-9a-f]* was' device plic if priv == 1
    says '' stop
    says 'if a0 == 12345' break handle_exception if a0 == 12345
    says '' continue
    echo 'echo $((6 * 7))' >&4
    waits 60 has_printed '^42' || fail "a condition that never holds stops it"
    says 'met\|if a0' break
    exec 4>&-
}

screen() { tmux -S "$work/tmux" capture-pane -p; }
shows() { screen | grep -q -- "$1"; }
keys() { tmux -S "$work/tmux" send-keys "$@"; }

# A person at a terminal: Ctrl-A c, completion, history, and back.
terminal() {
    command -v tmux >/dev/null || "$root/.ci/need" tmux >/dev/null 2>&1 || {
        echo "skipped: tmux cannot be had"
        exit 77
    }
    tmux -S "$work/tmux" -f /dev/null new-session -d -x 100 -y 30 "$vitrine run linux; sleep 600"
    waits 600 shows '~ #' || fail "no prompt: $(screen)"
    keys C-a c
    waits 60 shows '(vitrine)' || fail "no monitor: $(screen)"
    keys hel Tab x Enter
    waits 60 shows 'For example: x pc 8 w' || fail "no help: $(screen)"
    keys 'symbols do_sys_openat' Tab Enter
    waits 60 shows '^0xffffffff8.*do_sys_openat2' || fail "no completion: $(screen)"
    keys Up C-c nonsense Enter
    waits 60 shows 'no command "nonsense"' || fail "Ctrl-C did not clear the line: $(screen)"
    keys tlb Enter
    waits 60 shows '^-- more' || fail "a long answer is not shown by the screen: $(screen)"
    keys Space
    sleep 1
    shows '^-- more' || fail "no second screen: $(screen)"
    keys p 'rint 6*7' Enter # any other key begins the next line
    waits 60 shows '^0x2a  42' || fail "the key that ends a long answer is lost: $(screen)"
    keys stop Enter step Enter continue Enter # the first one takes a moment: the keys behind it must not be lost
    waits 60 shows 'where it was to go' || fail "keys are lost: $(screen)"
    keys 'echo $((6 * 7))' Enter
    waits 60 shows '^42' || fail "the guest has no keyboard: $(screen)"
    keys C-a c
    waits 60 shows '(vitrine) *$' || fail "no monitor: $(screen)"
    keys stop Enter 'step 900000000' Enter
    waits 60 says '' regs # while it is on its way
    keys C-a x
    waits 60 nobody || fail "Ctrl-A x did not end it"
}
nobody() { [ -z "$("$vitrine" list)" ]; }

"$name"
