# Blocking calls and sleeps: each that has to wait is in the trace once, each
# that need not is not, and the results are those of the system. The numbers
# count what programs/blocks_in_calls.c says is a wait.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

# number PATTERN WANTED: so many lines of events.txt
number() {
	[ "$(grep -c "$1" events.txt)" = "$2" ] || fail "$trace: $(grep -c "$1" events.txt) of '$1', not $2"
}

# recorded TRACE PROGRAM OPTION...
recorded() {
	trace=$1
	program=$THREADLINE_PROGRAMS/$2
	shift 2
	expect 0 "$trace" timeout 120 "$threadline" record "$@" -o "$trace" -- "$program"
	[ "$(sed '/^threadline:/d' "$trace.err")" = "" ] || fail "$trace: something was printed"
	expect 0 "check-$trace" "$threadline" check "$trace"
	grep -q '^0 errors, 0 warnings, 0 info' "check-$trace.out" || fail "$trace: check has found something"
	babeltrace2 "$trace" 2>/dev/null | grep -E 'threadline:(block|start|schedule):' >events.txt
}

# waits IO SIGNAL CHILD SLEEP YIELD
waits() {
	number 'block: .*reason = ( "io"' "$1"
	number 'block: .*reason = ( "signal"' "$2"
	number 'block: .*reason = ( "child"' "$3"
	number 'block: .*reason = ( "sleep"' "$4"
	number 'block:' $(($1 + $2 + $3 + $4))
	number 'schedule: .*reason = ( "yield"' "$5"
	number 'start: .*wait = 0, .*cause = ( "ready"' "$5"
}

# causes READY TIMEOUT INTERRUPTED CANCELLED
causes() {
	number 'start: .*wait = [1-9].*cause = ( "ready"' "$1"
	number 'start: .*cause = ( "timeout"' "$2"
	number 'start: .*cause = ( "interrupted"' "$3"
	number 'start: .*cause = ( "cancelled"' "$4"
}

cd "$E2E_WORK" || exit 1
expect 0 plain timeout 60 "$THREADLINE_PROGRAMS/blocks_in_calls"
for program in blocks_in_calls blocks_in_calls_fortified; do
	recorded "T-$program" $program --io --sleep
	waits 52 6 5 13 2
	causes 40 19 14 3
	# All but select and pselect, twice each, wait for one descriptor; two of the
	# children are waited for by their number, one of them with waitid.
	number 'block: .*object = 0xFD000000000000' 48
	number 'block: .*object = 0xFC000000' 2
	number 'block: .*timeout_ns = 120000000,' 17
	number 'block: .*timeout_ns = 1000000000,' 1
done
recorded T-io blocks_in_calls --io
waits 52 6 5 0 0
# Who leaves its wait by a jump is told by the jump itself.
causes 40 9 12 2
recorded T-sleep blocks_in_calls --sleep
waits 0 0 0 13 2
causes 0 10 2 1
recorded T-none blocks_in_calls
waits 0 0 0 0 0
nothing_left
