# Threads that nobody saw being created are adopted, and their end is seen; so is
# what becomes of a process that turns into a daemon inside the C library.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

expect 0 unseen "$threadline" record -o T -- sh -c "'$THREADLINE_PROGRAMS/unseen_threads'; sleep 0.5"
[ "$(count T exit)" = 51 ] || fail "$(count T exit) ends of threads, not 51"
daemon=$(babeltrace2 T | grep 'threadline:exit:' | tail -n 1 | grep -o 'task = 0x[0-9A-F]\{8\}')
babeltrace2 T | grep -F "$daemon" >daemon.txt
[ "$(grep -c 'seq = 1, pid' daemon.txt)" = 1 ] || fail "the daemon does not begin"
grep -q 'threadline:start: .*seq = 2, wait = 0' daemon.txt || fail "the daemon's thread does not run"
expect 0 check "$threadline" check T
