#!/bin/sh
# share.sh CASE VITRINE BOOT_TYPED BOOT_PERSON: Debian's kernel with shared folders and a virtio console; the cases are the
# functions below. Exit code 77 (skipped) where the guest is neither in the cache nor can be fetched.
set -eu
name=$1 vitrine=$2 typed=$3 person=$4
recipe=$(cd "$(dirname "$0")/../.." && pwd)/roms/recipes/guest
budget=6000000000
prompt='# '
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*"
    tail -n 60 "$work/output" 2>/dev/null || true
    exit 1
}

found=$("$recipe" share) || {
    echo "skipped: Debian's kernel with its modules for shared folders is not in the cache and cannot be fetched now"
    exit 77
}
value() { printf '%s\n' "$found" | sed -n "s/^$1=//p"; }

# boot [TEXT KEYS]... -- [OPTION]...: a scripted person under the virtual clock
boot() {
    if "$typed" "$@" --clock virtual --max-insns $budget -m 256M -k "$(value kernel)" -i "$(value initrd)" \
        --firmware "$(value firmware)" -a 'console=ttyS0 quiet' >"$work/output"; then code=0; else code=$?; fi
    [ "$code" = 0 ] || fail "exit code $code"
}

shows() { grep -qa -- "$1" "$work/output" || fail "the guest did not print \"$1\""; }
hides() { ! grep -qa -- "$1" "$work/output" || fail "the guest printed \"$1\""; }

# Reading, writing, renaming, links and a large file, both ways; nothing of what lies outside; a second folder, read-only.
folders() {
    mkdir "$work/in" "$work/ro" "$work/out"
    echo 'greetings from the host' >"$work/in/letter"
    echo 'top secret' >"$work/out/secret"
    echo fixed >"$work/ro/rock"
    ln -s "$work/out/secret" "$work/in/absolute"
    ln -s ../out/secret "$work/in/upwards"
    ln -s / "$work/in/root"
    head -c 5000000 /dev/urandom >"$work/in/big"
    sum=$(md5sum <"$work/in/big")
    boot "$prompt" 'cd /mnt/share; cat letter; echo thanks >answer; mkdir d; mv answer d/reply; ln -s reply d/link; cat d/link\n' \
        "$prompt" 'md5sum <big; cp big copy; sync; cmp big copy && echo alike; rm big; ls -l\n' \
        "$prompt" 'cat absolute upwards /mnt/share/../share/root/out/secret; cat ../../mnt/share/root/etc/words | head -n 1\n' \
        "$prompt" 'mknod disk b 8 0 || echo no device; touch -d @86400 letter; chmod 600 letter; stat -c "mode %a at %Y" letter\n' \
        "$prompt" 'mkdir -p e/f/g; touch e/f/g/h; mv e x; ls x/f/g; rm -r x; df . | tail -n 1\n' \
        "$prompt" 'cd /mnt/stone; cat rock; echo no >rock; rm rock; touch new; mkdir new; mv rock ruck; chmod 777 rock\n' \
        "$prompt" 'poweroff\n' -- -s "$work/in" -s "$work/ro:stone,ro"
    shows '^greetings from the host'
    shows '^thanks'
    shows "^${sum%% *}"
    shows '^alike'
    shows '^no device'
    shows '^mode 600 at 86400'
    shows '^h.$'
    shows '^fixed'
    hides 'top secret'
    hides root:
    [ "$(grep -ca 'Read-only file system' "$work/output")" = 6 ] || fail "the read-only folder refuses not all six changes"
    [ "$(cat "$work/in/d/reply")" = thanks ] || fail "the host does not see what the guest wrote"
    [ "$(readlink "$work/in/d/link")" = reply ] || fail "the host does not see the guest's link"
    [ "$(md5sum <"$work/in/copy")" = "$sum" ] || fail "the copy differs"
    [ ! -e "$work/in/big" ] && [ ! -e "$work/in/x" ] || fail "what the guest removed is still there"
    [ "$(ls "$work/ro")" = rock ] && [ "$(cat "$work/ro/rock")" = fixed ] || fail "the read-only folder has changed"
    [ "$(cat "$work/out/secret")" = 'top secret' ] || fail "a file outside of the folder has changed"
}

# A shell on hvc0, and a terminal that becomes larger while it waits.
resize() {
    "$person" wait '# ' type 'tty; stty size; echo ready; while [ "$(stty size)" = "24 80" ]; do sleep 0.1; done; stty size\n' \
        wait /dev/hvc0 wait '24 80' wait ready resize 132x50 wait '50 132' \
        wait '# ' type 'poweroff\n' -- "$vitrine" run --console virtio -q -m 256M --net none --timeout 15m \
        -k "$(value kernel)" -i "$(value initrd)" --firmware "$(value firmware)" \
        -a 'console=ttyS0 console=hvc0 quiet' >"$work/output" || fail "the person could not go on"
}

case $name in
folders | resize) "$name" ;;
*)
    echo "usage: $0 folders|resize VITRINE BOOT_TYPED BOOT_PERSON" >&2
    exit 2
    ;;
esac
