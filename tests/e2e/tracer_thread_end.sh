# Threads that end together go through LTTng's own locks, in its destructors: none may be traced.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

for run in 1 2 3; do
	expect 0 "run$run" timeout 100 "$threadline" record -o "T$run" -- "$THREADLINE_PROGRAMS/threads_end"
	[ "$(count "T$run" exit)" -ge 4800 ] || fail "$(count "T$run" exit) exits, not 4800"
	rm -rf "T$run"
done
nothing_left
