#!/bin/sh
# The command lines of course material, on QEMU 10 and on Vitrine, which is called by QEMU's name: what the guest prints,
# what it leaves on the disk and the exit code must be the same.
#   qemu_words.sh VITRINE FOLDER
# FOLDER is what roms/build.sh has built. Exit code 77 (skipped) where QEMU or OpenSBI cannot be had.
set -eu

[ $# -eq 2 ] || { echo "usage: $0 VITRINE FOLDER" >&2; exit 2; }
vitrine=$1 roms=$2
recipe=$(cd "$(dirname "$0")/../.." && pwd)/roms/recipes/guest
found=$("$recipe" qemu) || { echo "skipped: QEMU 10 cannot be fetched here" && exit 77; }
"$recipe" opensbi >/dev/null || { echo "skipped: OpenSBI is not in the cache and cannot be fetched now" && exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/ours"
ran=0 failed=0

value() { printf '%s\n' "$found" | sed -n "s/^$1=//p"; }

# one WIDTH WHOSE WORDS...: runs one of the two; leaves WHOSE.text, WHOSE.disk
one() {
    width=$1 whose=$2
    shift 2
    case $whose$width in
    theirs64) program=$(value qemu) ;;
    theirs32) program=$(value qemu32) ;;
    *) program=$work/ours/qemu-system-riscv$width && ln -sf "$vitrine" "$program" ;;
    esac
    printf 'a line on the disk\n' >"$work/disk"
    truncate -s 4096 "$work/disk"
    printf 'a text of no round size\n' >"$work/text"
    code=0
    timeout 120 "$program" "$@" </dev/null >"$work/$whose.all" 2>"$work/$whose.error" || code=$?
    # What OpenSBI says of itself differs: Debian 12's QEMU brings an older one.
    { sed -n '/^\(virtio version\|Hello\|failing\)/,$p' "$work/$whose.all" "$work/text" && echo "exit code $code" && cat "$work/disk" "$work/text" | cksum; } \
        >"$work/$whose.text"
}

# both WIDTH WORDS...
both() {
    one "$1" theirs $(echo "$2" | sed "s|ROM/|$roms/rv$1/|g; s|DISK|$work/disk|g; s|TEXT|$work/text|g")
    one "$1" ours $(echo "$2" | sed "s|ROM/|$roms/rv$1/|g; s|DISK|$work/disk|g; s|TEXT|$work/text|g")
    ran=$((ran + 1))
    if cmp -s "$work/theirs.text" "$work/ours.text" && [ "$(wc -l <"$work/ours.text")" -ge 3 ]; then
        echo "ok      rv$1 $2"
        return
    fi
    failed=$((failed + 1))
    echo "FAILED  rv$1 $2"
    sed 's/^/    QEMU:    /' "$work/theirs.text" "$work/theirs.error"
    sed 's/^/    Vitrine: /' "$work/ours.text" "$work/ours.error"
}

drive='-drive file=DISK,if=none,format=raw,id=x0 -device virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0'
modern='-global virtio-mmio.force-legacy=false'
for width in 64 32; do
    # M-mode, interrupts: as xv6's Makefile has it
    both $width "-machine virt -bios none -kernel ROM/disk -m 128M -smp 3 -nographic $modern $drive"
    both $width "-machine virt -bios none -kernel ROM/disk -m 128M -smp 1 -nographic $drive"
    # S-mode under OpenSBI, polled: as "Operating System in 1,000 Lines" has it
    both $width "-machine virt -bios default -nographic -serial mon:stdio --no-reboot -d unimp,guest_errors -kernel ROM/disk_sbi $drive"
    both $width "-M virt -display none -serial stdio -monitor none -kernel ROM/disk_sbi $modern $drive -append x=1"
    both $width "-M virt -nographic -kernel ROM/disk_sbi -drive id=drive0,file=TEXT,format=raw,if=none -device virtio-blk-device,drive=drive0,bus=virtio-mmio-bus.0"
    both $width "-M virt -bios none -nographic -snapshot -kernel ROM/disk $drive -netdev user,id=n -device virtio-net-device,netdev=n"
    both $width "-M virt -bios ROM/hello -nographic"
    both $width "-M virt -bios none -device loader,file=ROM/hello -nographic -rtc base=utc -name guest"
    both $width "-M virt -bios none -kernel ROM/fail -nographic -no-reboot"
    both $width "-M virt -bios none -nographic -kernel ROM/disk -device virtio-rng-device -device virtio-blk-device,drive=a,bus=virtio-mmio-bus.0 -drive if=none,id=a,readonly=on,file=DISK,format=raw"
    # the lines of FreeRTOS and of Zephyr
    both $width "-nographic -machine virt -net none -chardev stdio,id=con,mux=on -serial chardev:con -mon chardev=con,mode=readline -bios none -smp 4 -kernel ROM/hello"
    both $width "-nographic -machine virt -bios none -m 256 -cpu rv${width}i,i=on,m=on,a=on,c=on,f=on,d=on,zicsr=on,zifencei=on,pmp=on,u=on,s=on,priv_spec=v1.12.0 -pidfile TEXT.pid -serial mon:stdio -net none -icount shift=6,align=off,sleep=off -rtc clock=vm -kernel ROM/hello"
    # everything that a desktop of one's own asks for, without a window
    both $width "-machine virt -bios none -nographic -kernel ROM/disk $modern $drive -device virtio-rng-device -device virtio-gpu-device,xres=800,yres=480 -device virtio-net-device -device virtio-tablet-device -device virtio-keyboard-device -device virtio-mouse-device"
    both $width "-machine virt -bios none -nographic -kernel ROM/disk $drive -fsdev local,id=fs0,path=.,security_model=none -device virtio-9p-device,fsdev=fs0,mount_tag=host -device virtio-serial-device -device virtconsole,chardev=c -chardev null,id=c -object rng-random,id=r,filename=/dev/urandom -device virtio-rng-device,rng=r -netdev user,id=n -device virtio-net-device,netdev=n,mac=52:54:00:ab:cd:ef"
    both $width "-M virt,aclint=off -bios none -display none -serial stdio -monitor none -rtc base=2006-06-17T16:01:21 -vga std -boot d -kernel ROM/hello"
    both $width "-M virt -bios none -display none -serial file:TEXT -monitor none -kernel ROM/fail"
done

# says CODE TEXT WORDS...: what cannot be had is said in one sentence
says() {
    expected=$1 text=$2
    shift 2
    ran=$((ran + 1)) code=0
    "$work/ours/qemu-system-riscv64" "$@" </dev/null >/dev/null 2>"$work/said" || code=$?
    if [ "$code" = "$expected" ] && [ "$(wc -l <"$work/said")" = 1 ] && grep -q -- "$text" "$work/said"; then return; fi
    failed=$((failed + 1))
    echo "FAILED  exit code $code after $*: $(cat "$work/said")"
}
run="-M virt -bios none -kernel $roms/rv64/hello"
says 2 'there is no semihosting' $run -semihosting
says 2 'the board has no PCI' $run -device virtio-net-pci
says 4 'No such file' $run -serial file:/nowhere/file
says 4 'No such file' $run -pidfile /nowhere/file
says 4 'No such file' $run -virtfs local,path=/nowhere,mount_tag=t,security_model=none

echo "$ran ran, $failed failed"
[ "$failed" -eq 0 ]
