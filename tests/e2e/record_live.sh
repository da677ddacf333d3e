# check --live: a session is followed while it runs, from its beginning or from the middle, to its end or to Ctrl+C.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need lttng-relayd
need_isolation "use the relay's ports"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:verify_asan_link_order=0"
serves=$THREADLINE_PROGRAMS/serves

expect 2 nobody "$threadline" check --live net://127.0.0.1
says nobody "no relay daemon answers at net://127.0.0.1:5344"
expect 2 address "$threadline" check --live somewhere
says address "--live takes net://HOST"
expect 2 option "$threadline" check net://127.0.0.1
says option "give --live"

"$threadline" relay -o R >relay.out 2>relay.err &
relay=$!
until_true 20 grep -q 'record to it' relay.out || fail "the relay does not begin: $(cat relay.err)"

# Before there is a session, to its end: everything is in it, as in the trace that the relay wrote.
"$threadline" check --live net://127.0.0.1 >early.out 2>early.err &
early=$!
until_true 10 grep -q 'waiting for a session' early.err || fail "it does not wait: $(cat early.err)"
expect 0 whole "$threadline" record --to 127.0.0.1 -o whole -- "$serves" 4
wait $early || fail "early says $?: $(cat early.err early.out)"
grep -q '^0 errors, 0 warnings' early.out || fail "early: $(cat early.out)"
expect 0 written "$threadline" check R
[ "$(tail -n 2 early.out | grep -o '[0-9]* events of [0-9]* tasks')" = "$(tail -n 2 written.out | grep -o '[0-9]* events of [0-9]* tasks')" ] ||
	fail "what was followed is not what was written: $(tail -n 2 early.out written.out)"

# From the middle: who is there is told again, and who is stuck is known. Ctrl+C ends it, with the report.
"$threadline" record --live -o middle -- "$serves" 40 >middle.out 2>middle.err &
recorder=$!
until_true 20 grep -q ready middle.out || fail "it does not begin: $(cat middle.err)"
sleep 2
"$threadline" check --live net://127.0.0.1/host/$(hostname)/middle --format json >late.out 2>late.err &
late=$!
sleep 13
expect 2 second "$threadline" check --live net://127.0.0.1/middle
says second "is followed already"
kill -INT $late
wait $late
case $? in 0 | 3) ;; *) fail "late says $?: $(cat late.err late.out)" ;; esac
says late "what comes later in the session was not looked at"
grep -q '"never-unblocked"' late.out || fail "who is stuck is not reported: $(cat late.out)"
grep -q '"severity": "error"' late.out && fail "late: $(cat late.out)"
grep -q '"severity": "warning"' late.out && fail "late: $(cat late.out)"
# The relay goes in the middle of being looked at: what came before is reported.
"$threadline" check --live net://127.0.0.1 >cut.out 2>cut.err &
cut=$!
sleep 3
kill -KILL $(cat /proc/$relay/task/$relay/children)
wait $relay && fail "the relay does not say that its daemon has gone"
wait $cut
[ $? = 2 ] || fail "cut off, check says $?: $(cat cut.err cut.out)"
grep -q 'before the trace could not be read on' cut.out || fail "cut: $(cat cut.out)"
expect 0 stop "$threadline" stop
kill $recorder
wait $recorder

# Findings are told as they are proven, before the end. What the first relay said must not be taken for this one's.
: >relay.out
"$threadline" relay -o R >relay.out 2>relay.err &
relay=$!
until_true 20 grep -q 'record to it' relay.out || fail "the relay does not begin again: $(cat relay.err)"
"$threadline" check --live net://127.0.0.1 >found.out 2>found.err &
found=$!
"$threadline" record --to 127.0.0.1 -o found -- sh -c "$THREADLINE_PROGRAMS/misuses; sleep 8" >found.rec 2>&1 &
recorder=$!
until_true 20 grep -q 'error: ' found.err || fail "nothing is told: $(cat found.err found.rec)"
kill -0 $recorder || fail "it was told after the end"
kill -0 $found || fail "check has ended"
wait $recorder
wait $found
[ $? = 1 ] || fail "found says $?: $(cat found.err)"
kill -INT $relay
wait $relay || fail "relay says $?"
nothing_left 30
