# Contended programs, over and over: no wait may be seen to end before the unblock
# that its own numbers name: mutex, condition, semaphore, read-write lock, C11.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need python3

runs=2
[ -z "${THREADLINE_SLOW:-}" ] || runs=30
i=0
while [ $i -lt $runs ]; do
	for program in contended rwlocks c11; do
		expect 0 "$program$i" "$threadline" record -o T -- "$THREADLINE_PROGRAMS/$program" 1500
		says "$program$i" "no events lost"
		babeltrace2 --clock-seconds T | python3 -c '
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
sys.exit(1 if inverted or judged < 50 else 0)' || fail "$program: the order is wrong"
		expect 0 "$program-check$i" "$threadline" check T
		rm -rf T
	done
	i=$((i + 1))
done
