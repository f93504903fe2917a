#!/bin/sh
# live.sh VITRINE: Debian's gdb comes to Debian's kernel on two harts, which is at its shell already: threads, memory by both
# kinds of address, watchpoints on what the kernel counts, breakpoints and steps in its handlers, back and forth, going
# away, and coming again. Exits with 77 where the kernel or gdb cannot be had.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
vitrine=$1
. "$here/shared.sh"
"$root/roms/recipes/guest" linux >/dev/null || {
    echo "skipped: Debian's kernel is not in the cache and cannot be fetched now"
    exit 77
}
XDG_RUNTIME_DIR=$work
export XDG_RUNTIME_DIR
"$vitrine" run linux -c 2 --name live --clock virtual --gdb "unix:$work/door" </dev/null >"$work/out" 2>"$work/err" &
machine=$!
tries=0
until grep -qa '~ #' "$work/out"; do
    tries=$((tries + 1))
    [ $tries -lt 1200 ] || { echo "no prompt:" && tail "$work/out" "$work/err" && exit 1; }
    sleep 0.5
done

# Where this is in the kernel.
place() { "$vitrine" symbols "$1" --name live | awk -v name="$1" '$2 == name { print $1; exit }'; }
banner=$(place linux_banner) jiffies=$(place jiffies_64) handler=$(place handle_riscv_irq)
[ -n "$banner" ] && [ -n "$jiffies" ] && [ -n "$handler" ] || { echo "the kernel has no names" && exit 1; }
: >"$work/guest" # gdb gets no file

gdb <<END
info threads
printf "mode %d translates %d\n", \$priv, \$satp != 0
x/s $banner
thread apply all -q print \$pc != 0
watch *(long *) $jiffies
continue
set \$then = *(long *) $jiffies
continue
printf "jiffies %d\n", *(long *) $jiffies - \$then
delete
hbreak *$handler
continue
printf "in the handler %d, cause %lx\n", \$pc == $handler, \$scause
delete
set \$steps = \$instret
stepi
stepi
stepi
reverse-stepi
reverse-stepi
reverse-stepi
printf "back in the handler %d, in time %d\n", \$pc == $handler, \$instret == \$steps
awatch *(long *) $jiffies
reverse-continue
printf "in front of the access\n"
continue
delete
tbreak *$handler
continue
printf "and again %d\n", \$pc == $handler
set var \$home = \$sepc
tbreak *\$home if \$priv <= 1
continue
printf "returned %d\n", \$pc == \$home
monitor walk $handler
monitor symbols $handler
maintenance packet Qqemu.PhyMemMode:1
x/4xb 0x80000000
maintenance packet Qqemu.PhyMemMode:0
detach
END
expect <<'END'
Thread 1 "hart 0"
Thread 2 "hart 1"
^mode [01] translates 1$
"Linux version 
Hardware watchpoint 1:
Hardware watchpoint 1:
^Old value
Hardware watchpoint 1:
^jiffies [1-9]
Breakpoint 2,
^in the handler 1, cause 8000000000000005$
^back in the handler 1, in time 1$
Hardware access .read/write. watchpoint 3
^in front of the access$
Hardware access .read/write. watchpoint 3
Temporary breakpoint 4,
^and again 1$
Temporary breakpoint 5,
^returned 1$
level 4
handle_riscv_irq
^0x80000000:	0x
detached
END

steps() { "$vitrine" regs --name live | sed -n '1s/.*step //p'; }
before=$(steps)
tries=0
until [ "$(steps)" -gt "$before" ]; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { echo "detached, it stands still" && exit 1; }
    sleep 0.1
done
gdb <<END
info threads
print \$priv <= 3
disconnect
END
expect <<'END'
Thread 2 "hart 1"
^\$1 = 1$
END
gdb <<END
kill
END
wait "$machine" || { echo "killed, it ends with $?" && exit 1; }
machine=
echo "as expected"
