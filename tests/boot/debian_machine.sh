# What the tests with the Debian of `vitrine run debian` share: making it, booting a copy of it, looking at what it printed.
# Sourced by debian.sh and apps.sh, which set $vitrine and $typed (boot_typed) first. A machine is made once, which takes
# minutes, in the cache and not where the user's own would be. Exit code 77 (skipped) where Debian's packages cannot be fetched.
PATH=$PATH:/usr/sbin:/sbin
machines=${XDG_CACHE_HOME:-$HOME/.cache}/vitrine/tests
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

# make FOLDER PACKAGES: the machine, through the program, as its user would; $machine is where it is, $work/disk a copy of
# its disk. How long it took is printed.
make() {
    "$(dirname "$0")/../../.ci/need" fakeroot || exit 77
    export XDG_DATA_HOME="$1"
    machine=$1/vitrine/debian
    begin=$(date +%s)
    code=0
    "$vitrine" run debian --user ada --hostname glass --packages "$2" --max-insns 1000 >"$work/output" 2>&1 </dev/null || code=$?
    if [ $code = 4 ] && grep -q 'cannot be had' "$work/output"; then
        echo "skipped: Debian's packages cannot be fetched"
        exit 77
    fi
    [ $code = 124 ] || fail "exit code $code while it was made"
    echo "Debian was there or made in $(($(date +%s) - begin)) s"
    cp --sparse=always --reflink=auto "$machine/root.ext4" "$work/disk"
    password=$(cat "$machine/password")
}

# boot [TEXT KEYS]... -- [OPTION]...: to the login, where ada logs in; then as said
boot() {
    code=0
    "$typed" 'login: ' 'ada\n' 'Password: ' "$password\n" "$@" --clock virtual --max-insns $budget -m 1G \
        -k "$machine/Image" -i "$machine/initrd.gz" --firmware "$machine/fw_dynamic.bin" -d "$work/disk" \
        -a 'console=tty0 console=ttyS0 root=/dev/vda rw no5lvl' >"$work/output" || code=$?
    tr -d '\r' <"$work/output" >"$work/lines" && mv "$work/lines" "$work/output"
    [ "$code" = 0 ] || fail "exit code $code"
    shows 'reboot: Power down'
}

shows() { grep -aq -- "$1" "$work/output" || fail "the guest did not print \"$1\""; }

check_disk() { e2fsck -fn "$work/disk" >"$work/output" 2>&1 || fail "e2fsck found fault with the disk $1"; }
