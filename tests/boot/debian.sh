#!/bin/sh
# debian.sh CASE VITRINE BOOT_TYPED: tests of `vitrine run debian`; the cases are the functions below. They run on copies of a
# machine (debian_machine.sh).
set -eu
name=$1 vitrine=$2 typed=$3
. "$(dirname "$0")/debian_machine.sh"
make_small() { make "$machines" file; }

# Twice, for the first boot of an image does what the others need not. What was written stays.
second_boot() {
    make_small
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
    make_small
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
