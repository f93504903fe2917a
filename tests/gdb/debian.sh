#!/bin/sh
# debian.sh VITRINE: Debian's gdb against Debian's kernel. A breakpoint in the first program of user space, set at reset,
# before there are page tables or the file is unpacked; then into the kernel by the trap that follows, and back out.
# Exits with 77 where the kernel or gdb cannot be had.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
vitrine=$1
"$root/.ci/need" gdb-multiarch cpio gzip binutils-riscv64-unknown-elf >&2 || {
    echo "skipped: gdb-multiarch cannot be installed"
    exit 77
}
found=$("$root/roms/recipes/guest" linux) || {
    echo "skipped: Debian's kernel is not in the cache and cannot be fetched now"
    exit 77
}
value() { printf '%s\n' "$found" | sed -n "s/^$1=//p"; }
kernel=$(value kernel) initrd=$(value initrd) firmware=$(value firmware)

work=$(mktemp -d)
machine=
end() {
    [ -z "$machine" ] || kill "$machine" 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT

(cd "$work" && gzip -dc "$initrd" | cpio -id --quiet '*bin/busybox')
program=$(find "$work" -name busybox -type f)
entry=$(riscv64-unknown-elf-readelf -h "$program" | sed -n 's/.*Entry point address: *//p')

"$vitrine" debug -k "$kernel" -i "$initrd" --firmware "$firmware" -a console=ttyS0 -c 2 --gdb "unix:$work/door" \
    >"$work/out" 2>"$work/err" </dev/null &
machine=$!
tries=0
until [ -e "$work/door" ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || { cat "$work/err" && exit 1; }
    sleep 0.1
done
cat >"$work/commands" <<END
set pagination off
set confirm off
set width 0
target remote $work/door
hbreak *$entry
continue
printf "at the entry: %d\n", \$pc == $entry
printf "mode %d\n", \$priv
stepi
stepi
set var \$from = \$pc
tbreak *\$stvec
continue
printf "mode %d\n", \$priv
printf "in the handler: %d\n", \$pc == \$stvec
printf "cause %d\n", \$scause
tbreak *\$sepc
continue
printf "mode %d\n", \$priv
info threads
kill
END
timeout 1500 gdb-multiarch -q -nx -batch -x "$work/commands" >"$work/answer" 2>&1 </dev/null || true
for line in 'at the entry: 1' 'mode 0' 'in the handler: 1' 'mode 1' 'cause 1[235]' 'Thread 2 "hart 1"' killed; do
    grep -q "$line" "$work/answer" || {
        echo "gdb did not say \"$line\", but:"
        cat "$work/answer" "$work/err"
        tail -n 5 "$work/out"
        exit 1
    }
done
wait "$machine"
machine=
echo "as expected"
