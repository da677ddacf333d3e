# exec: an image ends when it becomes another, and goes on when that fails; a vfork's
# child says nothing in its parent's name. Threads that exec ends are not stuck.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

expect 0 plain "$THREADLINE_PROGRAMS/execs"
expect 0 execs "$threadline" record -o T -- "$THREADLINE_PROGRAMS/execs"
babeltrace2 T >all
# The parent; nine forks with their second beginning after a failed exec and their targets; nine
# targets of vfork and one of posix_spawn; the last fork, whose target is not recorded.
[ "$(grep -c 'threadline:process_begin:.*/execs"' all)" = 39 ] ||
	fail "$(grep -c 'threadline:process_begin:.*/execs"' all) beginnings, not 39"
[ "$(grep -c 'threadline:process_end:.*status = -2' all)" = 19 ] || fail "not 19 images said that they become another"
[ "$(count T process_end)" = 39 ] || fail "not every beginning has an end"
# Each image has ids of its own.
nonces=$(sed -n 's/.*process_begin:.*task = 0x\([0-9A-F]*\)[0-9A-F]\{8\},.*/\1/p' all | sort -u | wc -l)
[ "$nonces" = 30 ] || fail "$nonces identities, not 30"
expect 0 check "$threadline" check T
