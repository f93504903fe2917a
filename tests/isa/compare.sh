#!/bin/sh
# compare.sh TOOLS binutils|llvm all|some ISA COUNT: our disassembler against another one, over every 16-bit word
# and COUNT 32-bit words, four million at a time. TOOLS is the folder of isa_words and isa_judge. The words go into the .text of an ELF
# file whose attributes name the ISA: that is how both others learn which extensions are on.
# Exit status 77 when the other one is not installed.
set -eu
tools=$1 judge=$2 extent=$3 isa=$4 count=$5
export LC_ALL=C

folder=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-isa.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"

needs() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null || {
            echo "skipped: $tool is not installed"
            exit 77
        }
    done
}

case $judge in
binutils) needs riscv64-unknown-elf-as riscv64-unknown-elf-objcopy riscv64-unknown-elf-objdump ;;
llvm) needs llvm-mc-19 llvm-objcopy-19 llvm-objdump-19 ;;
esac
case $isa in
rv32*) abi=ilp32 triple=riscv32 ;;
*) abi=lp64 triple=riscv64 ;;
esac
printf '.attribute arch, "%s"\nnop\n' "$isa" >code.s

# compare FIRST COUNT
compare() {
    "$tools/isa_words" "$2" 20241120 "$1" >words
    case $judge in
    binutils)
        riscv64-unknown-elf-as -march="$isa" -mabi="$abi" -o code.o code.s
        riscv64-unknown-elf-objcopy --update-section .text=words code.o
        riscv64-unknown-elf-objdump -d -z --no-show-raw-insn -M no-aliases,numeric,priv-spec=1.12 code.o >listing
        ;;
    llvm)
        llvm-mc-19 -triple="$triple" -filetype=obj -o code.o code.s
        llvm-objcopy-19 --update-section .text=words code.o
        llvm-objdump-19 -d -z --no-show-raw-insn -M no-aliases -M numeric code.o >listing
        ;;
    esac
    "$tools/isa_judge" "$judge" "$extent" "$isa" words listing
}

first=0 piece=4000000
while [ "$first" -lt "$count" ]; do
    left=$((count - first))
    compare "$first" "$((left < piece ? left : piece))"
    first=$((first + piece))
done
