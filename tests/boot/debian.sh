#!/bin/sh
# debian.sh CASE VITRINE BOOT_TYPED HTTP: tests of `vitrine run debian`; the cases are the functions below. They run on copies of a
# machine (debian_machine.sh).
set -eu
name=$1 vitrine=$2 typed=$3 http=$4
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
        -d "$work/disk" -a 'console=ttyS0 root=/dev/vda rw no5lvl' >"$work/output" 2>&1 </dev/null &
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

# package NAME DEPENDS: one of our own, in the archive, with a script to run when it is configured
package() {
    mkdir -p "$work/$1/DEBIAN" "$work/$1/usr/share/glass" "$work/archive/pool"
    echo "this is $1" >"$work/$1/usr/share/glass/$1"
    printf 'Package: %s\nVersion: 1.5\nArchitecture: all\nMaintainer: Nobody <nobody@localhost>\nDescription: a test\n' "$1" \
        >"$work/$1/DEBIAN/control"
    [ -z "$2" ] || echo "Depends: $2" >>"$work/$1/DEBIAN/control"
    printf '#!/bin/sh\necho "%s: $1 on $(uname -m)"\n' "$1" >"$work/$1/DEBIAN/postinst"
    chmod 755 "$work/$1/DEBIAN/postinst"
    dpkg-deb --root-owner-group --build "$work/$1" "$work/archive/pool/$1.deb" >/dev/null
    {
        sed '/^$/d' "$work/$1/DEBIAN/control"
        printf 'Filename: pool/%s.deb\nSize: %s\nSHA256: %s\n\n' "$1" "$(size "$work/archive/pool/$1.deb")" "$(sum "$work/archive/pool/$1.deb")"
    } >>"$index"
}

size() { stat -c %s "$1"; }
sum() { sha256sum <"$1" | cut -d ' ' -f 1; }

# An archive of two packages, signed with a key that lives as long as this test, older than any guest's idea of today; and
# one whose signature does not fit.
make_archive() {
    "$(dirname "$0")/../../.ci/need" gpg gpg-agent dpkg || exit 77
    folder=$work/archive/dists/glass
    index=$folder/main/binary-riscv64/Packages
    mkdir -p "${index%/*}" "$work/keys"
    chmod 700 "$work/keys"
    package glass-pane glass-frame
    package glass-frame ''
    {
        printf 'Origin: Glass\nSuite: glass\nCodename: glass\nArchitectures: riscv64\nComponents: main\nDate: Wed, 01 Jan 2020 12:00:00 UTC\nSHA256:\n'
        echo " $(sum "$index") $(size "$index") main/binary-riscv64/Packages"
    } >"$folder/Release"
    gnupg --quick-generate-key 'Glass <glass@localhost>' ed25519 sign never
    gnupg --clearsign --output "$folder/InRelease" "$folder/Release"
    mkdir "$work/archive/dists/forged"
    sed 's/^Origin: Glass/Origin: Grass/' "$folder/InRelease" >"$work/archive/dists/forged/InRelease"
    gnupg --export --armor >"$work/archive/glass.asc"
    gpgconf --homedir "$work/keys" --kill gpg-agent
}

# gpg warns each time of the date that it is told.
gnupg() {
    gpg --homedir "$work/keys" --batch --quiet --passphrase '' --pinentry-mode loopback --faked-system-time 20200101T120000 \
        "$@" 2>"$work/output" || fail "gpg cannot $1"
}

# apt installs from an archive on this host's loopback, checks who signed it, and refuses what was changed after that.
apt() {
    make_small
    make_archive
    "$http" serve "$work/archive" >"$work/port" &
    child=$!
    until [ -s "$work/port" ]; do
        kill -0 "$child" || fail "the server has not started"
        sleep 0.1
    done
    read -r port _ <"$work/port"
    url=http://10.0.2.2:$port
    sources="deb [signed-by=/etc/glass.asc] $url"
    # Nothing but the loopback: Debian's own archive is no source, and this host's proxy is not asked.
    boot "$prompt" 'sudo -S rm -f /etc/apt/sources.list.d/debian.sources /etc/apt/apt.conf.d/80vitrine\n' 'password for' "$password\n" \
        "$prompt" "wget -q -O glass.asc $url/glass.asc; sudo mv glass.asc /etc; echo '$sources glass main' | sudo tee /etc/apt/sources.list\n" \
        "$prompt" 'sudo apt-get update && sudo apt-get -y install glass-pane; echo "code $?"\n' \
        "$prompt" 'cat /usr/share/glass/*; apt-mark showauto "glass*"; dpkg --audit | wc -l\n' \
        "$prompt" 'sudo apt-get -y purge glass-pane; sudo apt-get -y autoremove --purge; ls /usr/share/glass\n' \
        "$prompt" "echo '$sources forged main' | sudo tee /etc/apt/sources.list; sudo apt-get update; echo \"then code \$?\"\n" \
        "$prompt" 'sudo poweroff\n' -- --net user
    shows '^code 0'
    shows '^glass-frame: configure on riscv64'
    shows '^glass-pane: configure on riscv64'
    shows '^this is glass-pane'
    shows '^glass-frame$'
    shows "cannot access '/usr/share/glass'"
    shows '^then code 100'
}

case $name in
second_boot | killed | apt) "$name" ;;
*)
    echo "usage: $0 second_boot|killed|apt VITRINE BOOT_TYPED HTTP" >&2
    exit 2
    ;;
esac
