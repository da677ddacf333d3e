# The report on recorded programs: who waited for what, where in the source, and for how long.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need python3

expect 0 pool-record "$threadline" record -o pool -- "$bin/worker_pool"
expect 0 leaky-record "$threadline" record -o leaky -- "$bin/leaky_iterator" 30
for trace in pool leaky; do
	expect 0 "$trace" "$threadline" report --format json --top 0 --all "$trace"
	expect 0 "$trace-text" "$threadline" report "$trace"
	expect 0 "$trace-folded" "$threadline" report --format folded --tasks 2 "$trace"
	expect 0 "$trace-prometheus" "$threadline" report --format prometheus "$trace"
done
PYTHONDONTWRITEBYTECODE=1 python3 - "$THREADLINE_SOURCE" <<-'PYTHON' || fail "the reports: see above"
	import json, re, sys
	sys.path.insert(0, sys.argv[1] + "/tests/golden")
	from metrics import parse_folded, parse_metrics

	def load(name):
	    with open(name) as file:
	        return file.read()

	pool, leaky = json.loads(load("pool.out")), json.loads(load("leaky.out"))
	for told, name in ((pool, "pool"), (leaky, "leaky")):
	    assert told["summary"]["lost"] == 0
	    for task in told["tasks"]:
	        states = task["running_ns"] + task["runnable_ns"] + task["blocked_ns"] + task["unknown_ns"]
	        assert states == task["life_ns"] <= told["summary"]["duration_ns"], task
	        assert task["unknown_ns"] == 0, task
	    stacks = parse_folded(load(name + "-folded.out"))
	    assert sum(stacks.values()) == sum(p["total_ns"] for p in told["places"])
	    metrics = parse_metrics(load(name + "-prometheus.out"))
	    assert metrics[("threadline_tasks", ())] == len(told["tasks"]) == told["summary"]["tasks"]
	    lines = load(name + "-text.out").splitlines()
	    assert all(len(line) <= 100 for line in lines[1:] if not line.startswith("      ")), lines

	# Who is who in the pool: main waits for the work to be done, the workers for work.
	assert {t["name"] for t in pool["tasks"]} == {"worker_pool"} | {f"worker-{i}" for i in range(4)}
	wakes = {(w["from"], w["to"], w["reason"]) for w in pool["wakes"]}
	assert any(f == "worker_pool" and t.startswith("worker-") and r == "cond" for f, t, r in wakes), wakes
	assert any(p["task"].startswith("worker-") and p["reason"] == "cond" and
	           re.fullmatch(r"run  .*worker_pool\.c:\d+", p["at"]) for p in pool["places"]), pool["places"]
	assert pool["wake_latency"]["count"] > 0 and pool["still_blocked"] == []

	# The leak: thirty producers, where they wait, and who made them.
	leak, = leaky["still_blocked"]
	assert leak["tasks"] == 30 and leak["severity"] == "warning" and leak["growth"][3] == 30, leak
	assert leak["at"].startswith("channel_send  ") and "leaky_iterator.c:" in leak["at"], leak
	assert leak["created_by"] == "leaky_iterator" and leak["created_at"].startswith("iterator_open  "), leak
	assert leaky["resources"] == {"opened": 30, "closed": 0,
	                              "kinds": [{"kind": "map iterator", "opened": 30, "leaked": 30}]}
	stacks = parse_folded(load("leaky-folded.out"))
	assert any(s[0] == "thread_in_produce" and s[-2:] == ("channel_send", "[cond]") for s in stacks), stacks
PYTHON
nothing_left
