# A daemon that was there is used and left alone; one that dies, or a recorder that is killed, hangs nobody.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

pid_of() {
	leftovers | sed -n "s/ $1\$//p" | head -n 1
}

lttng-sessiond --daemonize --no-kernel 2>/dev/null || fail "cannot start a daemon"
expect 0 theirs "$threadline" record -o T -- "$bin/worker_pool"
[ "$(count T create)" -gt 0 ] || fail "nothing recorded through a daemon that was there"
daemon=$(pid_of lttng-sessiond)
[ -n "$daemon" ] || fail "somebody else's daemon was ended"
kill "$(cat /run/lttng/lttng-sessiond.pid 2>/dev/null || cat "$HOME/.lttng/lttng-sessiond.pid")"
nothing_left 20

# The daemon is killed while we record: the command's status, and the reason.
"$threadline" record -o D -- sh -c "$bin/worker_pool >/dev/null; sleep 3; exit 5" 2>died.err &
recorder=$!
until_true 20 sh -c 'ls D/ust/uid/*/*/metadata >/dev/null 2>&1' || fail "the recording does not begin"
for pid in $(leftovers | sed -n 's/ lttng-.*//p'); do
	kill -KILL "$pid" 2>/dev/null
done
wait $recorder
[ $? = 5 ] || fail "the daemon died: status $?, not the command's"
says died "did not end well"
nothing_left 20

# The recorder is killed: the recording ends in order, its daemon goes.
"$threadline" record -o K -- sh -c "$bin/leaky_iterator 4 >/dev/null; echo ready >ready; exec sleep 30" 2>killed.err &
recorder=$!
until_true 20 test -s ready || fail "the command does not begin"
kill -KILL $recorder
nothing_left 30
[ "$(count K create)" = 4 ] || fail "killed recorder: $(count K create) creates, not 4"
