# Programs that close every descriptor are recorded on, and nothing of the
# tracer's ends up in files that they open afterwards.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

for how in loop closefrom range by_syscall range_by_syscall; do
	expect 0 "$how" "$threadline" record -o "T-$how" -- "$THREADLINE_PROGRAMS/close_everything" "$how" "$E2E_WORK/own"
	[ "$(stat -c %s own)" = 0 ] || fail "$how: somebody wrote into the program's file"
	rm -f own
	[ "$(count "T-$how" exit)" = 2 ] || fail "$how: nothing is recorded after the descriptors were closed"
done
