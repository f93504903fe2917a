#!/bin/sh
# run.sh FOLDER FUZZER SECONDS: runs one fuzzer of the build in FOLDER: its corpus first, then new inputs for so long.
set -eu
folder=$1 fuzzer=$2 seconds=$3
here=$(cd "$(dirname "$0")" && pwd)
program=$folder/tests/fuzz/fuzz_$fuzzer
[ -x "$program" ] || { echo "skipped: $program was not built (fuzz/build says why)"; exit 77; }
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
artifacts=$folder/found/
mkdir -p "$artifacts"
# libFuzzer's own exit code for a finding is 77, which here means skipped.
"$program" -max_total_time="$seconds" -seed=1 -rss_limit_mb=2048 -timeout=60 -artifact_prefix="$artifacts" \
    "$found" "$here/corpus/$fuzzer" && exit 0
echo "The input is in $artifacts; again: $program THAT_FILE"
exit 1
