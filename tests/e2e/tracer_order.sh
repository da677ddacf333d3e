# Contended programs, over and over: no wait may be seen to end before the unblock
# that its own numbers name, on mutex, condition and semaphore.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need python3

runs=3
[ -z "${THREADLINE_SLOW:-}" ] || runs=30
i=0
while [ $i -lt $runs ]; do
	expect 0 "run$i" "$threadline" record -o "T$i" -- "$THREADLINE_PROGRAMS/contended" 1500
	says "run$i" "no events lost"
	babeltrace2 --clock-seconds "T$i" | python3 -c '
import re, sys
# Babeltrace prints by time: a named waker must have spoken before.
seen, judged, inverted = set(), 0, 0
for line in sys.stdin:
    kind = re.search(r"threadline:(\w+):", line).group(1)
    task = int(re.search(r"task = (0x[0-9A-F]+)", line).group(1), 16)
    seq = int(re.search(r" seq = (\d+)", line).group(1))
    if kind in ("unblock", "exit", "create"):
        seen.add((task, seq))
    if kind == "start":
        waker = int(re.search(r" waker = (\d+)", line).group(1))
        waker_seq = int(re.search(r"waker_seq = (\d+)", line).group(1))
        if waker:
            judged += 1
            inverted += ((task & ~0xFFFFFFFF) | waker, waker_seq) not in seen
print(judged, "named wakers,", inverted, "inverted")
sys.exit(1 if inverted or judged < 1000 else 0)' || fail "the order is wrong"
	expect 0 "check$i" "$threadline" check "T$i"
	rm -rf "T$i"
	i=$((i + 1))
done
