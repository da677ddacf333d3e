# C++20: what stands on futexes is seen, wakers are named, and nothing is wrong.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

expect 0 run "$threadline" record -o T -- "$THREADLINE_PROGRAMS/cxx20"
[ "$(babeltrace2 T | grep 'threadline:block:' | grep -c '"futex"')" -ge 20 ] || fail "the futex waits are not in the trace"
[ "$(babeltrace2 T | grep 'threadline:unblock:' | grep -c '"futex"')" -ge 20 ] || fail "the futex wakes are not in the trace"
expect 0 check "$threadline" check T
grep -q '^0 errors, 0 warnings' "$E2E_WORK/check.out" || fail "findings on a correct program"
