# Programs built with sanitizers run under the recorder as without it: same status, nothing
# reported, and their events are there.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

built=0
for compiler in gcc clang; do
	for sanitizer in address thread undefined; do
		program=$E2E_WORK/$compiler-$sanitizer
		"$compiler" -g -O1 -fsanitize=$sanitizer "$THREADLINE_SOURCE/tests/e2e/programs/contended.c" -o "$program" \
			-pthread 2>/dev/null || continue
		# Some kernels place memory where an older ThreadSanitizer cannot run at all.
		"$program" 10 >/dev/null 2>&1 || continue
		built=$((built + 1))
		name=$compiler-$sanitizer
		expect 0 "$name" "$threadline" record -o "T$name" -- "$program" 100
		grep -q Sanitizer "$E2E_WORK/$name.err" && fail "$name: a report that is ours"
		[ "$(count "T$name" create)" = 4 ] || fail "$name: $(count "T$name" create) threads, not 4"
		[ "$(count "T$name" exit)" = 4 ] || fail "$name: $(count "T$name" exit) of them ended, not 4"
		[ "$(count "T$name" block)" -gt 20 ] || fail "$name: hardly a wait"
		expect 0 check "$threadline" check "T$name"
	done
done
[ "$built" -gt 0 ] || skip "no compiler here has a sanitizer"
