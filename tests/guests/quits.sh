#!/bin/sh
# quits.sh VITRINE PERSON FOLDER: the guests of roms/trouble do all they can to keep the machine busy; somebody at the
# terminal types Ctrl-A x all the same. Each must be obeyed. The limit is generous, since this machine may be slow and busy;
# what it took is printed.
set -eu
vitrine=$1 person=$2 folder=$3
limit=5000
failed=0

# quit NAME TEXT OPTION...: once the guest has printed that, and has had a moment
quit() {
    name=$1 text=$2
    shift 2
    for engine in fast plain; do
        echo "$name, $engine, $*:"
        "$person" wait "$text" pause 300 quit $limit -- "$vitrine" run "$folder/rv64/trouble_$name" --firmware none -q \
            --engine $engine "$@" >/dev/null || { echo "FAILED" && failed=1; }
    done
}

quit flood jack
quit storm storm -c 1
quit storm storm -c 4
quit spin spin -c 4
quit traps traps
quit spin spin -c 4 --clock virtual
[ $failed = 0 ]
