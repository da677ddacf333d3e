#!/bin/sh
# Esc while a long trace is read, in the real window: reading stops, what there is stays
# and can be moved about in, and the window says that it is only the beginning.
set -u

. "$(dirname "$0")/view_lib.sh"

events=2000000
awk -v n=$((events / 2)) 'BEGIN {
	print "0 process_begin task=1 pid=100 program=\"/usr/bin/demo\" capabilities=31 version=1"
	print "10 start task=1 cause=first carrier=100"
	for (i = 1; i <= n; i++)
		printf "%d block task=1 wait=%d reason=mutex object=0x20\n%d start task=1 wait=%d cause=ready carrier=100\n", \
			i * 1000, i, i * 1000 + 400, i
}' >"$work/long.txt"

display
"$view" "$work/long.txt" --frames 2>"$work/view.err" &
viewer=$!
# The first picture of a part: the viewer is halted until Esc lies in its window's queue.
for i in $(seq 2000); do
	grep -q '^frame 1:' "$work/view.err" && break
	kill -0 "$viewer" 2>/dev/null || fail "the viewer is gone: $(cat "$work/view.err")"
	sleep 0.01
done
kill -STOP "$viewer"
grep -q '^frame 1:' "$work/view.err" || fail "no picture while reading"
window=$(timeout 20 xdotool search --onlyvisible --name Threadline | tail -n 1)
[ -n "$window" ] || fail "no window"
xdotool windowfocus "$window"
xdotool key Escape
kill -CONT "$viewer"

# It goes on as a window, idle, with less than all.
sleep 1.5
kill -0 "$viewer" 2>/dev/null || fail "Esc while reading ends the viewer"
before=$(grep -c '^frame' "$work/view.err")
sleep 1
[ "$(grep -c '^frame' "$work/view.err")" = "$before" ] || fail "it still draws: reading was not stopped"
xdotool windowmove "$window" 0 0 windowsize "$window" 1200 760
sleep 0.5
xdotool windowfocus --sync "$window" mousemove --window "$window" 500 750
shot stopped
note=$(convert "$shots/view-stopped.png" -fill black +opaque '#4A3B12' -fill white -opaque '#4A3B12' -format '%[fx:int(mean*w*h)]' info:)
[ "$note" -gt 3000 ] || fail "nothing says that this is only the beginning ($note pixels of a note)"
keys w w
changed moved
if command -v xclip >/dev/null; then
	keys ctrl+c
	sleep 0.3
	timeout 5 xclip -selection clipboard -o >"$work/copied" || fail "nothing on the clipboard"
	read_events=$(sed -n 's/^events[^0-9]*\([0-9]*\) of 1 task.*/\1/p' "$work/copied")
	[ "${read_events:-0}" -gt 0 ] && [ "$read_events" -lt "$events" ] ||
		fail "events read: '$read_events' of $events; $(cat "$work/copied")"
else
	echo "no xclip: how much was read is not looked at here"
fi
quits
echo "Esc stops the reading and keeps what is there"
