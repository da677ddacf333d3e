# --lossless: where a buffer is full the program waits, and nothing is missing; where it may not wait, it is refused.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:verify_asan_link_order=0"
preload=${THREADLINE_BIN%/bin}/lib/libthreadline-preload.so
bursts=$THREADLINE_PROGRAMS/bursts

expect 125 small "$threadline" record --lossless --buffer-size 32K -o small -- touch ran
says small "--lossless needs buffers of 4M at least"
[ ! -e ran ] || fail "the command ran"
expect 0 plain "$threadline" record --buffer-size 4M -o plain -- "$bursts" 2 250000
says plain "EVENTS LOST"
# By whom is said, too.
grep -q 'lost [0-9,]* of ' plain.err || fail "who has lost them is not said: $(cat plain.err)"
# On a busy machine a thread may be interrupted in the middle of an event for so long that LTTng gives up.
for try in 1 2 3; do
	expect 0 waits "$threadline" record --buffer-size 8M --lossless -o waits-$try -- "$bursts" 2 400000
	grep -q '; no events lost' waits.err && break
	cat waits.err
done
says waits "; no events lost"
[ "$(count waits-$try mark)" = 800000 ] || fail "$(count waits-$try mark) marks of 800000"
echo "with too small a buffer: $(cat waits.out), without --lossless $(cat plain.out)"
expect 0 roomy "$threadline" record -o roomy -- "$bursts" 2 30000
expect 0 wide "$threadline" record --lossless -o wide -- "$bursts" 2 30000
echo "with one that is large enough: $(cat wide.out), without --lossless $(cat roomy.out)"

# Attached, it depends on how the program was started.
LD_PRELOAD="$preload" "$THREADLINE_PROGRAMS/serves" 60 >serves.out 2>&1 &
service=$!
until_true 20 grep -q ready serves.out || fail "the service does not begin"
expect 125 refused "$threadline" record --attach --lossless --for 1s -o refused
says refused "process $service does not let LTTng wait"
says refused "LTTNG_UST_ALLOW_BLOCKING=1"
[ ! -e refused ] || fail "something was left"
kill $service
wait $service
LTTNG_UST_ALLOW_BLOCKING=1 LD_PRELOAD="$preload" "$THREADLINE_PROGRAMS/serves" 60 >serves.out 2>&1 &
service=$!
until_true 20 grep -q ready serves.out || fail "the service does not begin"
expect 0 attached "$threadline" record --attach --pid $service --lossless --for 1s -o attached
says attached "no events lost"
kill $service
wait $service
expect 125 flight "$threadline" record --flight --lossless -o flight -- true
says flight "which overwrites the oldest"
nothing_left 10
