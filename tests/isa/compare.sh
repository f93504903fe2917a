#!/bin/sh
# compare.sh TOOLS binutils|llvm all|some ISA COUNT: our disassembler against another one, over every 16-bit word
# and COUNT 32-bit words. TOOLS is the folder of isa_words and isa_judge. The words go into the .text of an ELF
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

"$tools/isa_words" "$count" 20241120 >words
printf '.attribute arch, "%s"\nnop\n' "$isa" >code.s
case $judge in
binutils)
    prefix=riscv64-unknown-elf
    needs $prefix-as $prefix-objcopy $prefix-objdump
    $prefix-as -march="$isa" -mabi="$(case $isa in rv32*) echo ilp32 ;; *) echo lp64 ;; esac)" -o code.o code.s
    $prefix-objcopy --update-section .text=words code.o
    $prefix-objdump -d -z --no-show-raw-insn -M no-aliases,numeric,priv-spec=1.12 code.o >listing
    ;;
llvm)
    needs llvm-mc-19 llvm-objcopy-19 llvm-objdump-19
    llvm-mc-19 -triple="$(case $isa in rv32*) echo riscv32 ;; *) echo riscv64 ;; esac)" -filetype=obj -o code.o code.s
    llvm-objcopy-19 --update-section .text=words code.o
    llvm-objdump-19 -d -z --no-show-raw-insn -M no-aliases -M numeric code.o >listing
    ;;
esac
"$tools/isa_judge" "$judge" "$extent" "$isa" words listing
