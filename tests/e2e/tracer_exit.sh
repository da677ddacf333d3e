# exit() while other threads emit: the status is the program's, every time, and
# nothing is printed. Without our care LTTng's destructors crash it now and then.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

cat >runs.sh <<-'SH'
	i=0
	while [ $i -lt 150 ]; do
		"$1"
		[ $? = 7 ] || { echo "run $i: status $?"; exit 1; }
		i=$((i + 1))
	done
SH
expect 0 runs "$threadline" record -o T -- sh runs.sh "$THREADLINE_PROGRAMS/exit_while_emitting"
[ ! -s "$E2E_WORK/runs.out" ] || fail "the program's output was changed"
[ "$(count T process_begin)" -ge 150 ] || fail "the program was not recorded each time"
