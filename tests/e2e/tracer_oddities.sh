# What programs do rarely: they do it as without us, and the trace is right.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

program=$THREADLINE_PROGRAMS/oddities
library=$(dirname "$THREADLINE_BIN")/lib/libthreadline-preload.so
for what in nameless many anew helper futex cancelled; do
	expect 0 $what timeout 60 "$threadline" record --sleep -o T-$what -- "$program" $what
	says $what "no events lost"
	expect 0 check-$what "$threadline" check T-$what
	babeltrace2 T-$what >$what.txt
done
grep -q "still here" nameless.out || fail "the process ended before its last thread"
for what in many anew; do
	grep -q "threadline:exit:" $what.txt || fail "$what: no exit"
	grep "threadline:exit:" $what.txt | grep -v "held_count = 0" && fail "$what: a lock counts as held that is not"
done
# Two ways, each told with the whole stack of what was held.
read -r x y <helper.out
x=$(echo "${x#0x}" | tr a-f A-F) y=$(echo "${y#0x}" | tr a-f A-F)
for pair in "$x, b = 0x$y" "$y, b = 0x$x"; do
	grep "threadline:lock_edge:" helper.txt | grep "a = 0x$pair" | grep -q "how = 0" || fail "not told: $pair"
done
[ "$(grep -c "threadline:lock_edge:" helper.txt)" -lt 1000 ] || fail "too many orders told of one helper"

# Every kind of mutex says what it says without us, idle and recorded.
robust=$THREADLINE_PROGRAMS/robust
expect 0 plain "$robust"
[ ! -e "$library" ] || LD_PRELOAD=$library expect 0 idle "$robust"
expect 0 recorded timeout 60 "$threadline" record -o T-robust -- "$robust"
for how in idle recorded; do
	[ ! -e $how.out ] || cmp plain.out $how.out || fail "mutexes answer otherwise when $how"
done
