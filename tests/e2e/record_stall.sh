# LTTng that does not answer: the snapshot fails in time and says so, and a fresh session takes the place of the old.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
[ -n "${THREADLINE_SLOW:-}" ] || { echo "SKIP: it waits for more than a minute (--slow)"; exit 77; }
need_isolation "stop LTTng's consumer"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:verify_asan_link_order=0"

consumer() {
	for process in /proc/[0-9]*; do
		read -r comm <"$process/comm" && [ "$comm" = lttng-consumerd ] && echo "${process#/proc/}"
	done 2>/dev/null
}

"$threadline" record --flight --keep 2M -o F -- "$THREADLINE_PROGRAMS/serves" 300 >F.out 2>F.err &
recorder=$!
until_true 20 grep -q ready F.out || fail "it does not begin"
expect 0 before "$threadline" snapshot before
kill -STOP $(consumer)
(sleep 65; kill -CONT $(consumer)) &
expect 1 stalled "$threadline" snapshot stalled
says stalled "cannot save a snapshot"
until_true 60 grep -q 'a fresh one goes on' F.err || fail "it was not replaced: $(cat F.err)"
sleep 3
expect 0 after "$threadline" snapshot after
"$threadline" check F/after >after.check 2>&1 || fail "check says $?: $(cat after.check)"
grep -q '^0 errors, 0 warnings' after.check || fail "after: $(cat after.check)"
grep -q 'stuck begins to wait for mutex the held one' after.check || fail "who is stuck is not in the fresh one"
kill $recorder
wait $recorder
nothing_left 30
[ -z "$(ls -A F | grep taking)" ] || fail "what was given up is still there: $(ls -A F)"
