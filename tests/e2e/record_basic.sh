# A recording holds what the program did, is told once, and leaves nothing running.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

expect 0 plain "$threadline" record -o T -- "$bin/leaky_iterator" 3
[ "$(cat "$E2E_WORK/plain.out")" = "$("$bin/leaky_iterator" 3)" ] || fail "the program's output was changed"
[ "$(count T process_begin)" = 1 ] || fail "no process_begin in the trace"
[ "$(count T create)" = 3 ] || fail "$(count T create) creates, not 3"
[ "$(grep -c 'recorded' "$E2E_WORK/plain.err")" = 1 ] || fail "not one summary"
says plain "no events lost"
says plain "threadline check T"
nothing_left
[ "$(stat -c %a T)" = 700 ] || fail "others can read the trace"

# Without -o: a name of its own, unique even within a second, in the current folder.
expect 0 first "$threadline" record -- "$bin/worker_pool"
expect 0 second "$threadline" record -- "$bin/worker_pool"
set -- threadline-worker_pool-*
[ $# = 2 ] || fail "two recordings, $# folders: $*"

# stdin is the program's.
echo hello | "$threadline" record -o S -- cat >S.out 2>S.err
[ "$(cat S.out)" = hello ] || fail "stdin did not reach the program"

# A caller without standard streams: the program has none either.
"$threadline" record -o N -- sh -c 'for n in 0 1; do [ ! -e /proc/self/fd/$n ] || exit 9; done' <&- >&- 2>none.err || fail "closed streams: status $?"
says none "no events lost"
grep -q "not counted" none.err && fail "closed streams disturb the recorder"

# A descendant is recorded too, whatever starts it.
expect 0 child "$threadline" record -o C -- sh -c "env $bin/worker_pool"
babeltrace2 C | grep process_begin | grep -q worker_pool || fail "the child was not recorded"
nothing_left
