#!/bin/sh
# unfused.sh FOLDER: builds the tree in FOLDER without fused sequences (-DFUSE=OFF): then the fast engine has one handler
# for each instruction only, and nothing hides behind a sequence. Runs the unit tests of the cpu and short random programs.
set -eu
folder=$1
cd "$(dirname "$0")/../.."
.ci/build "$folder" --preset release -DVITRINE_WERROR=ON -DVITRINE_BUILDS=OFF -DFUSE=OFF
handlers=$(find "$folder" -maxdepth 2 -name fused_rv64.inc)
! grep '^FUSED(' "${handlers:?were not generated}" || { echo "fused sequences were built in"; exit 1; }
for cpu in max max32; do
    "$folder/tests/agree/agree_random" $cpu 3000000
done
exec ctest --test-dir "$folder" --output-on-failure -j2 -R '^cpu/' -LE slow
