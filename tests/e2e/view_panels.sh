#!/bin/sh
# The drawer of panels in the real window: each opens on its key, shows something of
# its own, leads to the timeline by a click and is led by it; the critical path is
# walked; what is copied arrives; several traces share the time line.
set -u

. "$(dirname "$0")/view_lib.sh"

# A chain: each worker waits for the one before it; and one waits for ever.
awk 'BEGIN {
	print "0 process_begin task=1 pid=100 program=\"/usr/bin/chain\" capabilities=31 version=1"
	print "10 start task=1 cause=first carrier=100"
	for (i = 2; i <= 9; i++) {
		print i * 1000, "create task=1 child=" i " name=\"stage-" i "\""
		print i * 1000 + 500, "start task=" i " cause=first carrier=" 100 + i " waker=1"
	}
	for (i = 3; i <= 9; i++)
		print 20000 + i, "block task=" i " wait=1 reason=park object=0x" i "0 timeout_ns=-1"
	for (i = 3; i <= 9; i++) {
		t = i * 100000
		print t, "unblock task=" i - 1 " target=" i " target_wait=1 object=0x" i "0 reason=park"
		print t + 1000 * i, "start task=" i " wait=1 cause=signal carrier=" 100 + i " waker=" i - 1 " waker_seq=" (i == 3 ? 2 : 4)
	}
	print 950000, "block task=4 wait=2 reason=mutex object=0x99 timeout_ns=-1"
	print 1000000, "exit task=1"
}' >"$work/chain.txt"
sed 's/pid=100/pid=200/; s/chain"/other"/; s/^\([0-9]*\)/1\1/' \
	"$work/chain.txt" >"$work/other.txt"

display
open_view 1200 760 "$work/chain.txt"
xdotool mousemove --window "$window" 500 750
shot plain
plain=$sum

# Every panel differs from every other, and its key shuts it again.
for panel in 1 2 3 4 5 6 c; do
	sum=$plain
	keys "$panel"
	changed "panel-$panel"
	for other in ${seen:-}; do
		[ "$sum" != "$other" ] || fail "panel $panel looks like another"
	done
	seen="${seen:-} $sum"
	keys "$panel"
	same "shut-$panel" "$plain"
done

# From a row of a table to the timeline, and to the next table.
keys 2
shot objects
xdotool mousemove --window "$window" 60 505 click 1
changed object-clicked
clicked=$sum
keys period
changed object-led
keys 3
changed wakes
xdotool mousemove --window "$window" 60 505 click 1
changed wake-clicked
[ "$sum" != "$clicked" ] || fail "a wake-up leads where an object does"

# The critical path of what is selected now, and along it.
keys c
changed path
keys bracketleft
changed path-back
keys bracketleft
changed path-back-2
keys bracketright
changed path-on
keys Escape
changed path-shut
keys Escape Escape Home

# The flame graph: narrowed by a click, to a wait by another.
keys 1
shot flame
xdotool mousemove --window "$window" 400 506 click 1
changed flame-narrowed
xdotool mousemove_relative -- 0 1 click 1
changed flame-wait

# A range on the ruler changes what a panel counts.
keys Escape Escape Home 6
shot waits
xdotool mousemove --window "$window" 400 62 mousedown 1 mousemove_relative 150 0 mouseup 1
changed waits-of-range
keys Escape Escape Home

# What is copied is what others can paste.
keys 5 ctrl+c
sleep 0.3
if command -v xclip >/dev/null; then
	timeout 5 xclip -selection clipboard -o >"$work/copied" || fail "nothing on the clipboard"
	grep -q '^task	running' "$work/copied" || fail "no heads in: $(cat "$work/copied")"
	grep -q '^stage-9	' "$work/copied" || fail "no rows in: $(cat "$work/copied")"
else
	echo "no xclip: what is copied is not looked at here"
fi
keys Escape
quits

# Two traces at once: rows of both, on one time line, and nothing that either has not alone.
open_view 1200 760 "$work/chain.txt" "$work/other.txt"
xdotool mousemove --window "$window" 500 750
shot two
[ "$sum" != "$plain" ] || fail "the second trace is not to be seen"
quits
"$view" --render "$work/two.svg" "$work/chain.txt" "$work/other.txt" --size 1200x1200 || fail "two traces are not drawn"
[ "$(grep -c '>stage-7</text>' "$work/two.svg")" = 2 ] || fail "stage-7 is not there twice"
grep -q '>/usr/bin/chain  (pid 100)</text>' "$work/two.svg" && grep -q '>/usr/bin/other  (pid 200)</text>' "$work/two.svg" ||
	fail "two processes are not told apart"
grep -q 'None: the order of events makes sense' "$work/two.svg" || fail "two good traces are bad together"

echo "panels lead, follow and can be copied"
