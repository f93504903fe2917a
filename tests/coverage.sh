#!/bin/sh
# coverage.sh [CTEST-ARGUMENTS...]: how many lines of memory, cpu, devices and loader the tests reach. Builds with gcc's --coverage in
# build/coverage, runs the unit, device, guest, litmus and agree tests (or what the arguments choose), and prints a line for
# each file, with the lines that no test reached. It fails when a folder has less than 90 %. A row of isa.def or csr.def is a
# line, so this also says which instructions and registers are never executed.
set -eu
cd "$(dirname "$0")/.."

.ci/need gcovr
.ci/build build/coverage --preset coverage -DVITRINE_BUILDS=OFF
find build/coverage -name '*.gcda' -exec rm -f {} +
# A boot of Debian takes too long here, and agree/random and the guests go everywhere that it goes.
[ $# -gt 0 ] || set -- -L '^(unit|device|guest|litmus|agree)$' -LE slow -E '^agree/boot'
status=0
ctest --test-dir build/coverage -j2 --output-on-failure "$@" >build/coverage/tests.log || status=$?
tail -n 15 build/coverage/tests.log

for folder in memory cpu devices loader; do
    gcovr --root . --object-directory build/coverage --filter "$folder/" --fail-under-line 90 build/coverage \
        >"build/coverage/$folder.txt" || status=1
    sed -n '/^File/,$p' "build/coverage/$folder.txt"
done
exit "$status"
