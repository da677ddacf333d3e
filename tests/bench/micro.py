"""Small operations, one event, and start-up: the rows that take ns and ms."""
import os
import shutil

import statistics_of_runs as stat
import traced
from traced import ran

PROGRAMS = os.path.join(traced.BUILD, "tests", "bench")
MICRO = os.path.join(PROGRAMS, "micro")

# What is measured: which calls ltrace is to look at; how many events a recording must hold for each
# operation at least; and how many operations a burst has, by the kind of tracer: none or only when
# something waits, every call into buffers, an interpreter, a stop at every call, a stop at every futex.
ROWS = {
    "pair": ("lock and unlock, free", "pthread_mutex_*", 0,
             dict(free=8000000, buffers=80000, slow=20000, stops=100, futex=8000000)),
    "nested": ("two locks, nested, free", "pthread_mutex_*", 0,
               dict(free=4000000, buffers=40000, slow=10000, stops=50, futex=4000000)),
    "two": ("lock and unlock, two threads at once", "pthread_mutex_*", 0,
            dict(free=1000000, buffers=30000, slow=5000, stops=50, futex=30000)),
    "pingpong": ("condition variable, there and back", "pthread_mutex_*+pthread_cond_*", 2,
                 dict(free=5000, buffers=5000, slow=1000, stops=30, futex=500)),
    "create": ("create and join a thread", "pthread_create+pthread_join", 3,
               dict(free=1500, buffers=1500, slow=300, stops=30, futex=300)),
}
BURSTS = 5


class Way:
    """A column: how the program is run, how dense its bursts may be, how often it takes part."""

    def __init__(self, name, needs, density, run, rare=False, peer=True):
        self.name, self.needs, self.density, self.run = name, needs, density, run
        self.rare, self.peer = rare, peer

    def missing(self):
        return [need for need in self.needs if not (need and (os.path.exists(need) or shutil.which(need)))]


def ways():
    wrapper = traced.wrapper()
    return [
        Way("native", [], "free", lambda argv, row, n: ran(argv)[0], peer=False),
        Way("Threadline, loaded", [traced.OURS], "free",
            lambda argv, row, n: ran(argv, {"LD_PRELOAD": traced.OURS})[0], peer=False),
        Way("Threadline, recording", [traced.OURS], "free",
            lambda argv, row, n: traced.recorded(argv, events=max(1, n * ROWS[row][2])), peer=False),
        Way("Threadline, recording, `--no-lock-order`", [traced.OURS], "free",
            lambda argv, row, n: traced.recorded(argv, ["--no-lock-order"], max(1, n * ROWS[row][2])),
            peer=False),
        Way("LTTng's pthread wrapper, loaded", [wrapper], "free",
            lambda argv, row, n: ran(argv, {"LD_PRELOAD": wrapper})[0]),
        # It sees mutexes only: three events for each lock and unlock.
        Way("LTTng's pthread wrapper, recording", [wrapper], "buffers",
            lambda argv, row, n: traced.traced_by_wrapper(argv, 3 * n if row != "create" else 1)),
        Way("uftrace", ["uftrace"], "buffers", lambda argv, row, n: traced.traced_by_uftrace(argv)),
        Way("strace, futex only", ["strace"], "futex",
            lambda argv, row, n: ran(["strace", "-f", "-qq", "-e", "trace=futex", "-o", "/dev/null"] + argv)[0]),
        Way("Helgrind", ["valgrind"], "slow",
            lambda argv, row, n: ran(["valgrind", "-q", "--tool=helgrind"] + argv)[0], rare=True),
        Way("ltrace", ["ltrace"], "stops",
            lambda argv, row, n: traced.traced_by_ltrace(argv, ROWS[row][1]), rare=True),
    ]


def measured(way, row, scale, note):
    """ns for each operation; a run that lost events is done again."""
    count = max(20, int(ROWS[row][3][way.density] * scale))
    for _ in range(3):
        try:
            return float(way.run([MICRO, row, str(count), str(BURSTS)], row, count * BURSTS))
        except traced.Lost as lost:
            last = lost
    note("%s, %s: %s" % (row, way.name, str(last).splitlines()[-1]))
    return None


def ratios_of(row, all_ways, rounds, scale, note):
    """For each way the ratios to native of the same round."""
    got = {way.name: [] for way in all_ways}
    for i in range(rounds):
        native = None
        for way in all_ways:
            if way.missing() or (way.rare and i % 3):
                continue
            try:
                value = measured(way, row, scale, note)
            except traced.Failed as failed:
                if not way.peer:
                    raise
                note("%s, %s: %s" % (row, way.name, str(failed).splitlines()[0]))
                continue
            native = native or value
            if value is not None:
                got[way.name].append(value / native)
    return got


def print_operations(rows, rounds, scale, note):
    all_ways = ways()
    table = {row: ratios_of(row, all_ways, rounds, scale, note) for row in rows}
    print("| time, native = 1 | " + " | ".join(ROWS[row][0] for row in rows) + " |")
    print("|---" * (len(rows) + 1) + "|")
    for way in all_ways[1:]:
        cells = []
        for row in rows:
            values = table[row][way.name]
            cells.append("not installed" if way.missing() else stat.with_spread(values) if values else "failed")
        print("| %s | %s |" % (way.name, " | ".join(cells)))
    print()


KINDS = {
    "mark": "`threadline_mark`",
    "region": "`threadline_region_begin`, `_end`",
    "unblock": "`threadline_unblock`",
    "unblock_object": "`threadline_unblock_object`",
    "block_start": "`threadline_block` (takes a stack), `_start`",
}


def event_ratio(kind, count, bursts, filtered):
    """Ours against a bare tracepoint, in one process, in turn. With the filter that `threadline record`
    sets up, the bare one is in a session of its own, whose channel has the same sizes."""
    argv = [os.path.join(PROGRAMS, "event"), kind, str(count), str(bursts)]
    events = count * bursts
    if filtered:
        with traced.Session("bare:*") as session:
            out = traced.recorded(argv, events=events)
        session.prove(events)
    else:
        with traced.Session("threadline:*", "bare:*") as session:
            out = ran(argv)[0]
        session.prove(2 * events)
    ours, bare = out.split()
    return float(ours) / float(bare)


def print_events(rounds, scale, note):
    print("| one event, a bare LTTng tracepoint of the same fields = 1 | as `threadline record` | without its filter |")
    print("|---|---|---|")
    for kind, name in KINDS.items():
        values = {True: [], False: []}
        for _ in range(rounds):
            for filtered in (True, False):
                try:
                    values[filtered].append(event_ratio(kind, max(20, int(50000 * scale)), 15, filtered))
                except traced.Lost as lost:
                    note("%s: %s" % (kind, str(lost).splitlines()[-1]))
        cells = [stat.with_spread(values[f]) if values[f] else "failed" for f in (True, False)]
        print("| %s | %s |" % (name, " | ".join(cells)))
    print()


def print_startup(daemon, rounds, scale, note):
    """ms from exec to exit of a program that does nothing, less what it takes by itself."""
    result = os.path.join(traced.WORK, "startup")
    spawn = [os.path.join(PROGRAMS, "spawn"), str(max(3, int(40 * scale))), result]
    argv = spawn + [os.path.join(PROGRAMS, "nothing")]
    ust = traced.system_library("liblttng-ust.so.1")

    def loaded(library):
        return lambda: ran(argv, {"LD_PRELOAD": library} if library else {})

    def bare_recorded():
        with traced.Session("bare:*"):
            ran(spawn + [os.path.join(PROGRAMS, "bare_nothing")])

    # name, does a session daemon run, how
    cells = [
        ("plain", False, loaded(None)),
        ("liblttng-ust, no daemon", False, loaded(ust)),
        ("Threadline, no daemon", False, loaded(traced.OURS)),
        ("liblttng-ust, idle daemon", True, loaded(ust)),
        ("Threadline, idle daemon", True, loaded(traced.OURS)),
        ("a provider of six events of liblttng-ust's, recording", True, bare_recorded),
        ("Threadline, recording", True, lambda: traced.recorded(argv)),
    ]
    got = {name: [] for name, _, _ in cells}
    for _ in range(rounds):
        for name, with_daemon, run in cells:
            daemon.start() if with_daemon else daemon.stop()
            run()
            with open(result) as file:
                got[name].append(float(file.read()))
    daemon.start()
    print("| start-up of a program, added ms | |")
    print("|---|---|")
    for name, _, _ in cells[1:]:
        added = [value - plain for value, plain in zip(got[name], got["plain"])]
        print("| %s | %s |" % (name, stat.with_spread(added)))
    print()
