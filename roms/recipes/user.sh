# user/: Debian programs at work, for the benchmark: an ext4 root with Python, a compressor and the C compiler proper out of
# Debian's riscv64 packages, and user-init as its first program (no systemd). Sourced by `guest`. The unpacked packages
# are kept in user-packages/, so that a new user-init needs no network.

user_packages="python3 xz-utils gzip cpp"
user_megabytes=400

make_user() {
    want kernel busybox opensbi
    build disk-ext4 build_disk # its initramfs mounts any root
    [ -e "$cache/user-packages/list" ] && [ $refresh = no ] || fetch_user
    stamp=$(cat "$recipes/user.sh" "$recipes/user-init" "$cache/user-packages/list" "$cache/busybox/package" | cksum)
    is_built user || build_user
    print_linux disk-ext4
    print_path disk "$cache/user/root.ext4"
}

fetch_user() {
    download=$cache/download-user # not among the guest's packages: each recipe throws away its own
    enter
    [ ! -e "$cache/user-packages/list" ] || [ $refresh = yes ] || return 0
    require apt-get=apt dpkg-deb=dpkg
    apt_open riscv64 $guest_suite || skip_user "the package lists cannot be had from $mirror"
    # shellcheck disable=SC2086  # a list of words
    apt_fetch "Debian's $user_packages and what they need" -y --no-install-recommends install $user_packages ||
        skip_user "the packages cannot be had from $mirror"
    say "unpacking the programs"
    root=$work/user-packages/root
    mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib"
    # Debian's own links; the package that brings them is not needed otherwise.
    for name in bin sbin lib; do ln -s usr/$name "$root/$name"; done
    while read -r package; do
        dpkg-deb --fsys-tarfile "$download/$package" | tar -x -C "$root" --keep-directory-symlink --no-same-owner \
            --exclude './usr/share/doc/*' --exclude './usr/share/man/*' --exclude './usr/share/locale/*'
    done <"$state/files"
    sort "$state/files" >"$work/user-packages/list"
    publish user-packages
    rm -rf "$download" "$state"
}

skip_user() {
    say "the programs for the user-space benchmark cannot be fetched: $*"
    exit 77
}

build_user() {
    enter
    ! is_built user || return 0
    require mke2fs=e2fsprogs
    say "making user"
    mkdir -p "$work/user"
    tree=$work/root
    cp -a "$cache/user-packages/root" "$tree"
    cp "$cache/busybox/busybox" "$tree/usr/bin/busybox"
    mkdir -p "$tree/dev" "$tree/proc" "$tree/sys" "$tree/tmp" "$tree/etc"
    plant user-init usr/sbin/init
    mke2fs -q -F -t ext4 -L vitrine -E root_owner=0:0 -d "$tree" "$work/user/root.ext4" ${user_megabytes}M >/dev/null
    echo "$stamp" >"$work/user/stamp"
    publish user
}
