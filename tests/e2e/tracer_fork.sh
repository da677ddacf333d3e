# fork: the child is a process of its own in the trace; vfork works as without us.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

i=0
while [ $i -lt 10 ]; do
	expect 0 "fork$i" "$threadline" record -o "T$i" -- "$THREADLINE_PROGRAMS/forks"
	i=$((i + 1))
done
[ "$(babeltrace2 T0 | grep 'threadline:process_begin:' | grep -c '/forks"')" = 2 ] || fail "not two processes"
[ "$(babeltrace2 T0 | grep 'threadline:process_begin:' | grep -o 'task = 0x[0-9A-F]*' | sort -u | wc -l)" -ge 2 ] ||
	fail "parent and child share an identity"
# Each ends once: a vfork's child that calls _exit is not the end of its parent.
[ "$(count T0 process_end)" = "$(count T0 process_begin)" ] || fail "not every process ends once"
[ "$(count T0 create)" = 10 ] || fail "$(count T0 create) threads, not 10"
expect 0 check "$threadline" check T0
