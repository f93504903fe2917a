# debian: a computer of the user's own, made once from Debian's packages and kept in the data folder, not in the cache. What
# a host can do is done here, where it is fast: fetching, verifying, unpacking. What only a riscv64 can do, running the
# packages' scripts, is the machine's own first boot (machine-configure). Sourced by `guest`.
#
#   $machine.unfinished/  asked   what it is to be: the settings, and these scripts
#                         password Image initrd.gz fw_dynamic.bin
#                         unpacked.ext4   complete when it has that name; what is interrupted later begins again from it
#   $machine/             asked password Image initrd.gz fw_dynamic.bin root.ext4: nothing of the cache is needed to start it

machine=${XDG_DATA_HOME:-${HOME:?}/.local/share}/vitrine/debian

# What somebody is likely to want on a computer, beside what Debian itself requires.
machine_packages="adduser apt bash-completion bzip2 ca-certificates dbus debian-archive-keyring e2fsprogs fdisk file init
    iproute2 iputils-ping kmod less libpam-systemd linux-image-riscv64 nano netbase openssh-client openssh-server procps
    readline-common sudo systemd-sysv udev vim-tiny wget whiptail xz-utils"
machine_gigabytes=8

make_machine() {
    read_wishes
    if [ -e "$machine/root.ext4" ]; then
        compare_wishes
        grow_machine
    else
        build_machine
    fi
    print_path kernel "$machine/Image"
    print_path initrd "$machine/initrd.gz"
    print_path firmware "$machine/fw_dynamic.bin"
    print_path disk "$machine/root.ext4"
    say "log in as $(asked user); the password is in $machine/password"
}

# What the user asked for, checked: it will be part of scripts and files.
read_wishes() {
    user=${VITRINE_USER:-$(id -un)} hostname=${VITRINE_HOSTNAME:-vitrine}
    # Nobody said who: you, unless you are root, or Debian would not take your name.
    if [ -z "${VITRINE_USER:-}" ] && { [ "$user" = root ] || ! is_name "$user"; }; then user=user; fi
    extra=$(printf '%s\n' ${VITRINE_PACKAGES:-} | LC_ALL=C sort -u | paste -s -d ' ' -)
    size=${VITRINE_SIZE:-$((machine_gigabytes << 30))}
    if [ "$user" = root ] || ! is_name "$user"; then
        die "\"$user\" cannot be a user's name: 32 of a-z, 0-9, - and _ at most, a letter first, not root"
    fi
    expr "x$hostname" : 'x[a-z0-9][a-z0-9-]\{0,62\}$' >/dev/null || die "\"$hostname\" cannot be a host's name: a-z, 0-9 and -"
    for package in $extra; do
        expr "x$package" : 'x[a-z0-9][a-z0-9.+-]*$' >/dev/null || die "\"$package\" is no package's name"
    done
    case $size in *[!0-9]* | ?????????????????*) die "\"$size\" is no size in bytes" ;; esac
    [ "$size" -ge $((2 << 30)) ] || die "Debian needs a disk of 2G at least"
}

is_name() { expr "x$1" : 'x[a-z][a-z0-9_-]\{0,31\}$' >/dev/null; }

# asked NAME: what the machine that is there was made with.
asked() { sed -n "s/^$1='\(.*\)'$/\1/p" "$machine/asked"; }

# A machine is its user's own once it is made: what was said then cannot be said again differently from here.
compare_wishes() {
    [ -z "${VITRINE_USER:-}" ] || [ "$user" = "$(asked user)" ] ||
        die "this Debian is there already, with the user $(asked user); in it, sudo adduser $user makes another"
    [ -z "${VITRINE_HOSTNAME:-}" ] || [ "$hostname" = "$(asked hostname)" ] ||
        die "this Debian is there already, and called $(asked hostname); in it, sudo hostnamectl hostname $hostname renames it"
    [ -z "$extra" ] || [ "$extra" = "$(asked extra)" ] ||
        die "this Debian is there already; in it, sudo apt install $extra adds packages"
}

# A larger --size makes the disk larger, while the machine is off.
grow_machine() {
    have=$(stat -c %s "$machine/root.ext4")
    [ -n "${VITRINE_SIZE:-}" ] && [ "$size" != "$have" ] || return 0
    [ "$size" -gt "$have" ] || die "the disk of this Debian has $(megabytes "$have") MB already, and can only grow"
    require resize2fs=e2fsprogs e2fsck=e2fsprogs
    say "the disk grows from $(megabytes "$have") to $(megabytes "$size") MB"
    flock -n "$machine/root.ext4" true || die "this Debian is running; switch it off first"
    check_disk "$machine/root.ext4"
    truncate -s "$size" "$machine/root.ext4"
    resize2fs "$machine/root.ext4" >/dev/null 2>&1 || die "resize2fs cannot make the disk larger; it still has its old file system"
}

# check_disk IMAGE: replays the journal and mends what may be mended without asking.
check_disk() {
    result=0
    e2fsck -fp "$1" >&2 || result=$?
    [ $result -le 1 ] || die "e2fsck finds the file system on $1 broken"
}

build_machine() {
    new=$machine.unfinished
    enter
    [ ! -e "$machine/root.ext4" ] || return 0
    find_vitrine
    require apt-get=apt dpkg-deb=dpkg fakeroot=fakeroot mke2fs=e2fsprogs debugfs=e2fsprogs depmod=kmod modprobe=kmod cpio=cpio gzip=gzip xz=xz-utils
    want busybox opensbi
    write_wishes >"$work/asked"
    if [ ! -e "$new/unpacked.ext4" ] || ! cmp -s "$work/asked" "$new/asked"; then
        fetch_machine
        unpack_machine
    else
        say "going on where the last attempt ended"
    fi
    configure_machine
}

# The vitrine that runs the first boot: the one that asks, or one nearby.
find_vitrine() {
    for program in "${VITRINE_PROGRAM:-}" "$recipes/../../../bin/vitrine" "$recipes/../../build/release/vitrine" "$(command -v vitrine || :)"; do
        [ ! -f "$program" ] || [ ! -x "$program" ] || return 0
    done
    die "Debian configures itself in its first boot, which needs vitrine itself; set VITRINE_PROGRAM to where it is"
}

write_wishes() {
    echo "user='$user'"
    echo "hostname='$hostname'"
    echo "extra='$extra'"
    echo "size='$size'"
    echo "made_by='$(cat "$recipes"/machine* "$recipes/guest-mount-disk" | cksum)'"
}

# Everything that needs the network. Leaves the lists $work/base and $work/extra of files in $download.
fetch_machine() {
    download=$cache/download-debian # kept until all is unpacked: what is there already is not fetched again
    apt_open riscv64 $guest_suite || die "the package lists cannot be had from $mirror; is this machine online?"
    apt_cache dumpavail | awk -v RS= '/\nPriority: required/ { sub(/\n.*/, ""); print $2 }' >"$work/wanted"
    printf '%s\n' $machine_packages >>"$work/wanted"
    # shellcheck disable=SC2046,SC2086  # lists of words
    fetch_part base "Debian 13" --no-install-recommends $(cat "$work/wanted")
    : >"$work/extra"
    [ -n "$extra" ] || return 0
    # What they need besides, on a system that has the base: with what they recommend, as Debian does by default.
    while read -r deb; do
        dpkg-deb -f "$download/$deb" | sed 's/^Package: .*/&\nStatus: install ok installed/' && echo
    done <"$work/base" >"$state/status"
    # shellcheck disable=SC2086  # a list of words
    fetch_part extra "$extra and what they need" $extra
}

# fetch_part NAME WHAT APT-ARGUMENTS...
fetch_part() {
    part=$1 what=$2
    shift 2
    apt_fetch "$what" -y install "$@" || die "the packages cannot be had from $mirror; run this again to continue"
    cp "$state/files" "$work/$part"
}

unpack_machine() {
    tree=$work/root
    say "unpacking $(grep -c . "$work/base") packages"
    rm -rf "$new"
    mkdir -p "$tree/vitrine/bin" "$tree/vitrine/extra" "$new"
    chmod 700 "$new" # the disk holds secrets of its user's
    plant_machine
    fakeroot -s "$work/owners" "$recipes/machine-dpkg.sh" "$download" "$work/base" "$tree" "$work/wanted"
    while read -r deb; do cp "$download/$deb" "$tree/vitrine/extra/"; done <"$work/extra"
    unpack_machine_kernel
    fakeroot -i "$work/owners" mke2fs -q -F -t ext4 -L debian -E root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0 \
        -d "$tree" "$new/unfinished.ext4" "$((size >> 10))k" >/dev/null || die "the disk image cannot be made; is $machine on a full disk?"
    cp "$work/asked" "$new/asked"
    sync -f "$new"
    mv "$new/unfinished.ext4" "$new/unpacked.ext4"
    rm -rf "$tree" "$state" "$download"
}

# What is ours in it: settings that a Debian installer would write, and what the first boot needs.
plant_machine() {
    plant machine-configure vitrine/configure
    cp "$work/asked" "$tree/vitrine/settings"
    new_password >"$new/password"
    echo "password='$(cat "$new/password")'" >>"$tree/vitrine/settings"
    chmod 600 "$tree/vitrine/settings" "$new/password"
    cat "${HOME:?}"/.ssh/id_*.pub >"$tree/vitrine/authorized_keys" 2>/dev/null || rm -f "$tree/vitrine/authorized_keys"
    # Its modules' dependencies are found here, its initramfs is ours: the guest need not take minutes for either.
    for idle in depmod update-initramfs; do printf '#!/bin/sh\nexit 0\n' >"$tree/vitrine/bin/$idle"; done
    # No service is started while the system is configured, and a first boot that fails begins again: no need to wait for
    # the disk after each file.
    mkdir -p "$tree/usr/sbin" "$tree/etc/dpkg/dpkg.cfg.d" "$tree/etc/systemd/network" "$tree/etc/modprobe.d" "$tree/etc/apt/sources.list.d" "$tree/etc/apt/apt.conf.d" "$tree/etc/default" "$tree/mnt/share"
    printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
    chmod 755 "$tree"/vitrine/bin/* "$tree/usr/sbin/policy-rc.d"
    echo force-unsafe-io >"$tree/etc/dpkg/dpkg.cfg.d/vitrine"
    echo "$hostname" >"$tree/etc/hostname"
    printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n::1\tlocalhost ip6-localhost ip6-loopback\n' "$hostname" >"$tree/etc/hosts"
    echo 'LANG=C.UTF-8' >"$tree/etc/default/locale"
    echo 'nameserver 10.0.2.3' >"$tree/etc/resolv.conf" # the network's own, behind which are the host's
    printf '[Match]\nType=ether\nKind=!*\n\n[Network]\nDHCP=yes\n' >"$tree/etc/systemd/network/80-wired.network"
    # systemd-networkd asks for radio, and 9 MB of module would be unpacked and verified for it: a fifth of a boot.
    printf '# There is no radio. Delete this if there is.\nalias net-pf-16-proto-16-family-nl80211 off\n' >"$tree/etc/modprobe.d/vitrine.conf"
    cat >"$tree/etc/fstab" <<'END'
/dev/vda / ext4 defaults,errors=remount-ro 0 1
share /mnt/share 9p trans=virtio,version=9p2000.L,msize=262144,nofail,noauto,x-systemd.automount 0 0
END
    write_sources | seen_from_guest >"$tree/etc/apt/sources.list.d/debian.sources"
    write_proxy | seen_from_guest >"$tree/etc/apt/apt.conf.d/80vitrine"
}

# The mirror that the packages came from; what Debian publishes for security is on another, where the host has one.
write_sources() {
    security=$(apt-get update --print-uris 2>/dev/null | sed -n "s|^'\(.*\)/dists/[a-z]*-security/InRelease' .*|\1|p" | head -n 1)
    printf 'Types: deb\nURIs: %s\nSuites: %s %s-updates\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
        "$mirror" $guest_suite $guest_suite
    [ -z "$security" ] || printf '\nTypes: deb\nURIs: %s\nSuites: %s-security\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
        "$security" $guest_suite
}

# The proxy that the host's own apt is told to use.
write_proxy() { apt-config dump | grep -E '^Acquire::https?::Proxy ".+";' || :; }

# What the host calls itself is 10.0.2.2 on the emulated network.
seen_from_guest() { sed 's,//\(localhost\|127\.[0-9.]*\)\([:/"]\),//10.0.2.2\2,'; }

# Sixteen letters that can be said: 49 bits.
new_password() {
    od -A n -t u1 -N 64 -v /dev/urandom | awk '{ for (i = 1; i <= NF; i++) byte[n++] = $i } END {
        for (i = 0; i < n && length(word) < 17; i++) {
            # Bytes beyond the last whole multiple would make some letters likelier.
            set = length(word) % 9 % 2 ? "aeiou" : "bdfgklmnprstvz"
            if (byte[i] >= 256 - 256 % length(set)) continue
            word = word substr(set, byte[i] % length(set) + 1, 1)
            if (length(word) == 8) word = word "-"
        }
        print word }'
}

# The kernel that the machine starts with lies beside its disk, with an initramfs of ours.
unpack_machine_kernel() {
    image=$(only "$tree"/boot/vmlinux-*)
    release=${image##*/vmlinux-}
    cp "$image" "$cache/opensbi/fw_dynamic.bin" "$new/"
    mv "$new/${image##*/}" "$new/Image"
    depmod -b "$tree" "$release"
    # shellcheck disable=SC2086  # a list of words
    copy_modules "$tree" "$release" "$work/modules" $disk_modules
    machine_tree=$tree
    pack_disk_initrd "$work/modules" "$new/initrd.gz"
    tree=$machine_tree
}

configure_machine() {
    steps=$(($(debugfs -R 'cat /var/lib/dpkg/status' "$new/unpacked.ext4" 2>/dev/null | grep -c '^Package:')))
    say "Debian configures itself in its first boot; this takes some minutes"
    cp --sparse=always "$new/unpacked.ext4" "$new/root.ext4"
    : >"$new/log"
    "$program" run -q -m 1G -k "$new/Image" -i "$new/initrd.gz" --firmware "$new/fw_dynamic.bin" -d "$new/root.ext4" \
        -a 'console=ttyS0 quiet root=/dev/vda rw no5lvl init=/vitrine/configure' >"$new/log" 2>&1 </dev/null 9>&- &
    vitrine=$!
    while kill -0 $vitrine 2>/dev/null; do
        ! grep -q '^.*Kernel panic' "$new/log" || kill $vitrine
        [ ! -t 2 ] || draw_steps
        sleep 0.5
    done
    [ ! -t 2 ] || printf '\r\033[K' >&2
    if ! wait $vitrine || ! grep -q '^vitrine: configured' "$new/log"; then
        tail -n 20 "$new/log" >&2
        die "the first boot failed; its last words are above, all of them in $new/log"
    fi
    vitrine=
    check_disk "$new/root.ext4"
    rm "$new/unpacked.ext4"
    sync -f "$new"
    mv "$new" "$machine"
    say "Debian is ready: user $user, password $(cat "$machine/password")"
}

draw_steps() {
    done=$(grep -c '^Setting up ' "$new/log") || :
    now=$(sed -n 's/^\(Setting up\|Unpacking\) \([^ ]*\) .*/\2/p' "$new/log" | tail -n 1)
    awk -v have="$done" -v total="$steps" -v now="$now" 'BEGIN {
        part = total > 0 ? have / total : 0; if (part > 1) part = 1
        for (i = 0; i < 40; i++) bar = bar (i < part * 40 ? "#" : "-")
        printf "\r\033[K  [%s] %3d %%  %.30s", bar, part * 100, now
    }' >&2
}
