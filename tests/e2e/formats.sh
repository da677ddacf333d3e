# Formats, fingerprints and suppressions with the stacks of real programs.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need python3

# The same program, run twice with other numbers of threads: other addresses and times, the same findings.
expect 0 first-record "$threadline" record -o first -- "$bin/leaky_iterator" 3
expect 0 second-record "$threadline" record -o second -- "$bin/leaky_iterator" 7
expect 1 first "$threadline" check --format json first
expect 0 known "$threadline" check --rule never-unblocked --rule resource-leak --baseline first.out second
grep -q '2 known from the baseline' known.out || fail "the baseline: $(tail -n 1 known.out)"
expect 0 all-known "$threadline" check --fail-on warning --baseline first.out second
expect 0 bug-record "$threadline" record -o bug -- "$bin/lost_wakeup"
expect 1 new "$threadline" check --baseline first.out bug

# The schemas, with stacks in the report, and places of the source in it.
cd "$THREADLINE_SOURCE" || exit 1
expect 1 sarif "$threadline" check --format sarif "$E2E_WORK/first"
expect 1 github "$threadline" check --format github "$E2E_WORK/first"
cd "$E2E_WORK" || exit 1
python3 - "$THREADLINE_SOURCE" "$THREADLINE_SHARED/schemas/sarif-2.1.0.json" <<-'PYTHON' || fail "SARIF or JSON: see above"
	import json, os, sys
	report, log = json.load(open("first.out")), json.load(open("sarif.out"))
	try:
	    import jsonschema
	    jsonschema.Draft7Validator(json.load(open(sys.argv[1] + "/docs/check.schema.json"))).validate(report)
	    if os.path.exists(sys.argv[2]):
	        schema = json.load(open(sys.argv[2]))
	        jsonschema.validators.validator_for(schema)(schema).validate(log)
	except ImportError:
	    print("python3-jsonschema is not installed: not compared with the schemas")
	assert all(f["fingerprint"] != g["fingerprint"] for f in report["findings"] for g in report["findings"] if f is not g)
	for result in log["runs"][0]["results"]:
	    if result["ruleId"] == "signal-without-waiter":
	        continue    # signals carry no stack
	    place = result["locations"][0]["physicalLocation"]
	    assert place["artifactLocation"] == {"uri": "samples/leaky_iterator.c", "uriBaseId": "%SRCROOT%"}, place
	    lines = open(sys.argv[1] + "/samples/leaky_iterator.c").read().splitlines()
	    assert 0 < place["region"]["startLine"] <= len(lines)
	flows = [r for r in log["runs"][0]["results"] if r["ruleId"] == "never-unblocked"][0]["codeFlows"][0]["threadFlows"]
	assert len(flows) == 4, "three that wait, and who created them"
PYTHON
grep -q '^::warning file=samples/leaky_iterator.c,line=[0-9]*,title=threadline never-unblocked' github.out ||
	fail "GitHub: $(cat github.out)"

# By function, by file, by both of one frame; not by both of two frames.
suppress() {
	printf '%s reason=known\n' "$@" >ignore
}
suppress 'never-unblocked function=chan*_send' 'resource-leak file=*/leaky_iterator.c function=iterator_open'
expect 0 fits "$threadline" check --ignore ignore first
suppress 'never-unblocked function=channel_send' 'resource-leak function=iterator_open file=*/other.c'
expect 1 other "$threadline" check --ignore ignore first
says other "ignore:2: this suppression of resource-leak was not used"
# As the report names it, from where it was asked for.
suppress 'never-unblocked file=samples/*.c' 'resource-leak file=samples/leaky_iterator.c'
(cd "$THREADLINE_SOURCE" && expect 0 relative "$threadline" check --ignore "$E2E_WORK/ignore" "$E2E_WORK/first") || exit 1
expect 1 elsewhere "$threadline" check --ignore ignore first
nothing_left
