# Jumping out of a wait ends it, also in the trace: by longjmp at the jump, by other
# ways at the thread's next wait. Afterwards nobody counts as a waiter.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

expect 0 plain "$THREADLINE_PROGRAMS/jumps"
for program in jumps jumps_checked; do
	expect 0 "$program" "$threadline" record -o "$program" -- "$THREADLINE_PROGRAMS/$program"
	babeltrace2 "$program" >all
	# Four plain ones, two of two waits each, a condition, one by setcontext.
	[ "$(grep 'threadline:misuse:' all | grep -c '"abandoned-wait"')" = 10 ] || fail "$program: not ten abandoned waits"
	[ "$(grep 'threadline:start:' all | grep -c '"interrupted"')" -ge 10 ] || fail "$program: they are not ended"
	[ "$(count "$program" block)" = "$(grep 'threadline:start:' all | grep -vc 'wait = 0,')" ] ||
		fail "$program: a wait has no end, or two"
	# Nine answers and that of jump_inside: those without waiters are not in the trace.
	posts=$(grep 'threadline:unblock:' all | grep -c '"semaphore"')
	[ "$posts" = 10 ] || fail "$program: $posts posts that found a waiter, not 10"
	# Nothing else is wrong with it.
	expect 1 check "$threadline" check "$program"
	! grep -E '^(error|warning):' check.out | grep -v 'abandoned-wait' || fail "$program: other findings than its jumps"
done
