# Each sample is recorded and gets the verdict that its first lines promise.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need python3

# verdict STATUS NAME SAMPLE [ARG...]: records it and checks it into NAME.json
verdict() {
	v_status=$1 v_name=$2
	shift 2
	expect 0 "$v_name-record" "$threadline" record -o "$v_name" -- "$bin/$@"
	says "$v_name-record" "no events lost"
	expect "$v_status" "$v_name" "$threadline" check --format json "$v_name"
}

# finding NAME PYTHON: for some finding f of the report the expression holds
finding() {
	python3 - "$E2E_WORK/$1.out" "$2" <<-'PYTHON' || fail "$1: no finding with $2: $(grep -E '"(rule|message|severity|evidence)"' "$E2E_WORK/$1.out")"
		import json, sys
		report = json.load(open(sys.argv[1]))
		sys.exit(0 if any(eval(sys.argv[2]) for f in report["findings"]) else 1)
	PYTHON
}

# errors NAME: how many findings that fail a check
failing() {
	python3 -c 'import json,sys; print(sum(f["severity"] != "info" for f in json.load(open(sys.argv[1]))["findings"]))' \
		"$E2E_WORK/$1.out"
}

line_of() {
	grep -n "$1" "$THREADLINE_SOURCE/samples/$2" | head -n 1 | cut -d: -f1
}

for n in 3 300; do
	verdict 1 "leaky$n" leaky_iterator "$n"
	[ "$(failing "leaky$n")" = 2 ] || fail "leaky_iterator $n: not two findings"
	wait_line=$(line_of 'pthread_cond_wait(&channel->not_full' leaky_iterator.c)
	finding "leaky$n" "f['rule'] == 'never-unblocked' and f['severity'] == 'warning' and f['count'] == $n and len(f['tasks']) == $n"
	finding "leaky$n" "f['rule'] == 'never-unblocked' and any(s['file'].endswith('samples/leaky_iterator.c') and abs(s['line'] - $wait_line) <= 1 for s in f['events'][0]['stack'] if s['file'])"
	open_line=$(line_of 'threadline_open(iterator' leaky_iterator.c)
	finding "leaky$n" "f['rule'] == 'resource-leak' and f['count'] == $n and any(s['file'].endswith('samples/leaky_iterator.c') and abs(s['line'] - $open_line) <= 1 for s in f['events'][0]['stack'] if s['file'])"
done
verdict 0 fixed leaky_iterator --fixed 30
[ "$(failing fixed)" = 0 ] || fail "leaky_iterator --fixed has findings"

verdict 0 fibers fibers
verdict 1 bug fibers --bug
finding bug "f['rule'] == 'unblock-before-block' and f['severity'] == 'error' and f['certainty'] == 'proven' and [e['kind'] for e in f['events']] == ['unblock', 'block'] and 0 < f['events'][0]['time_ns'] < f['events'][1]['time_ns']"

verdict 1 lost lost_wakeup
finding lost "f['rule'] == 'lost-wakeup'"
verdict 0 pool worker_pool
nothing_left
