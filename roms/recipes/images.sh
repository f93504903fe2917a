# What we make of the parts: linux/, net/ and share/ (an initramfs each) and disk-ext4/ (a root file system and the initramfs
# that mounts it).
# Sourced by `guest`. Both are made again, offline, when a part or one of our files in them has changed.

disk_megabytes=64

make_linux() {
    want kernel busybox opensbi
    build linux build_linux
    print_linux linux
}

make_disk() {
    want kernel busybox opensbi
    build disk-ext4 build_disk
    print_linux disk-ext4
    print_path disk "$cache/disk-ext4/root.ext4"
}

make_net() {
    # A cache from before there was this guest lacks the modules.
    [ ! -e "$cache/kernel/package" ] || [ -e "$cache/kernel/modules-net" ] || refresh=yes
    want kernel busybox opensbi
    build net build_net
    print_linux net
}

make_share() {
    [ ! -e "$cache/kernel/package" ] || [ -e "$cache/kernel/modules-share" ] || refresh=yes
    want kernel busybox opensbi
    build share build_share
    print_linux share
}

make_screen() {
    [ ! -e "$cache/kernel/package" ] || [ -e "$cache/kernel/modules-screen" ] || refresh=yes
    want kernel busybox opensbi
    build screen build_screen
    print_linux screen
}

print_linux() {
    print_path kernel "$cache/kernel/Image"
    print_path initrd "$cache/$1/initrd.gz"
    print_path firmware "$cache/opensbi/fw_dynamic.bin"
    echo "release=$(cat "$cache/kernel/release")"
}

# build NAME FUNCTION: makes $cache/NAME unless it was made from just these files.
build() {
    stamp=$(cat "$recipes/images.sh" "$recipes"/guest-* "$cache/kernel/package" "$cache/busybox/package" | cksum)
    ! is_built "$1" || return 0
    enter
    ! is_built "$1" || return 0
    require cpio=cpio gzip=gzip mke2fs=e2fsprogs
    say "making $1"
    mkdir -p "$work/$1"
    "$2" "$work/$1"
    echo "$stamp" >"$work/$1/stamp"
    publish "$1"
}

is_built() { [ "$(cat "$cache/$1/stamp" 2>/dev/null)" = "$stamp" ]; }

build_linux() {
    tree=$work/tree
    plant_busybox
    plant guest-shell init
    pack_tree "$1/initrd.gz"
}

build_disk() {
    tree=$work/root
    plant_busybox
    plant guest-shell sbin/init
    mke2fs -q -F -t ext4 -L vitrine -E root_owner=0:0 -d "$tree" "$1/root.ext4" ${disk_megabytes}M >/dev/null
    pack_disk_initrd "$cache/kernel/modules" "$1/initrd.gz"
}

# pack_disk_initrd MODULES INITRD: the initramfs that mounts a disk.
pack_disk_initrd() {
    tree=$work/tree
    plant_busybox
    plant guest-mount-disk init
    cp -r "$1" "$tree/modules"
    for module in "$tree"/modules/*.ko; do drop_signature "$module"; done
    pack_tree "$2"
}

build_net() {
    tree=$work/tree
    plant_busybox
    plant guest-load-net init
    plant guest-shell shell-init
    mkdir -p "$tree/etc/udhcpc"
    plant guest-dhcp etc/udhcpc/default.script
    cp -r "$cache/kernel/modules-net" "$tree/modules"
    for module in "$tree"/modules/*.ko; do drop_signature "$module"; done
    pack_tree "$1/initrd.gz"
}

build_share() {
    tree=$work/tree
    plant_busybox
    plant guest-load-share init
    plant guest-shell shell-init
    cp -r "$cache/kernel/modules-share" "$tree/modules"
    for module in "$tree"/modules/*.ko; do drop_signature "$module"; done
    pack_tree "$1/initrd.gz"
}

build_screen() {
    tree=$work/tree
    plant_busybox
    plant guest-load-screen init
    plant guest-shell shell-init
    cp -r "$cache/kernel/modules-screen" "$tree/modules"
    for module in "$tree"/modules/*.ko; do drop_signature "$module"; done
    pack_tree "$1/initrd.gz"
}

# drop_signature MODULE: the kernel loads it all the same and says so. Hashing ext4's seven megabytes to check the
# signature takes more instructions than all the rest of a boot.
#   | module | signature | 8 bytes | length of the signature, big-endian, 4 bytes | "~Module signature appended~\n" |
drop_signature() {
    [ "$(tail -c 28 "$1")" = '~Module signature appended~' ] || return 0
    length=$(tail -c 32 "$1" | od -A n -t u1 -N 4 | awk '{ print (($1 * 256 + $2) * 256 + $3) * 256 + $4 }')
    truncate -s -$((length + 40)) "$1"
}

# busybox makes the links to its applets itself, in the guest: it cannot run here.
plant_busybox() {
    mkdir -p "$tree/bin" "$tree/sbin" "$tree/usr/bin" "$tree/usr/sbin" "$tree/etc" "$tree/root" "$tree/tmp" \
        "$tree/dev" "$tree/proc" "$tree/sys" "$tree/mnt"
    cp "$cache/busybox/busybox" "$tree/bin/busybox"
    chmod 755 "$tree/bin/busybox"
    ln -s busybox "$tree/bin/sh"
    cp "$recipes/guest-words" "$tree/etc/words"
}

# plant RECIPE PATH: one of our scripts, executable.
plant() {
    cp "$recipes/$1" "$tree/$2"
    chmod 755 "$tree/$2"
}

# No device nodes are needed in it (the kernel's own built-in archive has /dev/console), hence no root here.
# Owners, times and order are fixed: the same files make the same archive.
pack_tree() {
    find "$tree" -exec touch -h -d @0 {} +
    (cd "$tree" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 --reproducible) | gzip -9n >"$1"
    rm -rf "$tree"
}
