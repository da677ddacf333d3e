# In which order locks are taken: each pair once, with where both were taken, and
# nothing of what cannot deadlock.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need python3 addr2line

program=$THREADLINE_PROGRAMS/lock_orders
expect 0 orders "$threadline" record -o T -- "$program"
says orders "no events lost"
babeltrace2 T >orders.txt
cat >judge.py <<'PYTHON'
import collections, re, subprocess, sys
program, source = sys.argv[1:]
lines = open("orders.out").read().split("\n")
names = {int(line.split()[1], 16): line.split()[0] for line in lines if line}
lines = [line.strip() for line in open(source)]
def line_of(mark):
    return 1 + next(i for i, line in enumerate(lines) if line.endswith("/* %s */" % mark))
stacks, edges, destroyed = {}, collections.defaultdict(list), []
for line in open("orders.txt"):
    field = lambda name: int(re.search(r"\b%s = (0x[0-9A-F]+|\d+)" % name, line).group(1), 0)
    numbers = lambda: [int(n, 16) for n in re.findall(r"\[\d+\] = (0x[0-9A-F]+)", line)]
    if "threadline:stack:" in line:
        stacks[field("task") >> 32, field("id")] = numbers()
    if "threadline:destroy:" in line:
        destroyed.append(names.get(field("object")))
    if "threadline:lock_edge:" in line:
        a, b, process = field("a"), field("b"), field("task") >> 32
        pair = (names.get(a & ~1, "other"), names.get(b & ~1, "other"))
        edges[process, pair].append((a & 1, field("how"), stacks[process, field("stack_a")],
                                     stacks[process, field("stack_b")], [names.get(n & ~1, "other") for n in numbers()]))
def where(pc):
    out = subprocess.run(["addr2line", "-e", program, hex(pc - 1)], capture_output=True, text=True).stdout
    return int(out.rsplit(":", 1)[1].split()[0])
def check(condition, *what):
    if not condition:
        sys.exit("wrong: " + " ".join(map(str, what)))
parent, child = (process for process in dict.fromkeys(process for process, _ in edges))
pairs = {pair for process, pair in edges if process == parent}
other = ("other", "other")
wanted = {("outer", "inner"), ("outer", "after"), ("tried", "after"), ("again", "outer"), ("waits", "kept"),
          ("kept", "waits"), ("shared", "after"), ("helped0", "helped1"), ("first", "other"), other}
check(pairs == wanted, "pairs", sorted(pairs ^ wanted))
check({pair for process, pair in edges if process == child} == {("outer", "inner")}, "the child's pairs")
# Each place was passed a hundred times: told at once, and again with the whole stack.
for pair in pairs - {("first", "other"), other}:
    told = edges[parent, pair]
    check(1 <= len(told) <= 3, pair, "told", len(told), "times")
    check(told[-1][1] == 0, pair, "is never told with the stack of what was held")
    check(told[-1][4][-1] == pair[0] or pair[0] in told[-1][4], pair, "held", told[-1][4])
last = edges[parent, ("outer", "inner")][-1]
check(where(last[2][0]) == line_of("outer taken") and where(last[3][0]) == line_of("inner taken"), "where both were taken")
last = edges[parent, ("helped0", "helped1")][-1]
check(where(last[2][1]) == line_of("helped[0] taken"), "the caller of the helper", where(last[2][1]))
check(where(last[3][1]) == line_of("helped[1] taken"), "the caller of the second helper")
check(edges[parent, ("shared", "after")][0][0] == 1, "a reader's hold is not told as shared")
check(edges[parent, ("outer", "after")][-1][4] == ["outer", "tried"], "all locks held", edges[parent, ("outer", "after")])
check(0 < len(edges[parent, other]) < 200, len(edges[parent, other]), "orders of one place in the code")
check(destroyed == ["inner"], "destroyed", destroyed)
PYTHON
python3 judge.py "$program" "$THREADLINE_SOURCE/tests/e2e/programs/lock_orders.c" || fail "the orders are wrong"
expect 0 check "$threadline" check T

expect 0 without "$threadline" record --no-lock-order -o W -- "$program"
[ "$(count W lock_edge)" = 0 ] || fail "--no-lock-order tells orders"
