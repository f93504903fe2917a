#!/bin/sh
# build.sh FOLDER: builds the fuzzers in FOLDER. Exits with 77 where clang, or its runtime, is missing.
set -eu
folder=$1
cd "$(dirname "$0")/../.."
mkdir -p "$folder"
echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' >"$folder/probe.c"
clang -fsanitize=fuzzer,address,undefined -o "$folder/probe" "$folder/probe.c" 2>"$folder/probe.log" || {
    echo "skipped: clang cannot make fuzzers here (packages clang and libclang-rt-dev):"
    cat "$folder/probe.log"
    exit 77
}
: "${CMAKE_GENERATOR:=Ninja}"
export CMAKE_GENERATOR
log=$folder/build.log
{ cmake -B "$folder" --preset fuzz -DVITRINE_BUILDS=OFF -DVITRINE_WERROR=ON &&
    cmake --build "$folder" --target fuzzers; } >"$log" 2>&1 </dev/null || {
    cat "$log"
    exit 1
}
echo "The fuzzers are in $folder/tests/fuzz."
