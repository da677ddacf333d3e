#!/usr/bin/env python3
"""schemas.py THREADLINE SOURCE SHARED: what check prints is what its formats promise.

JSON against docs/check.schema.json, SARIF against its own schema where SHARED has
it, XML by a parser; and beyond schemas: that the formats tell the same findings,
and that thread flows hold the proving events in order. Skips (77) without
python3-jsonschema.
"""
import copy
import glob
import json
import os
import subprocess
import sys
import xml.dom.minidom

try:
    import jsonschema
except ImportError:
    print("SKIP: python3-jsonschema is not installed")
    sys.exit(77)

threadline, source, shared = sys.argv[1:4]
work = os.path.dirname(os.path.abspath(__file__))
own = json.load(open(os.path.join(source, "docs", "check.schema.json")))
sarif_path = os.path.join(shared, "schemas", "sarif-2.1.0.json")
sarif = json.load(open(sarif_path)) if os.path.exists(sarif_path) else None
wrong = 0


def complain(*words):
    global wrong
    wrong += 1
    print(*words)


def check(form, *arguments):
    done = subprocess.run([threadline, "check", "--format", form, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, cwd=work)
    return done.stdout.decode("utf-8")


def validator(schema):
    return jsonschema.validators.validator_for(schema)(schema)


def valid(schema, value, what):
    for error in list(validator(schema).iter_errors(value))[:3]:
        complain(what, list(error.path), error.message[:200])


def compare(report, log, what):
    """The same findings in both, SARIF's flows complete and in order."""
    run = log["runs"][0]
    results, ids = run["results"], [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    wanted = sorted((f["rule"], f["fingerprint"], "suppressed" in f) for f in report["findings"] + report["suppressed"])
    got = sorted((r["ruleId"], r["partialFingerprints"]["stackFunctions/v1"], bool(r["suppressions"])) for r in results)
    if wanted != got:
        complain(what, "JSON and SARIF differ:", wanted, got)
    events = {f["fingerprint"]: len(f["events"]) for f in report["findings"]}
    for r in results:
        if ids[r["ruleIndex"]] != r["ruleId"]:
            complain(what, "ruleIndex is not ruleId's")
        flows = r["codeFlows"][0]["threadFlows"] if "codeFlows" in r else []
        order = [[l["executionOrder"] for l in flow["locations"]] for flow in flows]
        times = {l["executionOrder"]: l["properties"]["time_ns"] for flow in flows for l in flow["locations"]}
        if any(o != sorted(o) for o in order) or sorted(sum(order, [])) != list(range(1, len(times) + 1)):
            complain(what, "not in order:", order)
        if [times[n] for n in sorted(times)] != sorted(times.values()):
            complain(what, "order is not that of time:", times)
        if not r["suppressions"] and len(times) != events[r["partialFingerprints"]["stackFunctions/v1"]]:
            complain(what, "events are missing from the flows")


def cases():
    lists = sorted(glob.glob(os.path.join(source, "tests", "rules", "lists", "*.txt")))
    for path in lists + [os.path.join(work, "lists", name) for name in ("story.txt", "trap.txt", "lossy.txt")]:
        yield [path]
    story = os.path.join(work, "lists", "story.txt")
    yield ["--ignore", os.path.join(work, "lists", "story.ignore"), story]
    yield ["--from", "300us", story]
    yield ["--baseline", os.path.join(work, "check_json.expected"), story]


for arguments in cases():
    what = " ".join(os.path.basename(a) for a in arguments)
    report, log = json.loads(check("json", *arguments)), json.loads(check("sarif", *arguments))
    valid(own, report, what)
    if sarif:
        valid(sarif, log, what)
    compare(report, log, what)
    suite = xml.dom.minidom.parseString(check("junit", *arguments).encode()).getElementsByTagName("testsuite")[0]
    failures = suite.getElementsByTagName("failure")
    failing = {f["rule"] for f in report["findings"] if f["severity"] != "info" and f.get("baseline") != "known"}
    if {f.parentNode.getAttribute("name") for f in failures} != failing:
        complain(what, "JUnit fails other rules than", failing)
    if suite.getAttribute("tests") != str(len(suite.getElementsByTagName("testcase"))):
        complain(what, "JUnit counts wrongly")
    for line in check("github", *arguments).splitlines():
        if not line.startswith(("::error ", "::warning ", "::notice ")) or line.count("::") < 2:
            complain(what, "not an annotation:", line)

# The schema can fail: each of these is wrong.
good = json.loads(check("json", "lists/story.txt"))
for spoil in (lambda r: r.pop("trace"), lambda r: r["findings"][0].pop("fingerprint"),
              lambda r: r["findings"][0].update(severity="fatal"), lambda r: r["summary"].update(events=-1),
              lambda r: r["findings"][0]["events"][0].update(extra=1), lambda r: r["suppressed"].append(r["findings"][0])):
    bad = copy.deepcopy(good)
    spoil(bad)
    if validator(own).is_valid(bad):
        complain("the schema takes what is wrong")
if not sarif:
    print("SARIF's schema is not here: not compared with it")
sys.exit(1 if wrong else 0)
