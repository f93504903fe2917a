# What the tests of the screen share: a desktop of their own, Xvfb with a window manager; Vitrine in a window on it; pixels to wait for.
# The names vitrine and pixels are programs, root is the folder of the sources. Sourced.
PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d)
children=
cleanup() {
    for child in $children; do kill "$child" 2>/dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT

fail() {
    echo "FAILED: $*"
    if [ -n "${machine:-}" ] && ! kill -0 "$machine" 2>/dev/null; then
        wait "$machine" || echo "the machine had ended before, with exit code $?"
    fi
    tail -n 30 "$work/output" "$work/error" 2>/dev/null || true
    [ -z "${KEEP:-}" ] || cp -r "$work" "$KEEP"
    exit 1
}
skip() {
    echo "skipped: $*"
    exit 77
}
# until_true SECONDS COMMAND...: waits for it to succeed; a limit only, for a machine that is busy
until_true() {
    tries=$(($1 * 10))
    shift
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.1
    done
}
is_at() { [ "$("$pixels" at "$1" "$2" "$3")" = "$4" ]; }
expect_at() { is_at "$@" || fail "$1 has $("$pixels" at "$1" "$2" "$3") at $2,$3, not $4"; }

# desktop [PROGRAM...]: an X server and a window manager; its screen is $screen. These programs are needed besides.
desktop() {
    "$root/.ci/need" --optional xvfb openbox xdotool wmctrl x11-utils "$@"
    for tool in Xvfb openbox xdotool wmctrl xwininfo "$@"; do
        command -v $tool >/dev/null || skip "there is no $tool here, and it cannot be installed"
    done
    mkdir "$work/x"
    Xvfb -displayfd 5 -screen 0 1280x1024x24 -fbdir "$work/x" 5>"$work/number" >/dev/null 2>&1 &
    children="$children $!"
    until_true 30 test -s "$work/number" || skip "Xvfb does not start here"
    DISPLAY=:$(cat "$work/number")
    export DISPLAY
    screen=$work/x/Xvfb_screen0
    openbox >/dev/null 2>&1 &
    children="$children $!"
    until_true 30 wmctrl -m || skip "openbox does not start here"
    export SDL_VIDEODRIVER=x11
}

# launch ARGUMENT...: vitrine with a window, whose keyboard is the file descriptor 3
launch() { launch_command "$vitrine" run -q "$@" --display sdl --timeout 10m; }
launch_command() {
    mkfifo "$work/keys"
    "$@" <"$work/keys" >"$work/output" 2>"$work/error" &
    machine=$!
    children="$children $machine"
    exec 3>"$work/keys"
}
# find_window OPTION PATTERN: as xdotool searches for it; its number is $id, and it has the keyboard
find_window() {
    until_true 60 xdotool search "$@" || fail "no window appears"
    id=$(xdotool search "$@" | tail -n 1)
    until_true 10 xdotool windowactivate --sync "$id" || fail "the window cannot be activated"
    where
}
# start ARGUMENT...: vitrine, up to its window on the desktop
start() {
    launch "$@"
    find_window --name '^Vitrine'
}
# where: the window's place on the screen, $X $Y $WIDTH $HEIGHT
where() {
    eval "$(xwininfo -id "$id" | sed -n 's/.*Absolute upper-left \([XY]\): */\1=/p; s/ *Width: */WIDTH=/p; s/ *Height: */HEIGHT=/p')"
}
has_size() {
    where
    [ "$WIDTH $HEIGHT" = "$1 $2" ]
}
in_window() { is_at "$screen" $((X + $1)) $((Y + $2)) "$3"; }
expect_in_window() { until_true 30 in_window "$@" || fail "the window has $("$pixels" at "$screen" $((X + $1)) $((Y + $2))) at $1,$2, not $3"; }
ended() { ! kill -0 "$machine"; }
# expect_end CODE
expect_end() {
    until_true 60 ended || fail "the machine does not end"
    if wait "$machine"; then code=0; else code=$?; fi
    [ "$code" = "$1" ] || fail "exit code $code, not $1"
}

# linux ARGUMENT...: Debian's console on the screen, up to its prompt
linux() {
    found=$("$root/roms/recipes/guest" screen) || skip "Debian's kernel is not in the cache and cannot be fetched now"
    start -k "$(value kernel)" -i "$(value initrd)" --firmware "$(value firmware)" -a console=ttyS0 "$@"
    until_true 300 grep -q '^~ # ' "$work/output" || fail "Linux does not come up"
    until_true 60 row_is 2 0 2 20 || fail "there is no text on Linux's console"
}
value() { printf '%s\n' "$found" | sed -n "s/^$1=//p"; }
# in_guest COMMAND: typed on the serial line
in_guest() { printf '%s\n' "$1" >&3; }
# guest_says PATTERN: on the serial line
guest_says() { until_true 60 grep -q "$1" "$work/output" || fail "the guest does not say $1"; }
# row_is A COLUMN B COUNT: so many characters at the start of row A are the same as those of row B from that column on
row_is() { "$pixels" same "$screen" "$X" $((Y + 16 * $1)) "$screen" $((X + 8 * $2)) $((Y + 16 * $3)) $((8 * $4)) 16; }

