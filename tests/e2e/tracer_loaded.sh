# Libraries loaded at run time, one at the addresses of another that was unloaded: their
# stacks are told apart, and lead to function, file and line of each.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

expect 0 loads "$threadline" record -o T -- "$THREADLINE_PROGRAMS/loads"
cat loads.out
# Two threads each time, in std::thread of the library's own.
[ "$(count T create)" = 6 ] || fail "$(count T create) threads, not 6"
[ "$(babeltrace2 T | grep 'threadline:module:' | grep -c 'libloaded_a')" -ge 1 ] || fail "the first is not told"
[ "$(babeltrace2 T | grep 'threadline:module:' | grep -c 'libloaded_b')" = 1 ] || fail "the second is not told"
# Things that are never closed, with the stack that opened them: the finding is meant.
expect 1 check "$threadline" check T
for name in a b; do
	grep -q "open_here_$name.*loaded.cc:[0-9]" check.out || { cat check.out; fail "no stack of library $name"; }
done
