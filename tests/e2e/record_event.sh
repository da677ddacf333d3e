# --on-event: a snapshot when LTTng sees an event of the user's choice, of our programs and no others, and no more often than it may.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:verify_asan_link_order=0"
preload=${THREADLINE_BIN%/bin}/lib/libthreadline-preload.so
serves=$THREADLINE_PROGRAMS/serves

expect 0 misuse "$threadline" record --flight --keep 1M --on-event threadline:misuse -o A -- sh -c "sleep 0.5; '$THREADLINE_PROGRAMS/misuses'; sleep 1"
says misuse ": threadline:misuse: snapshot A/"
[ "$(ls A | grep -c -- '-event$')" = 1 ] || fail "snapshots: $(ls A)"
"$threadline" check A >misuse.check 2>&1
grep -q 'misuse' misuse.check || fail "the snapshot does not show it: $(cat misuse.check)"

# With a filter: only waits for a condition, at most one in so many seconds.
expect 0 filter "$threadline" record --flight --keep 1M --on-event 'threadline:block reason == 4' --at-most 1s -o B -- "$serves" 4
n=$(ls B | grep -c -- '-event')
[ "$n" -ge 2 ] && [ "$n" -le 5 ] || fail "$n snapshots in 4 seconds, one a second at most"
says filter "more not taken (--at-most)"
expect 0 never "$threadline" record --flight --keep 1M --on-event 'threadline:block reason == 200' -o C -- "$serves" 1
says never "0 snapshots"

# Events of other programs of the user's do not count.
LD_PRELOAD="$preload" "$serves" 60 >other.out 2>&1 &
other=$!
until_true 20 grep -q ready other.out || fail "the other one does not begin"
expect 0 others "$threadline" record --flight --keep 1M --on-event threadline:block -o D -- sleep 3
says others "0 snapshots"
kill $other
wait $other

expect 125 nonsense "$threadline" record --flight --on-event 'threadline:block reason ===' -o E -- touch ran
says nonsense "LTTng does not take 'threadline:block' with the filter 'reason ==='"
expect 125 empty "$threadline" record --flight --on-event '' -o E -- touch ran
expect 125 alone "$threadline" record --on-event threadline:block -o E -- touch ran
says alone "--on-event is for --flight"
[ ! -e ran ] && [ ! -e E ] || fail "something was left"
nothing_left 10
