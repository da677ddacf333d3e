# Programs whose results the tracer could change: nothing of them may differ, and none may crash or hang.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

for program in pending_cancel odd_calls own_handle allocates plugin; do
	expect 0 "plain-$program" timeout 60 "$THREADLINE_PROGRAMS/$program"
	expect 0 "$program" timeout 60 "$threadline" record -o "T-$program" -- timeout 40 "$THREADLINE_PROGRAMS/$program"
done
for how in alone detached joined; do
	expect 0 "leaves-$how" timeout 60 "$threadline" record -o "T-leaves-$how" -- timeout 20 "$THREADLINE_PROGRAMS/main_leaves" $how
done
expect 0 takes_numbers "$threadline" record -o T-numbers -- "$THREADLINE_PROGRAMS/takes_numbers" "$E2E_WORK/own"
[ "$(stat -c %s own)" = 0 ] || fail "somebody wrote into the program's file"
nothing_left
