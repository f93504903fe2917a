# What the scripts of this folder share; each sets $vitrine, $width, $root first. Not a program.
"$root/.ci/need" gdb-multiarch gcc-riscv64-unknown-elf binutils-riscv64-unknown-elf >&2 || {
    echo "skipped: gdb-multiarch or the cross compiler cannot be installed"
    exit 77
}
work=$(mktemp -d) || exit 1
machine=
end() {
    [ -z "$machine" ] || kill "$machine" 2>/dev/null
    rm -rf "$work"
}
trap end EXIT

# build OPTION...: the guest, for the width
build() {
    case $width in
    64) options="-march=rv64imafdc_zicsr -mabi=lp64" ;;
    32) options="-march=rv32imafdc_zicsr -mabi=ilp32" ;;
    esac
    # shellcheck disable=SC2086 # a list of words
    riscv64-unknown-elf-gcc $options -g -nostdlib -static -Wl,-Ttext=0x80000000,--build-id=none \
        -Wl,--no-warn-rwx-segments -o "$work/guest" "$@" || exit 1
}

# start OPTION...: the machine, standing still; its door is $work/door
start() {
    rm -f "$work/door"
    "$vitrine" debug "$work/guest" --firmware none --cpu "$([ "$width" = 64 ] && echo max || echo max32)" \
        --gdb "unix:$work/door" "$@" >"$work/out" 2>"$work/err" </dev/null &
    machine=$!
    wait_for_door
}

# The machine says where gdb can connect as soon as it can.
wait_for_door() {
    tries=0
    until grep -qs gdb-multiarch "$work/err"; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || { echo "vitrine does not start:" && cat "$work/err" && exit 1; }
        sleep 0.1
    done
}

# gdb: commands on stdin, after connecting
gdb() {
    {
        echo "set pagination off"
        echo "set confirm off"
        echo "set width 0"
        echo "target remote $work/door"
        cat
    } >"$work/commands"
    timeout 60 gdb-multiarch -q -nx -batch -x "$work/commands" "$work/guest" >"$work/answer" 2>&1 ||
        { echo "gdb failed:" && cat "$work/answer" "$work/err" && exit 1; }
}

# expect: patterns on stdin, one a line, that lines of gdb's answer match in this order
expect() {
    cat >"$work/expected"
    awk -v expected="$work/expected" '
        BEGIN { while ((getline line < expected) > 0) wanted[count++] = line }
        at < count && $0 ~ wanted[at] { at++ }
        END { if (at < count) { print "not found: " wanted[at]; exit 1 } }' "$work/answer" || {
        echo "gdb said:"
        cat "$work/answer"
        exit 1
    }
}
