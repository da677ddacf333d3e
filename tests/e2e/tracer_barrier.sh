# Barriers: everyone arrives, nobody starts before all of its round have. once: only
# those who find another at work wait. Spin locks: a long wait is told, with its waker.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need python3

expect 0 run "$threadline" record -o T -- "$THREADLINE_PROGRAMS/barriers" 300
says run "no events lost"
babeltrace2 --clock-seconds T | python3 -c '
import re, sys
# By time: a barrier wait may end only once all four of its round have arrived.
arrived, waits, reasons, early = {}, {}, {}, 0
for line in sys.stdin:
    kind = re.search(r"threadline:(\w+):", line).group(1)
    task = re.search(r"task = (0x[0-9A-F]+)", line).group(1)
    if kind == "arrive":
        key = (re.search(r"object = (0x[0-9A-F]+)", line).group(1), int(re.search(r"round = (\d+)", line).group(1)))
        arrived[key] = arrived.get(key, 0) + 1
        waits[task] = key
    if kind == "block":
        reason = re.search(r"reason = \( \"([a-z-]+)\"", line).group(1)
        reasons[reason] = reasons.get(reason, 0) + 1
        if reason != "barrier":
            waits.pop(task, None)
    if kind == "start" and task in waits:
        early += arrived[waits.pop(task)] < 4
print(len(arrived), "rounds,", early, "early,", reasons)
sys.exit(0 if early == 0 and len(arrived) == 301 and all(n == 4 for n in arrived.values()) and reasons["once"] == 3 and reasons.get("spin", 0) >= 1 else 1)' ||
	fail "the order is wrong"
expect 0 check "$threadline" check T
