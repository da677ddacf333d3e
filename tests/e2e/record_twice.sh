# Two recordings at once share a daemon, do not see each other's programs, and the last ends it.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

mkfifo gate
"$threadline" record -o A -- sh -c "$bin/leaky_iterator 5; cat gate; $bin/leaky_iterator 5" >/dev/null 2>A.err &
first=$!
until_true 20 sh -c 'ls A/ust/uid/*/*/metadata >/dev/null 2>&1' || fail "the first recording does not begin"
expect 0 second "$threadline" record -o B -- "$bin/worker_pool"
[ -n "$(leftovers)" ] || fail "the daemon was ended under the first recording"
echo >gate
wait $first || fail "the first recording ended with $?"
[ "$(count A create)" = 10 ] || fail "the first saw $(count A create) creates, not 10"
[ "$(babeltrace2 B | grep -c leaky_iterator)" = 0 ] || fail "the second saw the first's program"
[ "$(count B create)" -gt 0 ] || fail "the second is empty"
nothing_left

# Many that start and end together.
for i in 1 2 3 4 5 6; do
	"$threadline" record -o M$i -- "$bin/leaky_iterator" $i >/dev/null 2>M$i.err &
	pids="${pids:-} $!"
done
for pid in $pids; do
	wait "$pid" || fail "one of many failed"
done
for i in 1 2 3 4 5 6; do
	[ "$(count M$i create)" = $i ] || fail "of many, $i has $(count M$i create) creates"
done
nothing_left
