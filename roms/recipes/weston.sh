# weston/: a graphical desktop: Weston, the compositor that Wayland's makers show what they have made with, on the kernel's
# own graphics (DRM) and drawn in software, a terminal and a few small programs. An ext4 root out of Debian's
# riscv64 packages, with weston-init as its first program. Sourced by `guest`.

weston_packages="weston seatd udev libdrm-tests fonts-dejavu-core fonts-dejavu-mono xkb-data"
weston_megabytes=700

make_weston() {
    [ ! -e "$cache/kernel/package" ] || [ -e "$cache/kernel/modules-screen" ] || refresh=yes
    want kernel busybox opensbi
    # shellcheck disable=SC2086  # a list of words
    [ -e "$cache/weston-packages/list" ] && [ $refresh = no ] || fetch_programs weston $weston_packages
    stamp=$(cat "$recipes"/programs.sh "$recipes"/weston* "$recipes/guest-mount-disk" "$recipes/guest-words" "$cache/weston-packages/list" \
        "$cache/kernel/package" "$cache/busybox/package" | cksum)
    is_built weston || build_weston
    print_linux weston
    print_path disk "$cache/weston/root.ext4"
}

build_weston() {
    enter
    ! is_built weston || return 0
    require cpio=cpio gzip=gzip
    say "making weston"
    mkdir -p "$work/weston" "$work/modules"
    # The disk's modules, then the screen's, each once.
    for part in modules modules-screen; do cp "$cache/kernel/$part"/*.ko "$work/modules/"; done
    cat "$cache"/kernel/modules/order "$cache"/kernel/modules-screen/order | awk '!seen[$0]++' >"$work/modules/order"
    pack_disk_initrd "$work/modules" "$work/weston/initrd.gz"
    plant_programs weston
    plant weston-init usr/sbin/init
    plant guest-words etc/words
    mkdir -p "$tree/etc/xdg/weston"
    cp "$recipes/weston.ini" "$tree/etc/xdg/weston/weston.ini"
    # What the packages' scripts would have made: the users and groups that programs ask for by name.
    echo "root:x:0:0:root:/root:/bin/sh" >"$tree/etc/passwd"
    printf "%s\n" root:x:0: tty:x:5: disk:x:6: lp:x:7: dialout:x:20: audio:x:29: video:x:44: input:x:100: kvm:x:101: render:x:102: sgx:x:103: >"$tree/etc/group"
    publish_programs weston $weston_megabytes
}
