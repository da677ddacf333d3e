# view --live: the picture of a session that runs grows, and stays when the session ends.
. "$THREADLINE_SOURCE/tests/e2e/view_lib.sh"
threadline=$THREADLINE_BIN/threadline
[ -x "$THREADLINE_BIN/threadline-record" ] || skip "this build has no recorder"
[ -n "${E2E_ISOLATED:-}" ] || skip "it needs root and namespaces to use the relay's ports"
command -v lttng-relayd >/dev/null || skip "lttng-relayd is not installed"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:verify_asan_link_order=0"

"$view" --live nowhere 2>usage.err && fail "a path is taken for a session"
grep -q 'takes one net://HOST' usage.err || fail "$(cat usage.err)"
display
"$threadline" relay -o R >relay.out 2>&1 &
relay=$!
for i in $(seq 100); do grep -q 'record to it' relay.out && break; sleep 0.1; done
"$threadline" record --to 127.0.0.1 -o shown -- "$THREADLINE_PROGRAMS/serves" 12 >recorded.out 2>&1 &
recorder=$!
for i in $(seq 100); do grep -q ready recorded.out && break; sleep 0.1; done
sleep 1
open_view 1000 500 --live net://127.0.0.1
picture() {
	import -window "$window" "$shots/live-$1.png" || fail "no picture"
}
# A later picture shows more: the ruler and the rows are not what they were.
sleep 2
picture one
sleep 3
picture two
cmp -s "$shots/live-one.png" "$shots/live-two.png" && fail "the picture does not grow"
wait $recorder || fail "record: $(cat recorded.out)"
# The session's end: all is read, and the picture stands still.
sleep 4
picture three
sleep 1
picture four
kill -0 "$viewer" 2>/dev/null || fail "the viewer has ended: $(cat "$work/view.err")"
xdotool mousemove 5 5
[ "$(compare -metric AE "$shots/live-three.png" "$shots/live-four.png" null: 2>&1)" -lt 500 ] || fail "the picture goes on after the end"
quits
kill -INT $relay
wait $relay
exit 0
