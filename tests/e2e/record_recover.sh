# What was recorded is not lost with those who record: --survive, and recover.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
# Our programs below may be built with the sanitizer, which looks for leaks of LTTng's, too, and wants to come first.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:verify_asan_link_order=0"
need_isolation "kill whatever runs"
need lttng-crash
serves=$THREADLINE_PROGRAMS/serves

# pids COMM: the processes of that name, which are all of this test's own namespace
pids() {
	for process in /proc/[0-9]*; do
		read -r comm <"$process/comm" && [ "$comm" = "$1" ] && echo "${process#/proc/}"
	done 2>/dev/null
}

gone() {
	[ -z "$(leftovers)" ]
}

# recovered NAME TRACE: all of it, judged, and nothing is left in memory
recovered() {
	expect 0 "$1.recover" "$threadline" recover "$2"
	cat "$1.recover.out"

	grep -qE '^recovered [1-9][0-9]* events from memory; with those on disk [1-9][0-9]* of 8 tasks$' "$1.recover.out" ||
		fail "$1: recover says $(cat "$1.recover.out")"
	"$threadline" check "$2" >"$1.check" 2>&1 || fail "$1: check says $?: $(cat "$1.check")"
	grep -q '^0 errors, 0 warnings' "$1.check" || fail "$1: $(cat "$1.check")"
	grep -q 'stuck begins to wait for mutex the held one' "$1.check" || fail "$1: who is stuck is missing"
	ls /dev/shm | grep -q threadline && fail "$1: memory was left: $(ls /dev/shm)"
	expect 1 "$1.twice" "$threadline" recover "$2"
	says "$1.twice" "there is nothing to recover"
}

# some_on_disk TRACE
some_on_disk() {
	[ "$(find "$1/ust" -name 'threadline_*' -size +100k | wc -l)" -gt 0 ]
}

# Everything at once, with nothing on disk yet, and with much of it there.
for size in 18M 48K; do
	"$threadline" record --survive --buffer-size $size -o "all $size" -- "$serves" 60 >"all$size.out" 2>"all$size.err" &
	until_true 20 grep -q ready "all$size.out" || fail "it does not begin"
	sleep 2
	[ $size = 18M ] || until_true 60 some_on_disk "all $size" || fail "nothing comes to disk"
	expect 1 "alive$size" "$threadline" recover "all $size"
	says "alive$size" "still being recorded"
	# Stopped first: none may act on the death of another.
	everybody="$(pids serves) $(leftovers | cut -d ' ' -f 1)"
	kill -STOP $everybody
	kill -KILL $everybody
	wait
	until_true 20 gone || fail "still running: $(leftovers)"
	recovered "all$size" "all $size"
done

# Only the session daemon and its consumer: the program does not notice, the recorder tells.
"$threadline" record --survive -o daemon -- "$serves" 4 >daemon.out 2>daemon.err &
recorder=$!
until_true 20 grep -q ready daemon.out || fail "it does not begin"
sleep 2
kill -KILL $(pids lttng-sessiond) $(pids lttng-consumerd)
wait $recorder || fail "the command ended with $?"
says daemon "did not end well"
recovered daemon daemon

# Only the program: nothing is special.
"$threadline" record --survive -o program -- "$serves" 60 >program.out 2>program.err &
recorder=$!
until_true 20 grep -q ready program.out || fail "it does not begin"
sleep 1.2
kill -KILL $(pids serves)
wait $recorder
[ $? = 137 ] || fail "the program's end is not told"
"$threadline" check program >program.check 2>&1 || fail "check says $?: $(cat program.check)"
expect 1 program2 "$threadline" recover program
ls /dev/shm | grep -q threadline && fail "memory was left: $(ls /dev/shm)"

# Only the recorder: whoever watches over it ends the recording in order.
"$threadline" record --survive -o recorder -- "$serves" 60 >recorder.out 2>recorder.err &
until_true 20 grep -q ready recorder.out || fail "it does not begin"
sleep 1.2
kill -KILL $(pids threadline-reco)
wait
nothing_left 20
kill $(pids serves)
"$threadline" check recorder >recorder.check 2>&1 || fail "check says $?: $(cat recorder.check)"
grep -q 'stuck begins to wait' recorder.check || fail "nothing was recorded: $(cat recorder.check)"
expect 1 recorder2 "$threadline" recover recorder

# A note from elsewhere leads nowhere.
mkdir made
echo /dev/shm/../../etc >made/buffers-in
expect 1 made "$threadline" recover made
says made "nothing to recover"
expect 2 none "$threadline" recover no/such/trace
