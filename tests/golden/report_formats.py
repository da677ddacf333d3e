#!/usr/bin/env python3
"""report_formats.py THREADLINE SOURCE: what report prints is what its formats promise.

JSON against docs/report.schema.json (where python3-jsonschema is), metrics by a
strict reader, folded stacks as flame graph tools read them, tables by their width;
and beyond: that all of them tell the same numbers.
"""
import copy
import glob
import json
import os
import subprocess
import sys

from metrics import Bad, parse_folded, parse_metrics

try:
    import jsonschema
except ImportError:
    jsonschema = None
    print("python3-jsonschema is not installed: not compared with the schema")

threadline, source = sys.argv[1:3]
work = os.path.dirname(os.path.abspath(__file__))
schema = json.load(open(os.path.join(source, "docs", "report.schema.json")))
wrong = 0


def complain(*words):
    global wrong
    wrong += 1
    print(*words)


def report(form, *arguments):
    done = subprocess.run([threadline, "report", "--format", form, "--top", "0", "--all", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=work)
    if done.returncode != 0:
        complain(arguments, "exit status", done.returncode, done.stderr)
    return done.stdout.decode("utf-8")


def valid(value):
    return jsonschema is None or jsonschema.validators.validator_for(schema)(schema).is_valid(value)


def near(seconds, ns):
    return abs(seconds * 1e9 - ns) < 1 + abs(ns) * 1e-12


def sums(rows, member):
    return sum(row[member] for row in rows)


def compare(what, told, metrics, stacks):
    """Every format has the same numbers."""
    tasks = told["tasks"]
    for task in tasks:
        states = sums([task], "running_ns") + task["runnable_ns"] + task["blocked_ns"] + task["unknown_ns"]
        if states != task["life_ns"] or sum(task["blocked_by_reason_ns"].values()) != task["blocked_ns"]:
            complain(what, "the states are not the life of", task)
    for member in ("life_ns", "running_ns", "blocked_ns", "waits", "woken", "wakes"):
        if sums(tasks, member) != sums(told["groups"], member):
            complain(what, "tasks and groups differ in", member)
    blocked = sums(told["places"], "total_ns")
    if blocked != sums(told["objects_by_total"], "total_ns") or blocked != sum(stacks.values()):
        complain(what, "objects, places and stacks differ:", blocked, stacks)
    if sums(told["wakes"], "times") != sums(tasks, "woken"):
        complain(what, "wakes and tasks differ")
    if told["wake_latency"]["count"] != sum(o["wake_latency"]["count"] for o in told["objects_by_wake_latency"]):
        complain(what, "wake latencies differ")
    for state in ("running", "runnable", "blocked", "unknown"):
        if not near(metrics[("threadline_task_seconds_total", (("state", state),))], sums(tasks, state + "_ns")):
            complain(what, "metrics differ in", state)
    if metrics[("threadline_wake_latency_seconds_count", ())] != told["wake_latency"]["count"]:
        complain(what, "metrics differ in wakes")
    waits = sum(v for k, v in metrics.items() if k[0] == "threadline_waits_total")
    if waits != sums(told["places"], "waits"):
        complain(what, "metrics differ in waits")
    found = sum(v for k, v in metrics.items() if k[0] == "threadline_findings")
    if found != sums(told["findings"], "findings"):
        complain(what, "metrics differ in findings")


def cases():
    lists = sorted(glob.glob(os.path.join(source, "tests", "rules", "lists", "*.txt")))
    for path in lists + [os.path.join(work, "lists", n) for n in ("story.txt", "trap.txt", "lossy.txt", "texts.txt")]:
        yield [path]
    yield ["--from", "115us", "--to", "320us", os.path.join(work, "lists", "story.txt")]


for arguments in cases():
    what = " ".join(os.path.basename(a) for a in arguments)
    try:
        told = json.loads(report("json", *arguments))
        if not valid(told):
            complain(what, next(jsonschema.validators.validator_for(schema)(schema).iter_errors(told)).message[:200])
        compare(what, told, parse_metrics(report("prometheus", *arguments)), parse_folded(report("folded", *arguments)))
    except (Bad, ValueError) as error:
        complain(what, repr(error))
    for line in report("text", *arguments).splitlines()[1:]:
        if not line.startswith("      ") and len(line) > 100 or any(ord(c) < 0x20 or ord(c) == 0x7f for c in line):
            complain(what, "too wide, or not safe:", repr(line))

# The schema and the readers can fail: each of these is wrong.
good = json.loads(report("json", "lists/story.txt"))
for spoil in (lambda r: r.pop("wakes"), lambda r: r["tasks"][0].update(running_ns=-1),
              lambda r: r["findings"][0].update(severity="fatal"), lambda r: r["objects_by_total"][0].update(extra=1),
              lambda r: r["wake_latency"].pop("p99_ns"), lambda r: r["still_blocked"][0]["growth"].pop()):
    bad = copy.deepcopy(good)
    spoil(bad)
    if jsonschema and valid(bad):
        complain("the schema takes what is wrong")
HEAD = "# HELP a_total x\n# TYPE a_total counter\n"
for bad in ("a_total 1\n", HEAD + "a_total 1", HEAD + "b_total 1\n", HEAD + 'a_total{x="1} 1\n', HEAD + 'a_total{x="\\t"} 1\n',
            HEAD + "a_total 1\na_total 1\n", HEAD + "a_total one\n", HEAD + HEAD, "# TYPE a gauge\na 1\n",
            HEAD + 'a_total{x="\n"} 1\n', HEAD + 'a_total{x="1"y="2"} 1\n'):
    try:
        parse_metrics(bad)
        complain("the reader of metrics takes", repr(bad))
    except Bad:
        pass
for bad in ("a;b 1\n", "a;[mutex]\n", "a b;[mutex] 1\n", "a;[mutex] 1\na;[mutex] 2\n", "a;;[mutex] 1\n"):
    try:
        parse_folded(bad)
        complain("the reader of folded stacks takes", repr(bad))
    except Bad:
        pass
sys.exit(1 if wrong else 0)
