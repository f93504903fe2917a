#!/bin/sh
# debian.sh CASE VITRINE BOOT_TYPED: tests of `vitrine run debian`; the cases are the functions below. The machine is made once,
# which takes minutes, in the cache and not where the user's own would be; tests run on copies. Exit code 77 (skipped)
# where Debian's packages cannot be fetched.
set -eu
name=$1 vitrine=$2 typed=$3
export XDG_DATA_HOME="${XDG_CACHE_HOME:-$HOME/.cache}/vitrine/tests"
PATH=$PATH:/usr/sbin:/sbin
budget=60000000000 # instructions; a boot takes less than a fifth of it
prompt=':~$ '
work=$(mktemp -d)
child=
cleanup() {
    [ -z "$child" ] || kill -9 "$child" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

fail() {
    echo "FAILED: $*"
    tail -n 60 "$work/output" 2>/dev/null || true
    exit 1
}

# make: the machine, through the program, as its user would; $machine is where it is. How long it took is printed.
make() {
    "$(dirname "$0")/../../.ci/need" fakeroot || exit 77
    machine=$XDG_DATA_HOME/vitrine/debian
    begin=$(date +%s)
    code=0
    "$vitrine" run debian --user ada --hostname glass --packages file --max-insns 1000 >"$work/output" 2>&1 </dev/null || code=$?
    if [ $code = 4 ] && grep -q 'cannot be had' "$work/output"; then
        echo "skipped: Debian's packages cannot be fetched"
        exit 77
    fi
    [ $code = 124 ] || fail "exit code $code while it was made"
    echo "Debian was there or made in $(($(date +%s) - begin)) s"
    cp --sparse=always --reflink=auto "$machine/root.ext4" "$work/disk"
    password=$(cat "$machine/password")
}

# boot [TEXT KEYS]... -- [OPTION]...: to the login, where the ada logs in; then as said
boot() {
    code=0
    "$typed" 'login: ' 'ada\n' 'Password: ' "$password\n" "$@" --clock virtual --max-insns $budget -m 1G \
        -k "$machine/Image" -i "$machine/initrd.gz" --firmware "$machine/fw_dynamic.bin" -d "$work/disk" \
        -a 'console=tty0 console=ttyS0 root=/dev/vda rw' >"$work/output" || code=$?
    tr -d '\r' <"$work/output" >"$work/lines" && mv "$work/lines" "$work/output"
    [ "$code" = 0 ] || fail "exit code $code"
    shows 'reboot: Power down'
}

shows() { grep -aq -- "$1" "$work/output" || fail "the guest did not print \"$1\""; }

check_disk() { e2fsck -fn "$work/disk" >"$work/output" 2>&1 || fail "e2fsck found fault with the disk $1"; }

# Twice, for the first boot of an image does what the others need not. What was written stays.
second_boot() {
    make
    boot "$prompt" 'sudo -S sh -c "echo glass >/root/kept"\n' 'password for' "$password\n" "$prompt" 'sudo poweroff\n' --
    check_disk "after the first boot"
    boot "$prompt" 'systemctl is-system-running --wait\n' "$prompt" 'systemctl --failed --plain --no-legend | wc -l\n' \
        "$prompt" 'file /bin/sh; hostname; id -nG; dpkg --audit | wc -l; date -u +%Z\n' \
        "$prompt" 'sudo -S cat /root/kept\n' 'password for' "$password\n" "$prompt" 'sudo poweroff\n' --
    shows 'running$'
    shows '/bin/sh: symbolic link to dash'
    shows '^glass$'
    shows 'sudo'
    check_disk "after the second boot"
}

# A vitrine that is killed leaves a disk that recovers by itself.
killed() {
    make
    "$vitrine" run -q -k "$machine/Image" -i "$machine/initrd.gz" --firmware "$machine/fw_dynamic.bin" -m 1G \
        -d "$work/disk" -a 'console=ttyS0 root=/dev/vda rw' >"$work/output" 2>&1 </dev/null &
    child=$!
    until grep -aq 'login: ' "$work/output"; do
        kill -0 "$child" 2>/dev/null || fail "the machine ended before its login"
        sleep 1
    done
    kill -9 "$child"
    wait "$child" || true
    child=
    code=0
    e2fsck -fp "$work/disk" >"$work/output" 2>&1 || code=$?
    [ $code -le 1 ] || fail "e2fsck has to ask, exit code $code"
    check_disk "after it was mended"
    boot "$prompt" 'systemctl is-system-running --wait\n' "$prompt" 'sudo -S poweroff\n' 'password for' "$password\n" --
    shows 'running$'
}

case $name in
second_boot | killed) "$name" ;;
*)
    echo "usage: $0 second_boot|killed VITRINE BOOT_TYPED" >&2
    exit 2
    ;;
esac
