# user/: Debian programs at work, for the benchmark: an ext4 root with Python, a compressor and the C compiler proper out of
# Debian's riscv64 packages, and user-init as its first program. Sourced by `guest`.

user_packages="python3 xz-utils gzip cpp"
user_megabytes=400

make_user() {
    want kernel busybox opensbi
    build disk-ext4 build_disk # its initramfs mounts any root
    # shellcheck disable=SC2086  # a list of words
    [ -e "$cache/user-packages/list" ] && [ $refresh = no ] || fetch_programs user $user_packages
    stamp=$(cat "$recipes/programs.sh" "$recipes/user.sh" "$recipes/user-init" "$cache/user-packages/list" "$cache/busybox/package" | cksum)
    is_built user || build_user
    print_linux disk-ext4
    print_path disk "$cache/user/root.ext4"
}

build_user() {
    enter
    ! is_built user || return 0
    say "making user"
    plant_programs user
    plant user-init usr/sbin/init
    publish_programs user $user_megabytes
}
