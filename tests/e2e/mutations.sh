# Recorded clean traces in which one thing is wrong: every dropped event is noticed, nothing crashes.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

for sample in worker_pool fibers "lock_order --fixed" "leaky_iterator --fixed 5"; do
	name=${sample%% *}
	expect 0 "$name-record" "$threadline" record -o "$name" -- "$bin/"$sample
	expect 0 "$name" "$THREADLINE_BIN/../tests/mutate_trace" -n 300 "$name"
	cat "$E2E_WORK/$name.out"
done
nothing_left
