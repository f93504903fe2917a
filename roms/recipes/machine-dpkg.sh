#!/bin/sh
# machine-dpkg.sh DOWNLOADS LIST ROOT WANTED: unpacks the Debian packages named in LIST (files in DOWNLOADS) into ROOT and
# writes down there what dpkg would have written down while unpacking them, so that dpkg itself can configure them in the
# guest. The host's dpkg cannot do this: it would run the packages' scripts, which are for another processor's programs.
# Run by fakeroot, so that the files belong to whom the packages say. WANTED holds the names of packages that somebody
# asked for; to apt the rest are dependencies, which may leave when nobody needs them any more.
# Left out: preinst, which the guest runs afterwards (machine-configure), and diversions by packages: base ones have none.
set -eu
downloads=$1 list=$2 root=$3 wanted=$4
export LC_ALL=C

records=$root/var/lib/dpkg
mkdir -p "$records/info" "$records/triggers" "$records/updates" "$records/parts" "$root/var/lib/apt"
mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib"
# Debian's own links, needed before the package that brings them is unpacked.
for name in bin sbin lib; do ln -s usr/$name "$root/$name"; done

# unpack DEB: its files, and the list of them.
unpack() {
    rm -rf "$control"
    dpkg-deb -e "$1" "$control"
    package=$(field Package)
    name=$package
    # Where two architectures' copies may lie side by side, dpkg's files have the architecture in their names.
    [ "$(field Multi-Arch)" != same ] || name=$package:$(field Architecture)
    dpkg-deb --fsys-tarfile "$1" | tar -xvp -C "$root" --numeric-owner --keep-directory-symlink --quoting-style=literal |
        sed 's|^\./$|/.|; t; s|^\.||; s|/$||' >"$records/info/$name.list"
}

field() { sed -n "s/^$1: //p" "$control/control"; }

# The package's paragraph of dpkg's status file, and the files that dpkg keeps about it.
record() {
    sed '/^$/d; s/^Package: .*/&\nStatus: install ok unpacked/' "$control/control"
    if [ -e "$control/conffiles" ]; then
        # Known with their sums, files that an administrator may change are upgraded without a question while nobody has.
        echo "Conffiles:"
        sed -n 's|^/||p' "$control/conffiles" | (cd "$root" && while read -r file; do
            [ ! -e "$file" ] || md5sum "$file" | awk '{ print " /" $2, $1 }'
        done)
    fi
    echo
    for file in "$control"/*; do
        [ "${file##*/}" = control ] || cp "$file" "$records/info/$name.${file##*/}"
    done
    [ ! -e "$control/triggers" ] || record_triggers
}

# Who wants to be told what: one file for all paths, one file for each word.
record_triggers() {
    sed 's/#.*//' "$control/triggers" | while read -r kind what; do
        case $kind in
        interest) who=$package ;;
        interest-noawait) who=$package/noawait ;;
        *) continue ;;
        esac
        case $what in
        /*) echo "$what $who" >>"$records/triggers/File" ;;
        *) echo "$who" >>"$records/triggers/$what" ;;
        esac
    done
}

# apt knows which packages came only because others need them.
mark_automatic() {
    grep -qxF -e "$package" "$wanted" || printf 'Package: %s\nArchitecture: riscv64\nAuto-Installed: 1\n\n' "$package"
}

control=$records/parts/control
echo 1 >"$records/info/format"
: >"$records/diversions"
: >"$records/statoverride"
: >"$root/var/lib/apt/extended_states"
while read -r deb; do
    unpack "$downloads/$deb"
    record >>"$records/status"
    mark_automatic >>"$root/var/lib/apt/extended_states"
    # The guest runs these in this order.
    [ ! -e "$control/preinst" ] || echo "$package $records/info/$name.preinst" | sed "s| $root| |" >>"$records/parts/preinst"
done <"$list"
rm -rf "$control"
mv "$records/parts/preinst" "$root/vitrine/preinst"
rmdir "$records/parts"
: >"$records/available"
