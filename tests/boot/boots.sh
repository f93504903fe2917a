#!/bin/sh
# boots.sh CASE VITRINE BOOT_TYPED: one boot test of Debian, by name; the cases are the functions below.
# Budgets are in guest instructions, so the speed of this machine does not matter. Exit code 77 (skipped) where Debian's
# kernel is neither in the cache nor can be fetched.
set -eu
name=$1 vitrine=$2 typed=$3
recipe=$(cd "$(dirname "$0")/../.." && pwd)/roms/recipes/guest
PATH=$PATH:/usr/sbin:/sbin
budget=4000000000
prompt='# '
work=$(mktemp -d)
child=
cleanup() {
    [ -z "$child" ] || kill "$child" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

fail() {
    echo "FAILED: $*"
    tail -n 40 "$work/output" 2>/dev/null || true
    exit 1
}

# files RECIPE: where the guest's files are, as $kernel, $initrd, $firmware and $disk
files() {
    found=$("$recipe" "$1") || {
        echo "skipped: Debian's kernel is not in the cache and cannot be fetched now"
        exit 77
    }
    kernel=$(value kernel) initrd=$(value initrd) firmware=$(value firmware) disk=$(value disk)
}
value() { printf '%s\n' "$found" | sed -n "s/^$1=//p"; }

# boot [TEXT KEYS]... -- [OPTION]...: to the shell, where the texts are waited for and the keys typed
boot() {
    if "$typed" "$@" --clock virtual --max-insns $budget -k "$kernel" -i "$initrd" --firmware "$firmware" \
        -a console=ttyS0 >"$work/output"; then code=0; else code=$?; fi
    [ "$code" = 0 ] || fail "exit code $code"
    shows 'reboot: Power down'
}

shows() { grep -q -- "$1" "$work/output" || fail "the guest did not print \"$1\""; }

uname_and_poweroff() {
    files linux
    boot "$prompt" 'uname -a\n' "$prompt" 'nproc\n' "$prompt" 'poweroff\n' -- -c 1
    shows '^Linux vitrine 6.*riscv64 GNU/Linux'
    shows '^1.$'
}

two_harts() {
    files linux
    boot "$prompt" 'uname -a\n' "$prompt" 'nproc\n' "$prompt" 'poweroff\n' -- -c 2
    shows '^Linux vitrine 6.*riscv64 GNU/Linux'
    shows '^2.$'
}

plain_engine() {
    files linux
    boot "$prompt" 'uname -a\n' "$prompt" 'poweroff\n' -- --engine plain
    shows '^Linux vitrine 6.*riscv64 GNU/Linux'
}

# What is written to the disk is there in the next boot, and the file system stays whole.
disk() {
    files disk-ext4
    cp "$disk" "$work/disk"
    boot "$prompt" 'grep /dev/vda /proc/mounts\n' "$prompt" 'echo glass >/root/kept; dd if=/dev/urandom of=/root/big bs=1M count=2; md5sum /root/big >/root/sum\n' \
        "$prompt" 'poweroff\n' -- -d "$work/disk"
    shows '^/dev/vda / ext4 rw'
    e2fsck -fn "$work/disk" >"$work/output" 2>&1 || fail "e2fsck found fault with the disk after the first boot"
    boot "$prompt" 'cat /root/kept; md5sum -c /root/sum\n' "$prompt" 'poweroff\n' -- -d "$work/disk" -c 2
    shows '^glass'
    shows '^/root/big: OK'
    e2fsck -fn "$work/disk" >"$work/output" 2>&1 || fail "e2fsck found fault with the disk after the second boot"
    cp "$work/disk" "$work/before"
    boot "$prompt" 'poweroff\n' -- -d "$work/disk,ro"
    cmp "$work/disk" "$work/before" || fail "a read-only disk has changed"
}

# A reboot leads back to a machine that boots.
reboot() {
    files linux
    boot "$prompt" 'echo first; reboot\n' 'reboot: Restarting system' '' 'to leave.' '' "$prompt" 'echo second; poweroff\n' --
    shows '^first'
    shows '^second'
    [ "$(grep -c 'Linux version' "$work/output")" = 2 ] || fail "the kernel has not started twice"
}

# The program itself, in a pipeline: all that is typed is there before the guest has started, and then input ends.
pipes() {
    files linux
    printf 'uname -a\npoweroff\n' | {
        code=0
        "$vitrine" run -k "$kernel" -i "$initrd" --firmware "$firmware" -a console=ttyS0 --clock virtual \
            --max-insns $budget 2>"$work/error" || code=$?
        echo "$code" >"$work/code"
    } | cat >"$work/output"
    [ "$(cat "$work/code")" = 0 ] || fail "exit code $(cat "$work/code"): $(cat "$work/error")"
    shows '^Linux vitrine 6.*riscv64 GNU/Linux'
    shows 'reboot: Power down'
    grep -q '^vitrine: .*It starts under' "$work/error" || fail "no banner on stderr: $(cat "$work/error")"
}

# A guest by its name, as `vitrine run NAME` has it: by_name [TEXT KEYS]... -- NAME [OPTION]...
by_name() {
    if VITRINE_SHARE=$(dirname "$(dirname "$recipe")") "$typed" "$@" --clock virtual --max-insns $budget >"$work/output"
    then code=0; else code=$?; fi
    [ "$code" = 0 ] || fail "exit code $code"
}

# The boot loader sees a disk, and boots Linux from it: 2*10^9 instructions, most of them Linux's.
uboot() {
    files linux
    mkdir "$work/tree"
    cp "$kernel" "$work/tree/Image"
    cp "$initrd" "$work/tree/initrd.gz"
    mke2fs -q -F -t ext4 -d "$work/tree" "$work/disk" 64M >/dev/null
    files uboot
    # shellcheck disable=SC2016  # U-Boot's variables
    by_name 'stop autoboot' x '=> ' 'virtio info\n' '=> ' 'ls virtio 0\n' '=> ' \
        'setenv bootargs console=ttyS0; ext4load virtio 0 $kernel_addr_r /Image\n' '=> ' \
        'ext4load virtio 0 $ramdisk_addr_r /initrd.gz; booti $kernel_addr_r $ramdisk_addr_r:$filesize $fdtcontroladdr\n' \
        'to leave' "" "$prompt" 'poweroff\n' -- uboot -d "$work/disk"
    shows 'Hard Disk'
    shows ' Image'
    shows 'reboot: Power down'
}

# Its first dialog, drawn on the serial line; Ctrl-A 2 leads to a shell beside it. 8*10^9 instructions.
installer() {
    files installer
    budget=12000000000
    by_name 'Select a language' "$(printf '\0012')" '~ #' 'poweroff -f\n' -- installer
}

# user and system time of a process so far, in clock ticks; its name may hold spaces
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }

# At a prompt with nobody typing, the process sleeps: under 2 % of a core, in CPU time.
idle() {
    files linux
    [ -r /proc/self/stat ] || { echo "skipped: this host has no /proc" && exit 77; }
    mkfifo "$work/keys"
    "$vitrine" run -k "$kernel" -i "$initrd" --firmware "$firmware" -a console=ttyS0 -q --timeout 10m \
        <"$work/keys" >"$work/output" 2>"$work/error" &
    child=$!
    exec 3>"$work/keys" # held open: somebody may still type
    until grep -q 'to leave' "$work/output"; do
        kill -0 "$child" 2>/dev/null || fail "the machine ended before its prompt: $(cat "$work/error")"
        sleep 0.5
    done
    # The kernel tidies up after its start, on a busy host for long: one quiet window of ten is what is asked for.
    allowed=$((6 * $(getconf CLK_TCK) * 2 / 100))
    used=$((allowed + 1)) window=0
    while [ "$used" -gt "$allowed" ] && [ $window -lt 10 ]; do
        window=$((window + 1))
        before=$(ticks "$child")
        sleep 6
        used=$(($(ticks "$child") - before))
        echo "$used ticks of CPU time in 6 s; $allowed are 2 % of a core"
    done
    [ "$used" -le "$allowed" ] || fail "an idle guest uses too much CPU time"
    echo poweroff >&3
    exec 3>&-
    if wait "$child"; then code=0; else code=$?; fi
    child=
    [ "$code" = 0 ] || fail "exit code $code after poweroff: $(cat "$work/error")"
}

case $name in
uname_and_poweroff | two_harts | plain_engine | disk | reboot | pipes | uboot | installer | idle) "$name" ;;
*)
    echo "usage: $0 uname_and_poweroff|two_harts|plain_engine|disk|reboot|pipes|uboot|installer|idle VITRINE BOOT_TYPED" >&2
    exit 2
    ;;
esac
