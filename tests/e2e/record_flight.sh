# --flight: only the latest is kept, in memory; snapshots are traces of their own that can be judged.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
# Our programs below may be built with the sanitizer, which looks for leaks of LTTng's, too, and wants to come first.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:verify_asan_link_order=0"
preload=${THREADLINE_BIN%/bin}/lib/libthreadline-preload.so
serves=$THREADLINE_PROGRAMS/serves

# checked NAME TRACE: nothing wrong is found, and nothing is missing
checked() {
	"$threadline" check "$2" >"$1.check" 2>&1 || fail "$1: check says $?: $(cat "$1.check")"
	grep -q '^0 errors, 0 warnings' "$1.check" || fail "$1: $(cat "$1.check")"
}

# stuck NAME: who waits for the held mutex is in it, with the stack from the very beginning
stuck() {
	grep -q 'stuck begins to wait for mutex the held one' "$1.check" || fail "$1: who is stuck is missing: $(cat "$1.check")"
	grep -q 'at get_stuck .*serves.c' "$1.check" || fail "$1: where it is stuck is missing"
}

# Nothing is written but snapshots; the third is of memory that has been overwritten several times.
"$threadline" record --flight --keep 512K -o "F 100% 'odd'" -- "$serves" 60 >F.out 2>F.err &
recorder=$!
until_true 20 grep -q ready F.out || fail "it does not begin"
[ -z "$(ls "F 100% 'odd'")" ] || fail "something was written before a snapshot"
sleep 1.2
expect 0 one "$threadline" snapshot one
[ "$(cat one.out)" = "$(pwd)/F 100% 'odd'/one" ] || fail "snapshot says $(cat one.out)"
checked one "F 100% 'odd'/one"
stuck one
sleep 12
expect 0 again "$threadline" snapshot one
checked again "F 100% 'odd'/one-2"
stuck again
babeltrace2 "F 100% 'odd'/one-2" >again.txt 2>/dev/null
grep -q 'threadline:create:' again.txt && fail "the memory was not overwritten: the test shows nothing"
grep -q 'threadline:dump_end:' again.txt || fail "the dump is not whole"
# A path to the folder is one to the latest, and names the others.
expect 0 latest "$threadline" check "F 100% 'odd'"
says latest "one-2, the latest snapshot (others: one)"
kill -USR2 $recorder
until_true 20 grep -q SIGUSR2 F.err || fail "no snapshot on SIGUSR2"
kill -USR2 $recorder
expect 1 name "$threadline" snapshot --recording 999999 x
says name "no such recording"
expect 2 slash "$threadline" snapshot ../x
expect 0 status "$threadline" status
grep -q 'what: .*serves, flight recorder' status.out || fail "status: $(cat status.out)"
expect 0 stop "$threadline" stop
kill -0 $recorder || fail "stop ended the command"
expect 1 none "$threadline" snapshot
kill $recorder
wait $recorder
[ $? = 143 ] || fail "the command's end is not told"
[ "$(cat "F 100% 'odd'/snapshots" | wc -l)" = 3 ] || fail "--at-most did not hold: $(cat "F 100% 'odd'/snapshots")"
says F "3 snapshots, 1 more not taken (--at-most)"
nothing_left 5

# By themselves: a task waits for a mutex for too long, and the command dies of a signal.
expect 134 crash "$threadline" record --flight --keep 1M --on-block 2s -o G -- "$serves" 12 crash
says crash "has waited for"
says crash "died of signal 6 (Aborted)"
[ "$(ls G | grep -c blocked)" = 1 ] && [ "$(ls G | grep -c died)" = 1 ] || fail "snapshots: $(ls G)"
checked blocked G/*-blocked
stuck blocked
checked died G/*-died
stuck died

# What waits as workers do is no reason, unless it is named.
expect 0 idle "$threadline" record --flight --keep 1M --on-block 1s --on-block-reasons cond --at-most 1s -o H -- "$serves" 8
says idle "has waited for"

# Attached: the service goes on, and its end is told by a snapshot.
LD_PRELOAD="$preload" "$serves" 12 >I.ready 2>&1 &
service=$!
until_true 20 grep -q ready I.ready || fail "the service does not begin"
"$threadline" record --flight --keep 1M --attach --pid $service -o I >I.out 2>I.err &
recorder=$!
until_true 20 grep -q 'Ctrl+C ends' I.err || fail "it does not begin"
sleep 1
expect 0 attached "$threadline" snapshot now
checked attached I/now
stuck attached
wait $service || fail "the service ended with $?"
wait $recorder || fail "the recording ended with $?"
says I "a process has gone: snapshot"
checked gone I/*-gone

# What does not fit is told before the command runs.
expect 125 keep "$threadline" record --flight --keep 4G -o K -- touch ran
says keep "--keep is too large"
expect 125 little "$threadline" record --flight --keep 4K -o K -- touch ran
says little "--keep must be at least"
expect 125 alone "$threadline" record --on-block 5s -o K -- touch ran
says alone "is for --flight"
expect 125 reason "$threadline" record --flight --on-block 5s --on-block-reasons tea -o K -- touch ran
says reason "no reason 'tea'"
[ ! -e ran ] && [ ! -e K ] || fail "something was left"
nothing_left 5
