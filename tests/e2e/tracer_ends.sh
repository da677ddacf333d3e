# How a process ends: in order, said once and after everything else; or by a signal, when
# nothing is said. And children that nobody was told of do not speak in their parent's name.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

# ends STATUS HOW ENDS CREATES
ends() {
	expect "$1" "$2" "$threadline" record -o "$2" -- "$THREADLINE_PROGRAMS/ends" "$2"
	[ "$(count "$2" process_end)" = "$3" ] || fail "$2: $(count "$2" process_end) ends, not $3"
	[ "$(count "$2" create)" = "$4" ] || fail "$2: $(count "$2" create) threads, not $4"
}

ends 3 quick_exit 1 4
babeltrace2 quick_exit | tail -n 1 | grep -q 'threadline:process_end:' || fail "something comes after the end"
ends 4 exit_group 1 2
babeltrace2 exit_group | grep -q 'process_end:.*status = 4' || fail "the status is not told"
ends 134 abort 0 2
ends 139 segv 0 2
for how in quick_exit exit_group abort segv; do
	expect 0 check "$threadline" check "$how"
done

# The parent of daemon() ends inside of libc.
touch working
expect 0 daemon "$threadline" record -o daemon -- sh -c '"$1" daemon && while [ -e working ]; do sleep 0.05; done; sleep 0.2' \
	- "$THREADLINE_PROGRAMS/ends"
parent=$(babeltrace2 daemon | grep 'threadline:process_begin:.*/ends"' | head -n 1 | grep -o '0x[0-9A-F]*' | head -n 1)
babeltrace2 daemon | grep -q "process_end:.*task = $parent,.*status = 0" || fail "the parent of daemon() does not end"
[ "$(babeltrace2 daemon | grep -c 'threadline:process_begin:.*/ends"')" = 2 ] || fail "the daemon is not a process of its own"
expect 0 check "$threadline" check daemon

# Four times two threads of the parent's, and two of fork's child.
ends 0 unheard 2 10
[ "$(count unheard process_begin)" = 2 ] || fail "not two processes"
expect 0 check "$threadline" check unheard
