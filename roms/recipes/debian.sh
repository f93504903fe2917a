# What comes out of Debian's riscv64 packages: kernel/, busybox/ and opensbi/ in the cache. Sourced by `guest`.
# Only what a boot needs is kept of a package; the rest, and the package itself, is deleted.

guest_suite=trixie
installer_release=13

# The modules that a root file system on a virtio disk needs, in the words of modprobe. Each one costs boot time.
disk_modules="virtio_mmio virtio_blk ext4 virtio_rng"
# And those of a network card, which the guest `net` has in its initramfs.
net_modules="virtio_mmio virtio_net"
# And those of a shared folder, for the guest `share`.
share_modules="virtio_mmio 9p 9pnet_virtio"
# And those of screen, keyboard and pointer, for the guest `screen`.
screen_modules="virtio_mmio virtio_gpu virtio_input evdev"

make_opensbi() {
    want opensbi
    print_firmware
}

make_uboot() {
    want uboot opensbi
    print_path kernel "$cache/uboot/u-boot.bin"
    print_path firmware "$cache/opensbi/fw_dynamic.bin"
}

make_installer() {
    want installer opensbi
    print_path kernel "$cache/installer/linux"
    print_path initrd "$cache/installer/initrd.gz"
    print_path firmware "$cache/opensbi/fw_dynamic.bin"
}

print_firmware() {
    print_path firmware "$cache/opensbi/fw_dynamic.bin"
    print_path firmware_jump "$cache/opensbi/fw_jump.bin"
    print_path firmware32 "$cache/opensbi/fw_dynamic32.bin"
    print_path firmware32_jump "$cache/opensbi/fw_jump32.bin"
}

# want PART...: makes sure that these parts are in the cache, fetching all that are missing at once.
want() {
    if missing=$(missing_parts "$@"); then return; fi
    enter
    if missing=$(missing_parts "$@"); then return; fi # made while we waited
    require apt-get=apt dpkg-deb=dpkg xz=xz-utils depmod=kmod modprobe=kmod
    apt_open riscv64 $guest_suite || die "the package lists cannot be had from $mirror; is this machine online?"
    packages=
    for part in $missing; do packages="$packages $(package_of "$part")"; done
    # shellcheck disable=SC2086  # a list of words
    apt_fetch "Debian's$packages" download $packages || die "the packages cannot be had from $mirror; run this again to continue"
    for part in $missing; do
        say "unpacking $part"
        mkdir -p "$work/$part" "$work/unpacked"
        package=$(only "$download/$(package_of "$part")"_*.deb)
        unpack_"$part"
        basename "$package" >"$work/$part/package"
        rm -rf "$work/unpacked"
        publish "$part"
        rm -f "$package"
    done
    refresh=no
    rm -rf "$cache/apt/riscv64" "$download"
}

# Prints the parts that are missing; fails when some are.
missing_parts() {
    none=0
    for part in "$@"; do
        [ -e "$cache/$part/package" ] && [ $refresh = no ] || { echo "$part" && none=1; }
    done
    return $none
}

package_of() {
    case $1 in
    kernel) apt_cache depends linux-image-riscv64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*-riscv64\)$/\1/p' ;;
    busybox) echo busybox-static ;;
    opensbi) echo opensbi ;;
    uboot) echo u-boot-qemu ;;
    installer) echo "debian-installer-$installer_release-netboot-riscv64" ;;
    esac
}

# only FILE...: the file that a pattern was to match, when it matched exactly one.
only() {
    [ $# -eq 1 ] && [ -e "$1" ] || die "expected exactly one file: $*"
    echo "$1"
}

# unpack_files PATTERN...: the files of $package that match, below $work/unpacked.
unpack_files() { dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work/unpacked" --wildcards "$@"; }

unpack_busybox() {
    unpack_files './*bin/busybox'
    mv "$(find "$work/unpacked" -name busybox -type f)" "$work/busybox/busybox"
}

unpack_opensbi() {
    unpack_files './usr/lib/*'
    for kind in dynamic jump; do
        mv "$(only "$work"/unpacked/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_$kind.bin)" "$work/opensbi/fw_$kind.bin"
        for file in "$work"/unpacked/usr/lib/riscv32-linux-gnu/opensbi/generic/fw_$kind.bin; do
            [ ! -e "$file" ] || mv "$file" "$work/opensbi/fw_${kind}32.bin"
        done
    done
}

# For S-mode: OpenSBI starts it.
unpack_uboot() {
    unpack_files './usr/lib/u-boot/qemu-riscv64_smode/*'
    mv "$(only "$work"/unpacked/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin)" "$work/uboot/u-boot.bin"
}

# The one for a serial line.
unpack_installer() {
    unpack_files './usr/lib/debian-installer/images/*/text/debian-installer/*/linux' \
        './usr/lib/debian-installer/images/*/text/debian-installer/*/initrd.gz'
    for file in linux initrd.gz; do
        mv "$(only "$(find "$work/unpacked" -name $file -type f)")" "$work/installer/$file"
    done
}

# The kernel file is an uncompressed Image already. The modules are unpacked here, where it is cheap, not in the guest.
unpack_kernel() {
    unpack_files './boot/vmlinux-*' './usr/lib/modules/*/modules.*' './usr/lib/modules/*/kernel/arch/*' \
        './usr/lib/modules/*/kernel/crypto/*' './usr/lib/modules/*/kernel/lib/*' './usr/lib/modules/*/kernel/fs/*' \
        './usr/lib/modules/*/kernel/drivers/virtio/*' './usr/lib/modules/*/kernel/drivers/block/*' \
        './usr/lib/modules/*/kernel/drivers/char/*' './usr/lib/modules/*/kernel/net/core/*' \
        './usr/lib/modules/*/kernel/drivers/net/virtio_net.*' './usr/lib/modules/*/kernel/drivers/net/net_failover.*' \
        './usr/lib/modules/*/kernel/net/9p/*'
    unpack_files './usr/lib/modules/*/kernel/drivers/gpu/drm/drm*' './usr/lib/modules/*/kernel/drivers/gpu/drm/virtio/*' \
        './usr/lib/modules/*/kernel/drivers/input/evdev*'
    kernel=$(only "$work"/unpacked/boot/vmlinux-*)
    release=${kernel##*/vmlinux-}
    mv "$kernel" "$work/kernel/Image"
    echo "$release" >"$work/kernel/release"
    ln -s usr/lib "$work/unpacked/lib"
    depmod -b "$work/unpacked" "$release"
    # shellcheck disable=SC2086  # lists of words
    copy_modules "$work/unpacked" "$release" "$work/kernel/modules" $disk_modules
    # shellcheck disable=SC2086
    copy_modules "$work/unpacked" "$release" "$work/kernel/modules-net" $net_modules
    # shellcheck disable=SC2086
    copy_modules "$work/unpacked" "$release" "$work/kernel/modules-share" $share_modules
    # shellcheck disable=SC2086
    copy_modules "$work/unpacked" "$release" "$work/kernel/modules-screen" $screen_modules
}

# copy_modules ROOT RELEASE FOLDER MODULE...: these modules and what they need, unpacked, and the order to load them in.
copy_modules() {
    root=$1 of=$2 folder=$3
    shift 3
    mkdir "$folder"
    list_modules "$root" "$of" "$@" | while read -r module; do
        name=$(basename "$module" .xz)
        case $module in
        *.xz) xz -dc "$module" >"$folder/$name" ;;
        *) cp "$module" "$folder/$name" ;;
        esac
        echo "$name" >>"$folder/order"
    done
    [ -s "$folder/order" ] || die "no modules found in the kernel's package"
}

# list_modules ROOT RELEASE MODULE...: the files to load, in order, each once.
list_modules() {
    root=$1 of=$2
    shift 2
    for module in "$@"; do
        modprobe -C /dev/null -d "$root" -S "$of" --show-depends "$module" ||
            die "the kernel package has no module $module"
    done | sed -n 's/^insmod \(.*\.ko[.a-z]*\) *$/\1/p' | awk '!seen[$0]++'
}
