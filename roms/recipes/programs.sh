# Roots whose programs come straight out of Debian's riscv64 packages: unpacked, not configured, with a first program of ours
# and no systemd. For guests that do one thing. Sourced by `guest`. The unpacked packages are kept beside the image, in NAME-packages/,
# so that a new script of ours needs no network.

# fetch_programs NAME PACKAGE...: these and what they need, below $cache/NAME-packages/root. Exit code 77 where that cannot be had.
fetch_programs() {
    programs=$1-packages
    shift
    download=$cache/download-$programs # not among the guest's packages: each recipe throws away its own
    enter
    [ ! -e "$cache/$programs/list" ] || [ $refresh = yes ] || return 0
    require apt-get=apt dpkg-deb=dpkg
    apt_open riscv64 $guest_suite || skip_programs "the package lists cannot be had from $mirror"
    apt_fetch "Debian's $* and what they need" -y --no-install-recommends install "$@" ||
        skip_programs "the packages cannot be had from $mirror"
    say "unpacking the programs"
    root=$work/$programs/root
    mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib"
    # Debian's own links; the package that brings them is not needed otherwise.
    for name in bin sbin lib; do ln -s usr/$name "$root/$name"; done
    while read -r package; do
        dpkg-deb --fsys-tarfile "$download/$package" | tar -x -C "$root" --keep-directory-symlink --no-same-owner \
            --exclude './usr/share/doc/*' --exclude './usr/share/man/*' --exclude './usr/share/locale/*'
    done <"$state/files"
    sort "$state/files" >"$work/$programs/list"
    publish "$programs"
    rm -rf "$download" "$state"
}

skip_programs() {
    say "the programs for this guest cannot be fetched: $*"
    exit 77
}

# plant_programs NAME: $tree becomes a copy of them, with busybox beside and places to mount on
plant_programs() {
    tree=$work/root
    cp -a "$cache/$1-packages/root" "$tree"
    cp "$cache/busybox/busybox" "$tree/usr/bin/busybox"
    mkdir -p "$tree/dev" "$tree/proc" "$tree/sys" "$tree/tmp" "$tree/run" "$tree/etc" "$tree/root"
}

# publish_programs NAME MEGABYTES: the disk image out of $tree
publish_programs() {
    require mke2fs=e2fsprogs
    mkdir -p "$work/$1"
    mke2fs -q -F -t ext4 -L vitrine -E root_owner=0:0 -d "$tree" "$work/$1/root.ext4" "$2M" >/dev/null
    echo "$stamp" >"$work/$1/stamp"
    publish "$1"
}
