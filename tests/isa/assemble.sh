#!/bin/sh
# assemble.sh TOOLS ISA SOURCE...: our assembler against the GNU one, byte for byte. TOOLS is the folder of
# isa_assemble. Both sides put .text at 0x80000000; the sources have no other section, for every linker has its own
# order. Exit status 77 when binutils for RISC-V are not installed.
set -eu
tools=$1 isa=$2
shift 2
prefix=riscv64-unknown-elf

for tool in as ld objcopy; do
    command -v $prefix-$tool >/dev/null || {
        echo "skipped: $prefix-$tool is not installed"
        exit 77
    }
done
case $isa in
rv32*) abi=ilp32 emulation=elf32lriscv ;;
*) abi=lp64 emulation=elf64lriscv ;;
esac

folder=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-assemble.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
failed=0
for source; do
    "$tools/isa_assemble" "$isa" 0x80000000 "$source" >"$folder/ours" || { failed=1; continue; }
    $prefix-as -march="$isa" -mabi=$abi -mno-relax -mpriv-spec=1.12 -o "$folder/object" "$source"
    $prefix-ld -m $emulation --no-relax --no-warn-rwx-segments -Ttext=0x80000000 -e 0x80000000 \
        -o "$folder/linked" "$folder/object"
    $prefix-objcopy -O binary -j .text "$folder/linked" "$folder/theirs"
    if cmp "$folder/ours" "$folder/theirs"; then
        echo "same    $(basename "$source"): $(wc -c <"$folder/ours") bytes"
    else
        echo "DIFFERS $(basename "$source")"
        failed=1
    fi
done
exit $failed
