#!/bin/sh
# What machine-dpkg.sh writes down is what dpkg itself would have: two small packages of our own are unpacked by it, and then
# dpkg (the host's, which only reads) is asked about them. Exit code 77 (skipped) where fakeroot or dpkg are missing.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
"$root/.ci/need" dpkg fakeroot || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$PATH:/usr/sbin:/sbin

fail() {
    echo "FAILED: $*"
    exit 1
}

# package NAME FIELD...: packs $work/NAME, which holds its files, with these fields more
package() {
    name=$1
    shift
    mkdir -p "$work/$name/DEBIAN"
    printf 'Package: %s\nVersion: 1.0\nArchitecture: riscv64\nMaintainer: Nobody <nobody@localhost>\n' "$name" >"$work/$name/DEBIAN/control"
    printf '%s\n' "$@" 'Description: a test' ' of two lines' >>"$work/$name/DEBIAN/control"
    dpkg-deb --root-owner-group --build "$work/$name" "$work/${name}_1.0_riscv64.deb" >/dev/null
    echo "${name}_1.0_riscv64.deb" >>"$work/list"
}

mkdir -p "$work/first/DEBIAN" "$work/first/etc" "$work/first/usr/bin" "$work/second/usr/lib"
echo setting=1 >"$work/first/etc/first.conf"
echo /etc/first.conf >"$work/first/DEBIAN/conffiles"
printf '# a remark\ninterest-noawait /usr/lib/plugins\ninterest rebuild\n' >"$work/first/DEBIAN/triggers"
printf '#!/bin/sh\nexit 0\n' >"$work/first/DEBIAN/preinst"
chmod 755 "$work/first/DEBIAN/preinst"
echo program >"$work/first/usr/bin/a program"
chmod 4755 "$work/first/usr/bin/a program"
echo library >"$work/second/usr/lib/second.so"
package first
package second 'Multi-Arch: same' 'Depends: first'

echo first >"$work/wanted"
tree=$work/tree
mkdir -p "$tree/vitrine"
fakeroot -s "$work/owners" "$root/roms/recipes/machine-dpkg.sh" "$work" "$work/list" "$tree" "$work/wanted"

ask() { dpkg-query --admindir="$tree/var/lib/dpkg" "$@" 2>"$work/complaints"; }

# is WHAT EXPECTED FOUND
is() { [ "$2" = "$3" ] || fail "$1 is \"$3\", not \"$2\""; }

is "the state of the packages" "first unpacked second unpacked" \
    "$(ask -W -f '${Package} ${db:Status-Status}\n' | sort | paste -s -d ' ' -)"
[ ! -s "$work/complaints" ] || fail "dpkg does not like the records: $(cat "$work/complaints")"
is "what first consists of" "/. /etc /etc/first.conf /usr /usr/bin /usr/bin/a program" "$(ask -L first | paste -s -d ' ' -)"
is "whose /usr/lib/second.so is" "second:riscv64: /usr/lib/second.so" "$(ask -S /usr/lib/second.so)"
sum=$(md5sum <"$work/first/etc/first.conf" | cut -d ' ' -f 1)
is "the sum of the setting" " /etc/first.conf $sum" "$(ask -W -f '${Conffiles}\n' first | grep .)"
is "what second needs" first "$(ask -W -f '${Depends}' second)"
is "who waits for a path" "/usr/lib/plugins first/noawait" "$(cat "$tree/var/lib/dpkg/triggers/File")"
is "who waits for a word" first "$(cat "$tree/var/lib/dpkg/triggers/rebuild")"
is "the scripts to run in the guest" "first /var/lib/dpkg/info/first.preinst" "$(cat "$tree/vitrine/preinst")"
is "what came as a dependency" second "$(sed -n 's/^Package: //p' "$tree/var/lib/apt/extended_states")"
is "owner and mode of a program" "0:0 4755" "$(fakeroot -i "$work/owners" stat -c '%u:%g %a' "$tree/usr/bin/a program")"
is "where /lib leads" usr/lib "$(readlink "$tree/lib")"
