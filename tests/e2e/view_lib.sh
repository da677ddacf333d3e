# What the tests of the window share: a display, a viewer in it, keys, and pictures of
# what it shows. To be sourced, after `set -u`; leaves pictures in $VIEW_SHOTS if that is set.
: "${THREADLINE_BIN:?}"
view=$THREADLINE_BIN/threadline-view
work=${E2E_WORK:-$(mktemp -d /tmp/tl-view.XXXXXX)}
shots=${VIEW_SHOTS:-$work}
# In a build with sanitizers, what SDL's libraries leak is not ours (see there).
[ -z "${THREADLINE_SOURCE:-}" ] || export LSAN_OPTIONS="suppressions=$THREADLINE_SOURCE/tests/e2e/view.supp:print_suppressions=0"

# How windows stood last is of no concern to whoever tests, nor to the test.
export XDG_STATE_HOME="$work/state"

skip() {
	echo "SKIP: $*"
	exit 77
}

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

[ -x "$view" ] || skip "this build has no viewer"
for program in Xvfb xdotool import convert awk; do
	command -v "$program" >/dev/null || skip "$program is not installed (apt install xvfb xdotool imagemagick)"
done

# workers N: the begin of an event list: a program, and tasks 2 to N, worker-2 and so on, which it creates
workers() {
	awk -v n="$1" 'BEGIN {
		print "0 process_begin task=1 pid=100 program=\"/usr/bin/demo\" capabilities=31 version=1"
		print "10 start task=1 cause=first carrier=100"
		for (i = 2; i <= n; i++) {
			print i * 1000, "create task=1 child=" i " name=\"worker-" i "\""
			print i * 1000 + 500, "start task=" i " cause=first carrier=" 100 + i " waker=1"
		}
	}'
}

# display: starts Xvfb, which ends with this script
display() {
	Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$work/display" 2>"$work/xvfb.log" &
	server=$!
	trap 'kill "$server" 2>/dev/null; kill "${viewer:-$server}" 2>/dev/null' EXIT
	for i in $(seq 100); do
		[ -s "$work/display" ] && break
		kill -0 "$server" 2>/dev/null || skip "Xvfb does not start: $(cat "$work/xvfb.log")"
		sleep 0.1
	done
	DISPLAY=:$(cat "$work/display")
	export DISPLAY SDL_VIDEODRIVER=x11
}

# open_view WIDTH HEIGHT ARGUMENT...: a viewer in a window of that size, which has the focus
open_view() {
	width=$1 height=$2
	shift 2
	"$view" "$@" 2>"$work/view.err" &
	viewer=$!
	window=$(timeout 20 xdotool search --sync --onlyvisible --pid "$viewer" 2>/dev/null | tail -n 1)
	[ -n "$window" ] || window=$(timeout 20 xdotool search --sync --onlyvisible --name Threadline | tail -n 1)
	[ -n "$window" ] || fail "no window: $(cat "$work/view.err")"
	xdotool windowmove "$window" 0 0 windowsize "$window" "$width" "$height"
	sleep 0.5
	xdotool windowfocus --sync "$window" || fail "the window takes no focus"
	sleep 0.5
}

# quits: Q ends the viewer, with 0
quits() {
	keys q
	for i in $(seq 50); do
		kill -0 "$viewer" 2>/dev/null || break
		sleep 0.1
	done
	kill -0 "$viewer" 2>/dev/null && fail "Q does not quit"
	wait "$viewer"
	status=$?
	[ "$status" = 0 ] || fail "exit status $status: $(cat "$work/view.err")"
}

# shot NAME: takes a picture; sets `sum` to what it shows
shot() {
	sleep "${settle:-0.4}"
	import -window "$window" "$shots/view-$1.png" || fail "no picture of the window"
	sum=$(convert "$shots/view-$1.png" rgb:- | cksum)
}

# changed NAME / same NAME SUM: the picture now, against the one before or that one; a busy machine may take a moment
changed() {
	before=$sum
	for attempt in 1 2 3 4 5 6 7 8; do
		shot "$1"
		[ "$sum" != "$before" ] && return
	done
	fail "$1: the picture has not changed"
}

same() {
	for attempt in 1 2 3 4 5 6 7 8; do
		shot "$1"
		[ "$sum" = "$2" ] && return
	done
	fail "$1: the picture is not what it was"
}

keys() {
	xdotool key --delay 30 "$@"
}
