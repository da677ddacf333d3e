#!/bin/sh
# The real window, under Xvfb, driven by xdotool: each key and gesture changes
# the picture as it should, undo brings it back to the pixel, and a window that
# nobody touches takes no time. Pictures are left in $VIEW_SHOTS if that is set.
set -u

. "$(dirname "$0")/view_lib.sh"

workers 40 >"$work/trace.txt"
awk 'BEGIN {
	for (r = 1; r <= 20; r++)
		for (i = 2; i <= 40; i++) {
			t = 100000 * r + i * 700
			print t, "block task=" i " wait=" r " reason=mutex object=0x20"
			print t + 15000 + i * 90, "start task=" i " wait=" r " cause=ready carrier=" 100 + i
		}
	print 2200000, "unblock task=1 target=5 target_wait=21 object=0x30 reason=park"
	print 2200500, "block task=5 wait=21 reason=park object=0x30 timeout_ns=-1"
	print 2300000, "block task=7 wait=21 reason=send object=0x40 timeout_ns=-1"
	print 2500000, "exit task=1"
}' >>"$work/trace.txt"

display
open_view 1200 760 "$work/trace.txt" --frames

# The pointer stands where it changes nothing but what it should.
xdotool mousemove --window "$window" 500 750
shot start
start=$sum
colors=$(convert "$shots/view-start.png" -unique-colors -format '%w' info:)
[ "$colors" -gt 20 ] || fail "an empty window: $colors colours"

keys w w w
changed zoomed
keys d
changed panned
keys ctrl+z ctrl+z
same undone "$start"
keys ctrl+y
changed redone
keys Home
changed home
home=$sum
keys e
changed no-arrows
keys e
same arrows "$home"
keys Down Down Down
changed scrolled
keys Up Up Up Up
same back "$home"
keys n
changed finding
keys n
changed finding-2
keys question
changed help
keys Escape
changed no-help
keys Escape Home
changed let-go
xdotool mousemove --window "$window" 1050 55 click 1
changed list-clicked
keys Escape Home
xdotool mousemove --window "$window" 500 150
shot hover
xdotool keydown ctrl click 4 click 4 keyup ctrl
changed wheel-zoom
xdotool click 5
changed wheel-scroll
xdotool mousedown 1 mousemove_relative -- -150 0 mouseup 1
changed dragged
xdotool keydown shift mousedown 1 mousemove_relative 120 0 mouseup 1 keyup shift
changed measured
xdotool click --repeat 2 --delay 60 1
changed double-clicked
keys f
changed focused
keys period
changed next-state
keys shift+Down
changed next-task
keys Escape Home Prior Prior
changed all-arrows
keys t
changed light
keys t ctrl+plus
changed bigger
keys ctrl+0
changed normal
xdotool mousemove --window "$window" 700 25 click 1
changed overview
xdotool windowsize "$window" 800 600
settle=1
changed small
size=$(convert "$shots/view-small.png" -format '%wx%h' info:)
[ "$size" = 800x600 ] || fail "the window is $size, not 800x600"

# Idle: in three seconds in which nothing happens no picture is drawn, and hardly any
# processor time goes by; a key draws again.
ticks() {
	sed 's/.*) //' "/proc/$viewer/stat" | awk '{ print $12 + $13 }'
}
frames() {
	grep -c '^frame [0-9]*: [0-9.]* ms$' "$work/view.err"
}
sleep 0.5
from=$(ticks) drawn=$(frames)
[ "$drawn" -gt 30 ] || fail "only $drawn frames are told of"
sleep 3
used=$(($(ticks) - from)) drawn=$(($(frames) - drawn))
[ "$drawn" = 0 ] || fail "$drawn frames drawn while idle"
[ "$used" -le 1 ] || fail "$used ticks of processor time while idle"
drawn=$(frames)
keys w
changed after-idle
[ "$(frames)" -gt "$drawn" ] || fail "a key has drawn no frame"

quits

# The next visit begins where the last one ended; then the rows are arranged.
settle=0.4
open_view 1200 760 "$work/trace.txt"
xdotool mousemove --window "$window" 500 750
keys Home
changed second-visit
text() {
	xdotool type --delay 15 "$1"
}
keys r
changed filter-open
text worker-1
changed filtered
keys Return
changed filter-closed
keys o
changed sorted-by-name
keys g
changed grouped
keys l
changed lanes
keys l g o o o Escape Escape Escape
keys ctrl+p
text worker-7
changed task-list
keys Down Return
changed task
keys k
changed pinned
keys Next
changed under-pinned
keys x
changed hidden
keys shift+x slash
text 0x40
keys Return
changed found
keys shift+Return Escape
changed found-before
keys ctrl+g
text 1.2ms
keys Return
changed time
keys u
changed clock
keys m
text "look at this"
keys Return
changed noted
grep -q 'look at this' "$work/trace.txt.threadline-notes" || fail "the note is not kept"
# With the mouse alone: the field of the filter, and a line of the help.
keys Escape Escape
xdotool mousemove --window "$window" 60 38 click 1
changed filter-by-mouse
keys Escape
xdotool mousemove --window "$window" 14 13 click 1
changed menu
keys Escape
keys t
shot last
last=$(convert "$shots/view-last.png" -format '%[pixel:p{1190,745}]' info:)
quits
open_view 1200 760 "$work/trace.txt"
xdotool mousemove --window "$window" 500 750
shot third-visit
[ "$(convert "$shots/view-third-visit.png" -format '%[pixel:p{1190,745}]' info:)" = "$last" ] ||
	fail "the last visit's theme is not restored"
[ "$last" != "$(convert "$shots/view-start.png" -format '%[pixel:p{1190,745}]' info:)" ] ||
	fail "the theme has not changed: nothing was restored"
quits

# Notes that are not ours are refused, with a word, and stay as they are.
printf 'not notes\n' >"$work/trace.txt.threadline-notes"
open_view 1200 760 "$work/trace.txt"
grep -q 'threadline-notes' "$work/view.err" || fail "hostile notes are read without a word"
keys m
text mine
keys Return
sleep 0.3
[ "$(cat "$work/trace.txt.threadline-notes")" = "not notes" ] || fail "a file that is not ours was replaced"
quits

# Without a display: a clear word, and what to do instead.
DISPLAY=:77777 WAYLAND_DISPLAY='' "$view" "$work/trace.txt" 2>"$work/none.err"
status=$?
[ "$status" = 2 ] || fail "no display: exit status $status"
grep -q 'threadline render' "$work/none.err" || fail "no display: $(cat "$work/none.err")"
echo "the window does what it should"
