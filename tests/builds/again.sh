#!/bin/sh
# again.sh FOLDER LABELS CMAKE-ARGUMENTS...: builds the tree in FOLDER and runs its tests with these labels there.
set -eu
folder=$1 labels=$2
shift 2
cd "$(dirname "$0")/../.."
.ci/build "$folder" "$@" -DVITRINE_BUILDS=OFF
exec ctest --test-dir "$folder" --output-on-failure -j2 -L "$labels" -LE slow
