# A service under load below the flight recorder, and 20 snapshots: each is judged, and nobody's memory grows.
# THREADLINE_SLOW: ten minutes instead of half a one; SOAK_SECONDS: as long as you like.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need memcached
requests=${THREADLINE_PROGRAMS%/tests/programs}/tests/bench/requests
[ -x "$requests" ] || skip "the load generator was not built"
seconds=${SOAK_SECONDS:-$([ -n "${THREADLINE_SLOW:-}" ] && echo 600 || echo 30)}
port=7911 snapshots=20

# Resident KiB of the processes whose names begin so; those that are there for a call only come and go.
resident() {
	kib=0
	for process in /proc/[0-9]*; do
		read -r comm <"$process/comm" || continue
		case $comm in
		$1*) kib=$((kib + $(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "$process/status" | head -n 1))) ;;
		esac
	done 2>/dev/null
	echo "$kib"
}

"$threadline" record --flight --keep 4M -o F -- memcached -u nobody -l 127.0.0.1 -p $port -t 4 >memcached.out 2>F.err &
recorder=$!
until_true 20 "$requests" $port 1 1 >/dev/null 2>&1 || fail "memcached does not answer"
(while kill -0 $recorder 2>/dev/null; do "$requests" $port 8 2000 >/dev/null 2>&1 || sleep 0.1; done) &
load=$!
for i in $(seq $snapshots); do
	sleep $((seconds / snapshots + 1))
	expect 0 "snapshot$i" "$threadline" snapshot "s$i"
	"$threadline" check "F/s$i" >"s$i.check" 2>&1
	status=$?
	grep -qE '^0 errors' "s$i.check" && [ $status -le 1 ] || fail "snapshot $i: check says $status: $(cat "s$i.check")"
	rm -rf "F/s$i"
	# What a program takes at first is no growth.
	[ $i = 5 ] && early="$(resident memcached) $(resident threadline-)"
	echo "snapshot $i: memcached $(resident memcached) KiB, recorder $(resident threadline-) KiB: $(tail -n 2 "s$i.check" | head -n 1)"
done
kill $load 2>/dev/null
set -- $early
[ "$(resident memcached)" -le $(($1 + $1 / 5 + 2048)) ] || fail "memcached grew from $1 to $(resident memcached) KiB"
[ "$(resident threadline-)" -le $(($2 + $2 / 5 + 1024)) ] || fail "the recorder grew from $2 to $(resident threadline-) KiB"
kill $recorder
wait $recorder
says F "20 snapshots"
nothing_left 10
