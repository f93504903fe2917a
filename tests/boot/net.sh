#!/bin/sh
# net.sh CASE VITRINE HTTP DNS: Debian's kernel with a network card, by name; the cases are the functions below. The guest
# reaches a small server on this host's loopback, and a client on this host reaches the guest. Nothing goes further.
# Texts are waited for, never times. Exit code 77 (skipped) where the guest is neither in the cache nor can be fetched.
set -eu
name=$1 vitrine=$2 http=$3 dns=$4
recipe=$(cd "$(dirname "$0")/../.." && pwd)/roms/recipes/guest
work=$(mktemp -d)
guest= server=
cleanup() {
    for process in $guest $server; do kill "$process" 2>/dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT

fail() {
    echo "FAILED: $*"
    tail -n 40 "$work/output" 2>/dev/null || true
    cat "$work/error" 2>/dev/null || true
    exit 1
}

found=$("$recipe" net) || {
    echo "skipped: Debian's kernel with its network modules is not in the cache and cannot be fetched now"
    exit 77
}
value() { printf '%s\n' "$found" | sed -n "s/^$1=//p"; }

# boot [OPTION...]: starts the guest; its keyboard is descriptor 3
boot() {
    mkfifo "$work/keys"
    : >"$work/output"
    "$vitrine" run -k "$(value kernel)" -i "$(value initrd)" --firmware "$(value firmware)" -m 256M \
        -a 'console=ttyS0 quiet' --timeout 15m "$@" <"$work/keys" >"$work/output" 2>"$work/error" &
    guest=$!
    exec 3>"$work/keys"
    await 'to leave'
    asked=0
    echo 'echo mark-$((500 + 500))' >&3
    await '^mark-1000'
}

# await TEXT: until the guest has printed it
await() {
    until grep -qa -- "$1" "$work/output"; do
        kill -0 "$guest" 2>/dev/null || fail "the machine ended before it printed \"$1\""
        sleep 0.2
    done
}

# ask COMMAND TEXT: types it; its output must hold a line that matches, ahead of the mark that follows
ask() {
    asked=$((asked + 1))
    echo "$1; echo mark-\$((1000 + $asked))" >&3
    await "^mark-$((1000 + asked))"
    sed "1,/^mark-$((999 + asked))/d" "$work/output" | tr -d '\r' | grep -qa -- "$2" || fail "no \"$2\" after: $1"
}

leave() {
    echo poweroff >&3
    exec 3>&-
    if wait "$guest"; then code=0; else code=$?; fi
    guest=
    [ "$code" = 0 ] || fail "exit code $code"
}

serve() {
    dd if=/dev/urandom of="$work/file" bs=65536 count=48 2>/dev/null
    "$http" serve "$work/file" >"$work/port" &
    server=$!
    until [ -s "$work/port" ]; do
        kill -0 "$server" || fail "the server has not started"
        sleep 0.1
    done
    read -r port rest <"$work/port"
    sum=$(md5sum <"$work/file" | cut -d ' ' -f 1)
}

# What everybody does first: an address, names' server, ping, a download, many small ones; and a client of this host.
everything() {
    serve
    outer=$("$http" port)
    boot "$@" -p "$outer:80"
    ask 'ip -4 addr show eth0' 'inet 10\.0\.2\.15/24'
    ask 'cat /etc/resolv.conf' 'nameserver 10\.0\.2\.3'
    ask 'ping -c 2 10.0.2.2' '2 packets received'
    ask 'ping -c 1 -s 40000 10.0.2.2' '1 packets received' # in fragments, where packets are small
    ask "wget -q -O - http://10.0.2.2:$port/ | md5sum" "^$sum"
    ask "for i in \$(seq 40); do wget -q -O - http://10.0.2.2:$port/ | head -c 1 | wc -c; done | sort | uniq -c" '^ *40 1$'
    ask 'echo "glass in the guest" >/tmp/index.html; httpd -p 80 -h /tmp; echo "code $?"' '^code 0'
    for i in 1 2 3; do "$http" get "$outer" >"$work/got" || fail "no connection to the guest, turn $i"; done
    grep -q '^glass in the guest' "$work/got" || fail "the guest's server said: $(cat "$work/got")"
}

live() {
    everything
    # An address by advertisement takes a second or two: first nobody else may have it.
    ask 'until ip -6 addr show eth0 | grep fec0 | grep -qv tentative; do sleep 1; done; ping -c 2 fec0::2' '2 packets received'
    [ -n "$rest" ] || ask "wget -q -O - http://[fec0::2]:$port/ | md5sum" "^$sum"
    leave
}

# The same under the virtual clock, where sleeping waits in the time of this host; and with small packets.
virtual() {
    everything --clock virtual --net user,mtu=1500
    leave
}

# A restricted guest reaches no port of this host, but this host reaches the guest.
restricted() {
    serve
    outer=$("$http" port)
    boot --net user,restrict -p "$outer:80"
    ask 'ip -4 addr show eth0' 'inet 10\.0\.2\.15/24'
    ask "wget -q -T 5 -O - http://10.0.2.2:$port/ | wc -c" '^0'
    ask 'echo "glass in the guest" >/tmp/index.html; httpd -p 80 -h /tmp; echo "code $?"' '^code 0'
    "$http" get "$outer" | grep -q '^glass in the guest' || fail "no connection to the guest"
    leave
}

# Names are asked of this host's name server, through the emulated network's: in a world of our own, where that is ours.
names() {
    code=0
    "$dns" glass.test 10.0.2.2 "$0" names_inside "$vitrine" "$http" "$dns" || code=$?
    exit $code
}

names_inside() {
    serve
    boot
    ask 'nslookup -type=a glass.test 10.0.2.3' '^Address: *10\.0\.2\.2'
    ask 'nslookup -type=a pane.test' 'NXDOMAIN'
    ask "wget -q -O - http://glass.test:$port/ | md5sum" "^$sum"
    leave
}

case $name in
live | virtual | restricted | names | names_inside) "$name" ;;
*)
    echo "usage: $0 live|virtual|restricted|names VITRINE HTTP DNS" >&2
    exit 2
    ;;
esac
