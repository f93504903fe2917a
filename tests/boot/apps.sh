#!/bin/sh
# apps.sh CASE VITRINE BOOT_TYPED: programs of Debian's at work in the guest; each case is a script in apps/, which the guest
# finds in a shared folder. They run on copies of one machine that has all of their packages. Nothing here needs a network
# but its making. What is expected was known before, or comes from this host's own tools.
set -eu
name=$1 vitrine=$2 typed=$3
here=$(cd "$(dirname "$0")" && pwd)
. "$here/debian_machine.sh"
budget=400000000000
packages="python3 nodejs default-jre-headless podman lxc busybox-static wget"

# work [sudo]: logs in, runs the case's script, looks at the clock, which counts instructions: 10^6 in a millisecond.
work() {
    make "$machines/apps" "$packages"
    mkdir "$work/share"
    cp "$here/apps/$name" "$work/share/"
    seq 20000 | awk '{ print $1 * $1 % 7919 }' | tr 0-9 a-j >"$work/share/text"
    boot "$prompt" 'sudo -S true\n' 'password for' "$password\n" \
        "$prompt" "s=\$(date +%s%3N); $* /mnt/share/$name && echo \"right after \$((\$(date +%s%3N) - s)) ms\"\n" \
        "$prompt" 'sudo poweroff\n' -- -s "$work/share"
    sed -n 's/^right after/guest time of the work:/p' "$work/output"
}

# says LINE...: each is printed by the guest, whole, after the case's name
says() {
    for line in "$@"; do grep -aqxF -- "$name: $line" "$work/output" || fail "the guest did not print \"$name: $line\""; done
    grep -aq "^$name: .*is done" "$work/output" || fail "$name did not come to its end"
    shows '^right after'
}

sum_of_text() { sha256sum <"$work/share/text" | cut -d ' ' -f 1; }
words_of_text() { sort -u "$work/share/text" | wc -l; }

python() {
    work
    says "sha256 $(sum_of_text)" 'json 46' "root 1.41421356237309504880168872420969807856967187537694807317668" 'factorial 10539' \
        'prime True' 'threads 2001000' 'processes 2262' "words $(words_of_text) 20000" 'answers 20' 'sorted 1 3 5 7 9'
}

node() {
    work
    says "sha256 $(sum_of_text)" 'factorial 10539' 'primes 17984' 'workers 9592' 'wasm 450015000' 'answers 20'
}

java() {
    work
    says "sha256 $(sum_of_text)" 'factorial 10539' 'primes 25997' 'nulls 3 299985' 'kept 12500 12500' 'threads 9592' 'answers 10'
}

podman() {
    work sudo
    says 'storage overlay' 'limits 67108864 50' 'on overlay' confined 'served: built in a container' \
        'published: built in a container' 'ping 1 packets received' 'left 0'
    shows '^podman: inside pane process 1 of'
}

lxc() {
    work sudo
    says 'inside pane process 1 is init' 'from outside init is RUNNING' confined 'address 10.0.3' 'ping 1 packets received' \
        'then it is STOPPED' 'left 0'
}

case $name in
python | node | java | podman | lxc) "$name" ;;
*)
    echo "usage: $0 python|node|java|podman|lxc VITRINE BOOT_TYPED" >&2
    exit 2
    ;;
esac
