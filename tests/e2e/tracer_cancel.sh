# Cancellation inside a wait: the program's cleanup handlers run, and the trace
# says that the wait was cancelled.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

expect 0 cancel "$threadline" record -o T -- "$THREADLINE_PROGRAMS/cancels"
[ "$(babeltrace2 T | grep 'threadline:start:' | grep -c '"cancelled"')" = 3 ] || fail "not three cancelled waits"
# By whom: each says so before it asks.
[ "$(babeltrace2 T | grep "cancelled" | grep -c " waker = [1-9]")" = 3 ] || fail "who cancelled is not named"
expect 0 check "$threadline" check T
