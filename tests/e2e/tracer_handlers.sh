# Signal handlers that wait and wake inside of waits of every kind: the waits nest in the
# trace as they did, errno stays the program's, and nothing is found.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

# nests TRACE: every wait ends once, the innermost first; prints how many began inside of another
nests() {
	babeltrace2 "$1" >all
	sed -n 's/.*threadline:\(block\|start\):.* task = \(0x[0-9A-F]*\),.* wait = \([0-9]*\),.*/\1 \2 \3/p' all |
		awk '$1 == "block" { inner += depth[$2] > 0; open[$2, ++depth[$2]] = $3 }
			$1 == "start" && $3 > 0 { if (open[$2, depth[$2]--] != $3) bad++ }
			END { for (task in depth) bad += depth[task] != 0; print bad ? "bad " bad : inner }'
}

expect 0 plain "$THREADLINE_PROGRAMS/handlers" 100
expect 0 handlers "$threadline" record -o T -- "$THREADLINE_PROGRAMS/handlers"
[ "$(nests T)" = 14 ] || fail "not 14 properly nested waits but: $(nests T)"
expect 0 check "$threadline" check T
# Handlers inside of LTTng say nothing; what comes in between our own steps must not mix them up.
expect 0 storm "$threadline" record -o S -- "$THREADLINE_PROGRAMS/handlers" 2000
expect 0 check "$threadline" check S
case $(nests S) in
bad*) fail "the storm: $(nests S)" ;;
esac
