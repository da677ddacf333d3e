# pthread_t, and kernel thread ids, that are used again at once: every thread is a task of
# its own, and whoever joins one is told the right one.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

expect 0 reuse "$threadline" record -o T -- "$THREADLINE_PROGRAMS/reuse"
read -r threads ids <reuse.out
echo "used again: $threads pthread_t, $ids thread ids"
[ "$threads" -gt 10 ] || skip "this system gives no pthread_t twice"
babeltrace2 T >all
[ "$(grep 'threadline:create:' all | grep -o 'child = [0-9]*' | sort -u | wc -l)" = 600 ] || fail "not 600 tasks"
# The last detached ones may still be ending when the process does.
[ "$(grep 'threadline:exit:' all | grep -o 'task = 0x[0-9A-F]*' | sort -u | wc -l)" -ge 590 ] || fail "not 600 ends"
# Half of them are created so, half are detached later.
[ "$(grep 'threadline:detach:' all | grep -o 'child = [0-9]*' | sort -u | wc -l)" = 300 ] || fail "not 300 detached"

# The joined threads return 0, 1, 2 ..., and are joined in that order.
sed -n 's/.*threadline:exit:.* task = 0x[0-9A-F]*\([0-9A-F]\{8\}\),.* status = \([0-9A-Fx]*\),.*/exit 0x\1 \2/p
	s/.*threadline:join:.* child = \([0-9]*\).*/join \1 0/p' all |
	while read -r event task status; do
		echo "$event $((task)) $((status))"
	done >ends
awk '$1 == "exit" { status[$2] = $3 } $1 == "join" && status[$2] != n++ { bad++ }
	END { exit bad || n != 300 }' ends || fail "a join names another thread"
expect 0 check "$threadline" check T
