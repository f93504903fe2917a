#!/bin/sh
# desktops.sh CASE VITRINE PIXELS: tests of the screen that need larger guests, or larger desktops, than screens.sh. Both are made
# or fetched the first time. Exit code 77 (skipped) where they cannot be had.
set -eu
name=$1 vitrine=$2 pixels=$3
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/desktop.sh"

# A dense display (HiDPI), two by two pixels to a point: SDL knows none on X11, so this is a Wayland compositor's, in a window of the
# X server, 1200 by 900 pixels large and filled by ours.
dense_desktop() {
    desktop weston
    export XDG_RUNTIME_DIR="$work/run" WAYLAND_DISPLAY=dense SDL_VIDEODRIVER=wayland
    mkdir -m 700 "$work/run"
    weston --no-config --backend=x11-backend.so --use-pixman --shell=kiosk-shell.so --socket=dense --idle-time=0 \
        --scale=2 --width=600 --height=450 >"$work/weston" 2>&1 &
    children="$children $!"
    until_true 60 test -S "$work/run/dense" || skip "Weston does not start here"
    find_window --class '^Weston Compositor'
}

# Every pixel is used: three of them are one of the guest's. In points, only one point would fit, which is two pixels.
dense() {
    dense_desktop
    launch "$here/still.s" --scale integer
    until_true 60 in_window 120 150 ff0000 || fail "the picture does not appear in pixels"
    expect_in_window 119 150 000000
    expect_in_window 120 149 000000
    expect_in_window 1079 749 0000ff
    expect_in_window 1080 749 000000
    expect_in_window 600 449 ff0000
    expect_in_window 600 450 0000ff
    kill "$machine"
    expect_end 143
}

# The guest is told the size in pixels, and where the pointer is among them.
dense_pointer() {
    dense_desktop
    found=$("$root/roms/recipes/guest" screen) || skip "Debian's kernel is not in the cache and cannot be fetched now"
    launch -k "$(value kernel)" -i "$(value initrd)" --firmware "$(value firmware)" -a console=ttyS0
    until_true 300 grep -q '^~ # ' "$work/output" || fail "Linux does not come up"
    port=/sys/class/drm/card0-Virtual-1
    in_guest "echo detect >$port/status; head -n 1 $port/modes"
    guest_says '^1200x900'
    in_guest "hexdump -v -e '12/2 \"%u \" \"\n\"' /dev/input/event1"
    sleep 1
    xdotool mousemove --window "$id" 0 0 mousemove --window "$id" 600 450
    guest_says ' 3 0 16424 0' # in the middle of 300 points of 600, and of 225 of 450
    guest_says ' 3 1 16438 0'
    kill "$machine"
    expect_end 143
}

# show_weston ARGUMENT...: the guest of that name, up to its desktop
show_weston() {
    desktop
    found=$("$root/roms/recipes/guest" weston) || skip "Weston is not in the cache and cannot be fetched now"
    start -k "$(value kernel)" -i "$(value initrd)" --firmware "$(value firmware)" -d "$(value disk)" --discard -m 1G \
        -a 'console=ttyS0 root=/dev/vda ro' "$@"
    background=2a5a6e panel=17343f # as roms/recipes/weston.ini says
    until_true 300 in_window 8 740 $background || fail "Weston does not come up"
}

# A program with windows: Weston on the kernel's graphics, with a terminal in it. Keys, pointer and buttons reach it.
wayland() {
    show_weston --screenshot "$work/end.png"
    expect_in_window 512 4 $panel
    # The terminal is as large as the screen, then blue; both by keys with modifiers.
    until_true 60 in_window 512 384 000000 || fail "there is no terminal"
    sleep 1
    xdotool key super+shift+m
    until_true 60 in_window 40 720 000000 || fail "the terminal does not grow"
    xdotool type --delay 40 'printf "\033[4$((2*2))m\033[2J"'
    xdotool key Return
    until_true 60 in_window 40 720 0000a8 || fail "the command has not made the terminal blue"
    # An arrow where the pointer is, and the panel again when it has gone.
    xdotool mousemove --window "$id" 700 10
    until_true 60 sh -c "! '$pixels' at '$screen' $((X + 701)) $((Y + 14)) | grep -q $panel" || fail "there is no pointer"
    xdotool mousemove --window "$id" 700 500
    expect_in_window 701 14 $panel
    # The second symbol of the panel starts a program.
    xdotool mousemove --window "$id" 52 16
    sleep 1
    xdotool mousedown 1
    sleep 0.2
    xdotool mouseup 1
    sleep 1
    in_guest 'until pidof weston-flower >/run/flower; do sleep 0.1; done; echo flower is "up"'
    guest_says '^flower is up'
    wmctrl -i -c "$id"
    expect_end 0
    grep -q 'reboot: Power down' "$work/output" || fail "the guest was not asked"
    is_at "$work/end.png" 40 720 0000a8 || fail "the screenshot does not show it"
}

# The cursor plane as Debian's driver has it: a square that lets 136 of 255 of the picture through, here and there.
cursor() {
    show_weston
    in_guest 'killall weston; sleep 2; sleep 1000 | modetest -M virtio_gpu -s Virtual-1:1024x768 -C >/run/modetest 2>&1 &'
    until_true 120 in_window 780 10 c00000 || fail "there is no picture"
    for colour in dd7777 77dd77; do # over the red bar, over the green one
        until_true 120 "$pixels" find "$screen" $colour || fail "there is no $colour: no cursor, or not as it should be"
    done
    # It leaves no trace.
    wrong=
    in_guest 'kill -STOP $(pidof modetest)'
    for spot in '80 10 c0c0c0' '220 300 c0c000' '370 100 00c0c0' '510 400 00c000' '660 200 c000c0' '810 500 c00000' '950 300 0000c0'; do
        in_window $spot || wrong=$wrong.
    done
    [ ${#wrong} -le 1 ] || fail "the picture has changed in ${#wrong} of seven places, and the cursor is in one at most"
    kill "$machine"
    expect_end 143
}

# Debian with systemd: somebody logs in on the screen, and the close button switches it off as its power key would.
power_key() {
    desktop
    "$root/.ci/need" --optional fakeroot
    # The machine that tests/boot/debian.sh makes, too.
    export XDG_DATA_HOME="${XDG_CACHE_HOME:-$HOME/.cache}/vitrine/tests"
    debian=$XDG_DATA_HOME/vitrine/debian
    code=0
    "$vitrine" run debian --user ada --hostname glass --packages file --max-insns 1000 </dev/null >"$work/output" 2>&1 || code=$?
    [ $code = 124 ] || skip "Debian cannot be made now"
    password=$(cat "$debian/password")
    start -m 1G -k "$debian/Image" -i "$debian/initrd.gz" --firmware "$debian/fw_dynamic.bin" -d "$debian/root.ext4" --discard \
        -a 'console=tty0 console=ttyS0 root=/dev/vda rw'
    until_true 600 grep -aq 'login: ' "$work/output" || fail "there is no login"
    in_guest ada
    until_true 300 grep -aq 'Password: ' "$work/output" || fail "nobody asks for a password"
    in_guest "$password"
    until_true 300 grep -aq ":~\$ " "$work/output" || fail "nobody can log in"
    in_guest 'systemctl is-system-running --wait'
    until_true 300 grep -aq 'running.\?$' "$work/output" || fail "systemd is not content"
    xdotool type --delay 40 ada
    xdotool key Return
    in_guest 'until pgrep -t tty1 -x login >/tmp/login; do sleep 1; done; sleep 2; echo login "asks"'
    until_true 300 grep -aq "login asks" "$work/output" || fail "nobody asks for a password on the screen"
    xdotool type --delay 40 "$password"
    xdotool key Return
    in_guest 'until who | grep tty1; do sleep 1; done'
    until_true 300 grep -aq 'ada  *tty1' "$work/output" || fail "nobody can log in on the screen"
    wmctrl -i -c "$id"
    until_true 300 ended || fail "the machine does not end"
    expect_end 0
    grep -aq 'reboot: Power down' "$work/output" || fail "the guest was not asked"
}

case $name in
dense | dense_pointer | wayland | cursor | power_key) "$name" ;;
*)
    echo "usage: $0 dense|dense_pointer|wayland|cursor|power_key VITRINE PIXELS" >&2
    exit 2
    ;;
esac
