"""kernel.py THREADLINE [FOLDER]: what check says of kernel traces that are written here, LTTng's way and perf's.

With FOLDER the traces are written there and kept, to be looked at in the viewer.
"""
import json
import os
import subprocess
import sys
import tempfile

from kernel_ctf import LTTNG, PERF, USER, Trace

THREADLINE = sys.argv[1]
bad = 0


def expect(what, got, wanted):
    global bad
    if got != wanted:
        print(f"{what}: {got!r}, not {wanted!r}")
        bad = 1


def check(path, status, **summary):
    """The JSON report of a trace, whose exit status and parts of whose summary are given."""
    run = subprocess.run([THREADLINE, "check", "--format", "json", path], capture_output=True, check=False, timeout=60)
    expect(f"{path}: status", run.returncode, status)
    expect(f"{path}: complaint", run.stderr, b"")
    report = json.loads(run.stdout)
    for name, value in summary.items():
        expect(f"{path}: {name}", report["summary"][name], value)
    return report


def switch(trace, time, cpu, prev, state, following, **named):
    """prev and following: (comm, tid), or None for the idle loop."""
    prev, following = prev or (f"swapper/{cpu}", 0), following or (f"swapper/{cpu}", 0)
    trace.add(time, cpu, "sched_switch", prev[0], prev[1], 20, state, following[0], following[1], 20, **named)


MAIN, WORKER, SHELL = ("server", 100), ("worker", 101), ("bash", 50)


def a_server(trace):
    """bash starts a server whose worker waits and is woken, by waking and wakeup; both end. 15 events."""
    switch(trace, 100, 0, None, 0, SHELL)
    trace.add(110, 0, "sched_process_fork", *SHELL, 50, "bash", 100, 100)
    trace.add(111, 0, "sched_wakeup_new", "bash", 100, 20, 1)
    switch(trace, 120, 1, None, 0, ("bash", 100))
    trace.add(130, 1, "sched_process_exec", "/usr/bin/server", 100, 100)
    trace.add(140, 1, "sched_process_fork", *MAIN, 100, "server", 101, 100)
    switch(trace, 150, 2, None, 0, ("server", 101))
    switch(trace, 160, 2, WORKER, 1, None)
    trace.add(200, 1, "sched_waking", *WORKER, 20, 2)
    trace.add(201, 2, "sched_wakeup", *WORKER, 20, 2)
    trace.add(202, 1, "sched_migrate_task", *WORKER, 20, 2, 3)
    switch(trace, 210, 2, None, 0, WORKER)
    trace.add(220, 2, "sched_process_exit", *WORKER, 20)
    switch(trace, 230, 2, WORKER, 64, None)
    trace.add(240, 1, "sched_process_exit", *MAIN, 20)
    switch(trace, 250, 1, MAIN, 64, None)


def clean(folder):
    trace = Trace(LTTNG)
    a_server(trace)
    report = check(trace.write(os.path.join(folder, "clean")), 0, events=15, kernel_events=15, foreign_events=1, tasks=3,
                   lost=0, malformed_events=0)
    expect("clean: findings", report["findings"], [])
    text = subprocess.run([THREADLINE, "check", os.path.join(folder, "clean")], capture_output=True, check=False,
                          text=True, timeout=60).stdout
    expect("clean: text", text.splitlines()[-2],
           "kernel trace: 15 of the events are the scheduler's, of 3 threads in 2 processes; when these ran is exact")


def reused_ids(folder):
    """The same tid ten times, each another task."""
    trace = Trace(LTTNG)
    switch(trace, 10, 0, None, 0, SHELL)
    for i in range(10):
        now = 100 * (i + 1)
        trace.add(now, 0, "sched_process_fork", *SHELL, 50, "bash", 77, 77)
        switch(trace, now + 10, 1, None, 0, ("bash", 77))
        trace.add(now + 20, 1, "sched_process_exit", "bash", 77, 20)
        switch(trace, now + 30, 1, ("bash", 77), 64, None)
    report = check(trace.write(os.path.join(folder, "reused")), 0, tasks=11, malformed_events=0)
    expect("reused: findings", report["findings"], [])


def perf(folder):
    """perf's names; the CPU in a field, one stream for all of them; threads of a process by perf_fork."""
    trace = Trace(PERF, cpu_in_context=False)
    trace.add(100, 0, "sched:sched_switch", 0, 0, 1, "swapper/1", 0, 120, 0, "main", 30, 120)
    trace.add(110, 0, "perf_comm", 30, 30, "main")
    trace.add(120, 0, "perf_fork", 30, 31, 30, 30)
    trace.add(121, 0, "sched:sched_process_fork", 30, 30, 1, "main", 30, "main", 31)
    trace.add(130, 0, "sched:sched_switch", 0, 0, 2, "swapper/2", 0, 120, 0, "main", 31, 120)
    trace.add(140, 0, "sched:sched_switch", 31, 30, 2, "main", 31, 120, 1, "swapper/2", 0, 120)
    trace.add(150, 0, "sched:sched_wakeup", 30, 30, 1, "main", 31, 120, 2)
    trace.add(160, 0, "sched:sched_switch", 0, 0, 2, "swapper/2", 0, 120, 0, "main", 31, 120)
    trace.add(170, 0, "sched:sched_switch", 31, 30, 2, "main", 31, 120, 256, "swapper/2", 0, 120)
    path = trace.write(os.path.join(folder, "perf"))
    report = check(path, 0, events=9, kernel_events=9, tasks=2, malformed_events=0)
    expect("perf: findings", report["findings"], [])
    text = subprocess.run([THREADLINE, "check", path], capture_output=True, check=False, text=True, timeout=60).stdout
    expect("perf: one process", "2 threads in 1 process;" in text, True)


def contexts(folder):
    """LTTng's contexts tell whose threads run, where no fork and no state dump does."""
    trace = Trace(LTTNG, context=[("s32", "tid"), ("s32", "pid")])
    for tid in (31, 30, 32):
        switch(trace, 10 * tid, 0, ("pool", tid), 1, None, tid=tid, pid=30)
    path = trace.write(os.path.join(folder, "contexts"))
    check(path, 0, events=3, tasks=3, malformed_events=0)
    text = subprocess.run([THREADLINE, "check", path], capture_output=True, check=False, text=True, timeout=60).stdout
    expect("contexts: one process", "3 threads in 1 process;" in text, True)


def loss(folder):
    """Discarded events: told, counted, and the verdict is the weaker one; and nobody is accused."""
    trace = Trace(LTTNG)
    a_server(trace)
    trace.discard(2, 7)
    # Whoever ran before is said to leave again: a wait within a wait, were nothing lost.
    for now in (300, 310, 320):
        switch(trace, now, 2, SHELL, 1, None)
    report = check(trace.write(os.path.join(folder, "loss")), 3, lost=7, malformed_events=0)
    expect("loss: rules", [(f["rule"], f["severity"]) for f in report["findings"]], [("trace-gap", "info")])


def malformed(folder):
    """Classes without a needed field or with a type that is none, and values that cannot be."""
    forms = dict(LTTNG)
    forms["sched_waking"] = [("str", "comm"), ("s32", "prio")]
    forms["sched_wakeup"] = [("s32", "comm"), ("s32", "tid")]
    forms["sched_process_exit"] = [("chars", "comm"), ("s64", "tid")]
    forms["sched_switch"] = [("chars", "prev_comm"), ("s64", "prev_tid"), ("s32", "prev_state"), ("chars", "next_comm"),
                             ("u64", "next_tid")]
    trace = Trace(forms)
    trace.add(10, 0, "sched_switch", "swapper/0", 0, 0, "sixteen bytes ...", 10)
    trace.add(20, 0, "sched_waking", "a", 1)
    trace.add(30, 0, "sched_wakeup", 1, 10)
    trace.add(40, 0, "sched_switch", "x", 10, 1, "y", 1 << 40)
    trace.add(50, 0, "sched_switch", "x", -10, 1, "y", 0)
    trace.add(60, 0, "sched_switch", "x", 10, -1, "swapper/0", 0)
    trace.add(70, 0, "sched_process_exit", "x", 0)
    report = check(trace.write(os.path.join(folder, "malformed")), 3, events=2, tasks=1, malformed_events=5)
    expect("malformed: findings", report["findings"], [])


def mixed(folder):
    """A session as LTTng lays it out: what the program says of itself, and the kernel of its threads."""
    clock = "11111111-6cee-11e0-8c08-cb07d7b3a564"
    kernel = Trace(LTTNG, clock_uuid=clock)
    a_server(kernel)
    user = Trace(USER, domain="ust", uuid=bytes(range(16, 32)), clock_uuid=clock)
    nonce = 0xABCD1234 << 32
    user.add(135, 1, "threadline:process_begin", nonce | 1, 1, 100, 50, 0x7F, 2, "/usr/bin/server")
    user.add(136, 1, "threadline:start", nonce | 1, 2, 0, 100, 1, 0, 0)
    user.add(139, 1, "threadline:create", nonce | 1, 3, 2, 0, 0, 0, "worker")
    user.add(151, 2, "threadline:start", nonce | 2, 1, 0, 101, 1, 1, 3)
    user.add(152, 2, "threadline:block", nonce | 2, 2, 1, 4, 0x5000, 0, -1, 0, 0, 0)
    user.add(212, 2, "threadline:start", nonce | 2, 3, 1, 101, 10, 0, 0)
    user.add(215, 2, "threadline:exit", nonce | 2, 4, 0, 0, 0)
    user.add(238, 1, "threadline:process_end", nonce | 1, 4, 0)
    kernel.write(os.path.join(folder, "mixed", "kernel"))
    user.write(os.path.join(folder, "mixed", "ust", "uid", "0", "64-bit"))
    report = check(os.path.join(folder, "mixed"), 0, events=23, kernel_events=15, tasks=5, lost=0, malformed_events=0)
    expect("mixed: findings", [f for f in report["findings"] if f["severity"] != "info"], [])


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = sys.argv[2] if len(sys.argv) > 2 else temporary
        for case in (clean, reused_ids, perf, contexts, loss, malformed, mixed):
            case(folder)
    return bad


sys.exit(main())
