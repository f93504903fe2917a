#!/bin/sh
# screens.sh CASE VITRINE PIXELS ROMS: one test of what is seen, by name; the cases are the functions below. VITRINE and
# PIXELS are programs, ROMS is the folder that roms/build.sh has filled. Exit code 77 (skipped) where there can be no desktop, or
# Debian's kernel cannot be had.
set -eu
name=$1 vitrine=$2 pixels=$3 roms=$4
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/desktop.sh"

# A bare-metal program draws; no window is needed to see it.
picture() {
    for engine in fast plain; do
        for width in 64 32; do
            cpu=max
            [ $width = 64 ] || cpu=max32
            "$vitrine" run "$roms/rv$width/picture" -q --firmware none --cpu $cpu --engine $engine --clock virtual \
                --screenshot "$work/shot.png" --screenshot "$work/early.png@0.002" </dev/null >"$work/output" ||
                fail "exit code $?"
            [ "$("$pixels" size "$work/shot.png")" = "640 400" ] || fail "not 640 by 400: $("$pixels" size "$work/shot.png")"
            expect_at "$work/shot.png" 0 0 182060
            expect_at "$work/shot.png" 320 200 ffc840
            expect_at "$work/shot.png" 0 352 000000
            expect_at "$work/shot.png" 639 399 ffffff
            expect_at "$work/shot.png" 480 399 ffff00
            # Half of it is drawn by then, and the same half every time.
            cksum <"$work/early.png" >>"$work/sums.$width"
        done
    done
    for width in 64 32; do
        [ "$(sort -u "$work/sums.$width" | wc -l)" = 1 ] || fail "a run on the virtual clock was seen differently again"
    done
    is_at "$work/early.png" 0 0 182060 || fail "nothing is drawn after 2 ms"
    ! is_at "$work/early.png" 639 399 ffffff || fail "everything is drawn after 2 ms"
}

# A picture of another size than the window's, as large as it can be, or a whole number of times.
scaling() {
    desktop
    start "$here/still.s" --scale integer
    [ "$WIDTH $HEIGHT" = "1024 768" ] || fail "the window is $WIDTH by $HEIGHT"
    # 320 by 200, three times as large, in the middle
    expect_in_window 32 84 ff0000
    expect_in_window 31 84 000000
    expect_in_window 32 83 000000
    expect_in_window 991 683 0000ff
    expect_in_window 992 683 000000
    expect_in_window 991 684 000000
    expect_in_window 500 383 ff0000
    expect_in_window 500 384 0000ff
    wmctrl -i -r "$id" -e 0,-1,-1,640,640
    until_true 30 has_size 640 640 || fail "the window does not change its size"
    expect_in_window 0 120 ff0000
    expect_in_window 0 119 000000
    expect_in_window 639 519 0000ff
    exec 3>&-
    kill "$machine"
    expect_end 143
}

smooth() {
    desktop
    start "$here/still.s"
    expect_in_window 0 64 ff0000 # 1024 by 640
    expect_in_window 0 63 000000
    expect_in_window 1023 703 0000ff
    expect_in_window 1023 704 000000
    expect_in_window 500 376 ff0000
    expect_in_window 500 392 0000ff
    # In the middle the two are mixed.
    ! in_window 500 383 ff0000 && ! in_window 500 383 0000ff || fail "nothing is mixed"
    kill "$machine"
    expect_end 143
}

# A guest that does not know the power key: the first close asks, the second ends the run.
closing() {
    desktop
    start "$here/still.s"
    expect_in_window 10 100 ff0000
    wmctrl -i -c "$id"
    until_true 30 sh -c 'wmctrl -l | grep -q "close again"' || fail "the title does not say what a second close does"
    ! ended 2>/dev/null || fail "the first close has ended the run"
    wmctrl -i -c "$id"
    expect_end 0
}

# What is typed on the window's keyboard is answered on the window's screen.
console() {
    desktop
    linux --screenshot "$work/end.png"
    in_guest "printf '\\033[2J\\033[Hglass 42 GLASS\\n' >/dev/tty1"
    until_true 60 sh -c "$pixels same '$screen' $X $Y '$screen' $X $Y 112 16" || fail "nothing is printed on the screen"
    xdotool type --delay 40 'echo glass $((6*7)) GLASS' # row 1
    xdotool key Return
    until_true 60 row_is 0 0 2 14 || fail "the command's result is not on the screen"
    # Shift and digits have come through, or the row would hold something else: the typed words themselves, too.
    "$pixels" same "$screen" "$X" "$Y" "$screen" $((X + 40)) $((Y + 16)) 48 16 || fail "what was typed is not on the screen"
    # Caps lock is a light, too: the guest tells the keyboard of it.
    xdotool key Caps_Lock
    xdotool type --delay 40 'clear'
    xdotool key Caps_Lock
    # The power key ends it politely.
    wmctrl -i -c "$id"
    expect_end 0
    grep -q 'reboot: Power down' "$work/output" || fail "the guest was not asked"
    "$pixels" same "$work/end.png" 0 0 "$work/end.png" 0 32 112 16 || fail "the screenshot does not show it"
}

# The guest's screen becomes blue, and is so where this host's pointer would be.
has_no_arrow() {
    for spot in '512 384' '513 387' '514 390' '516 392'; do
        in_window $spot 0000aa || return 1
    done
}

# The pointer says where it is, which button is pressed, and how the wheel is turned.
pointer() {
    desktop
    linux
    in_guest "hexdump -v -e '12/2 \"%u \" \"\n\"' /dev/input/event1" # the last four numbers: type, code, value
    sleep 1
    xdotool mousemove --window "$id" 0 0 mousemove --window "$id" 512 384
    guest_says ' 3 0 16400 0'
    guest_says ' 3 1 16405 0'
    xdotool click 1
    guest_says ' 1 272 1 0'
    guest_says ' 1 272 0 0'
    xdotool click 3 click 4
    guest_says ' 1 273 1 0'
    guest_says ' 2 8 1 0'
    xdotool click 5
    guest_says ' 2 8 65535 65535'
    printf '\003' >&3
    in_guest "printf '\\033[44m\\033[2J' >/dev/tty1"
    until_true 60 has_no_arrow || fail "this host's pointer is over the guest's own"
    kill "$machine"
    expect_end 143
}

# In QEMU's words a screen has a window without being told so, as large as it was asked for; a mouse says how far it moves.
qemus_words() {
    desktop
    found=$("$root/roms/recipes/guest" screen) || skip "Debian's kernel is not in the cache and cannot be fetched now"
    launch_command "$vitrine" qemu-system-riscv64 -machine virt -m 512 -serial mon:stdio -bios default \
        -kernel "$(value kernel)" -initrd "$(value initrd)" -append console=ttyS0 -global virtio-mmio.force-legacy=false \
        -device virtio-gpu-device,xres=800,yres=480 -device virtio-keyboard-device -device virtio-mouse-device
    find_window --name '^Vitrine'
    has_size 800 480 || fail "the window is $WIDTH by $HEIGHT"
    until_true 300 grep -q '^~ # ' "$work/output" || fail "Linux does not come up"
    until_true 60 row_is 2 0 2 20 || fail "there is no text on Linux's console"
    in_guest "hexdump -v -e '12/2 \"%u \" \"\n\"' /dev/input/event0" # the last four numbers: type, code, value
    sleep 1
    xdotool mousemove --window "$id" 0 0
    xdotool mousemove --window "$id" 100 50
    guest_says ' 2 0 100 0'
    guest_says ' 2 1 50 0'
    xdotool mousemove --window "$id" 97 50 click 1
    guest_says ' 2 0 65533 65535'
    guest_says ' 1 272 1 0'
    kill "$machine"
    expect_end 143
}

# The guest's resolution follows the window, and F11 makes that the whole screen. Linux's console grows back to the size
# that it began with and not further; whoever asks the driver anew ("detect") finds every size.
resolution() {
    desktop
    linux
    port=/sys/class/drm/card0-Virtual-1
    modes="head -n 1 $port/modes | sed s/^/mode=/"
    wmctrl -i -r "$id" -e 0,-1,-1,800,600
    until_true 30 has_size 800 600 || fail "the window does not change its size"
    sleep 1
    in_guest "$modes"
    guest_says 'mode=800x600'
    wmctrl -i -r "$id" -e 0,-1,-1,1000,700
    until_true 30 has_size 1000 700 || fail "the window does not change its size again"
    sleep 1
    in_guest "$modes"
    guest_says 'mode=1000x700'
    xdotool key F11
    until_true 30 has_size 1280 1024 || fail "F11 does not make it fill the screen"
    sleep 1
    in_guest "echo detect >$port/status; $modes"
    guest_says 'mode=1280x1024'
    xdotool key F11
    until_true 30 has_size 1000 700 || fail "F11 does not lead back"
    # Ctrl+Alt+G: grabbed, and released.
    xdotool key ctrl+alt+g
    until_true 30 sh -c 'wmctrl -l | grep -q releases' || fail "Ctrl+Alt+G does not grab"
    xdotool key ctrl+alt+g
    until_true 30 sh -c '! wmctrl -l | grep -q releases' || fail "Ctrl+Alt+G does not release"
    in_guest poweroff
    expect_end 0
}

# What the desktop's clipboard holds is typed, with shift where a character wants it.
pasting() {
    desktop xclip
    linux
    text='Pasted: {4~2} <"Glass">  $HOME'
    printf "echo '%s' >/dev/ttyS0\n" "$text" | xclip -selection clipboard >/dev/null 2>&1
    xdotool key ctrl+shift+v
    until_true 60 grep -qF "$text" "$work/output" || fail "what was pasted is not typed"
    # Ctrl and Shift have come up again: this is typed as it stands.
    xdotool type --delay 40 'echo plain again >/dev/ttyS0'
    xdotool key Return
    guest_says '^plain again'
    kill "$machine"
    expect_end 143
}

# Without a desktop there is one sentence, also where SDL would draw for nobody.
no_desktop() {
    for driver in x11 ''; do one_without_a_desktop "$driver"; done
}

one_without_a_desktop() {
    if DISPLAY='' WAYLAND_DISPLAY='' SDL_VIDEODRIVER=$1 "$vitrine" run "$here/still.s" -q --display sdl >"$work/output" 2>"$work/error"; then
        fail "a window without a desktop"
    else
        code=$?
    fi
    [ "$code" = 1 ] || fail "exit code $code, not 1"
    grep -q 'use --display none' "$work/error" || fail "it does not say what to do"
}

case $name in
picture | scaling | smooth | closing | console | pointer | qemus_words | resolution | pasting | no_desktop) "$name" ;;
*)
    echo "usage: $0 picture|scaling|smooth|closing|console|pointer|qemus_words|resolution|pasting|no_desktop VITRINE PIXELS ROMS" >&2
    exit 2
    ;;
esac
