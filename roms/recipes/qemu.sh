# QEMU 10 for RISC-V, the peer we measure against and compare with: Debian's own package with every library it needs,
# in one folder of the cache (qemu/), run by its own dynamic loader. The host system is not touched. Sourced by `guest`.

make_qemu() {
    [ -e "$cache/qemu/version" ] && [ $refresh = no ] || fetch_qemu
    print_path qemu "$cache/qemu/qemu-system-riscv64"
    print_path qemu32 "$cache/qemu/qemu-system-riscv32"
    echo "qemu_version=$(cat "$cache/qemu/version")"
}

fetch_qemu() {
    download=$cache/download-qemu # not among the guest's packages: on a riscv64 host they would mix
    enter
    [ ! -e "$cache/qemu/version" ] || [ $refresh = yes ] || return 0
    require apt-get=apt dpkg-deb=dpkg
    # Debian 12 has QEMU 7.2, whose answers differ; its backports have QEMU 10, as Debian 13 has.
    case $(. /etc/os-release && echo "${VERSION_CODENAME:-}") in
    bookworm) set -- bookworm bookworm-backports ;;
    *) set -- $guest_suite ;;
    esac
    apt_open "$(dpkg --print-architecture)" "$@" || skip_qemu "$mirror has no Debian $*"
    apt_fetch "QEMU and its libraries" -y --no-install-recommends install qemu-system-riscv ||
        skip_qemu "the packages cannot be had from $mirror"
    unpack_qemu
    publish qemu
    rm -rf "$download" "$state"
}

skip_qemu() {
    say "QEMU 10 cannot be fetched, and what compares with it is skipped: $*"
    exit 77
}

unpack_qemu() {
    say "unpacking QEMU"
    root=$work/qemu/root
    mkdir -p "$root"
    while read -r package; do dpkg-deb -x "$download/$package" "$root"; done <"$state/files"
    loader=$(find "$root/lib" "$root/usr/lib" -name 'ld-linux-*.so.*' -type f | head -n 1)
    [ -n "$loader" ] || die "QEMU's packages came without a dynamic loader"
    # QEMU takes a folder of this name beside its executable (here, the loader) for / when it looks for its own files;
    # otherwise it would try the modules of a QEMU that the host happens to have.
    ln -sr "$root" "$(dirname "$loader")/qemu-bundle"
    for bits in 32 64; do
        qemu_wrapper $bits "${loader#"$root/"}" >"$work/qemu/qemu-system-riscv$bits"
        chmod 755 "$work/qemu/qemu-system-riscv$bits"
    done
    version=$("$work/qemu/qemu-system-riscv64" --version | sed -n '1s/QEMU emulator version //p')
    [ -n "$version" ] || die "QEMU was unpacked but does not start"
    echo "$version" >"$work/qemu/version"
}

# qemu_wrapper BITS LOADER: the script that starts it, wherever its folder is.
qemu_wrapper() {
    cat <<END
#!/bin/sh
root=\$(dirname "\$0")/root
path=
for folder in "\$root"/lib/*-linux-gnu "\$root"/usr/lib/*-linux-gnu; do
    [ ! -d "\$folder" ] || path=\$path\${path:+:}\$folder
done
exec "\$root/$2" --library-path "\$path" "\$root/usr/bin/qemu-system-riscv$1" "\$@"
END
}
