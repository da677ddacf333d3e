"""How fast traces are read, as ratios to Babeltrace in the same run; see run.sh."""
import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
import time

import traced
from statistics_of_runs import median, number

SIZES = [1_000_000, 10_000_000, 100_000_000]
PROGRAM = os.path.join(traced.BUILD, "tests", "bench", "busy_server")
READ_ALL = os.path.join(traced.BUILD, "tests", "bench", "read_all")


def parsed():
    parser = argparse.ArgumentParser(prog="run.sh reading")
    parser.add_argument("--quick", action="store_true", help="one small trace: shows that it works")
    parser.add_argument("--sizes", default=",".join(str(size) for size in SIZES), help="events, with commas between")
    parser.add_argument("--rounds", type=int, default=3, help="of each row, in turn")
    parser.add_argument("--traces", help="a folder that keeps the traces, to be used again")
    options = parser.parse_args()
    options.sizes = [20_000] if options.quick else [int(size) for size in options.sizes.split(",")]
    if options.quick:
        options.rounds = 1
    return options


def make_trace(events, folder):
    """Records it, if it is not there, until none of its events is lost."""
    path = os.path.join(folder or traced.WORK, str(events))
    rate = 1_200_000
    while not os.path.exists(os.path.join(path, "whole")):
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        _, said = traced.ran(traced.recording_command(os.path.join(path, "trace")) +
                             [PROGRAM, str(events), str(rate)])
        try:
            traced.prove_recorded(said, events)
        except traced.Lost:
            rate //= 2
            continue
        open(os.path.join(path, "whole"), "w").close()
    return os.path.join(path, "trace")


def anonymous_memory(pid, stop, seen):
    """The most that a process takes for itself, in bytes, as often looked at as is cheap."""
    while not stop.wait(0.01):
        try:
            with open("/proc/%d/status" % pid) as status:
                found = re.search(r"RssAnon:\s+(\d+) kB", status.read())
        except OSError:
            return
        if found:
            seen.append(int(found[1]) * 1024)


def run(argv):
    """Seconds on the wall, seconds of processors, and bytes."""
    stop, seen = threading.Event(), [0]
    begin = time.monotonic()
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watch = threading.Thread(target=anonymous_memory, args=(child.pid, stop, seen))
    watch.start()
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stderr.close()
    stop.set()
    watch.join()
    if child.returncode != 0:
        raise traced.Failed("%s: exit status %d: %s" % (" ".join(argv), child.returncode, said[-800:]))
    return wall, usage.ru_utime + usage.ru_stime, max(seen)


def babeltrace(trace, sink):
    folder = next(at for at, _, files in os.walk(trace) if "metadata" in files)
    return ["babeltrace2", "--component=source.ctf.fs", '--params=inputs=["%s"]' % folder] + sink


def prove_equal(trace, events):
    """Babeltrace and both readers see the same number of events, and all of them."""
    counted = traced.ran(babeltrace(trace, ["--component=sink.utils.counter"]))[0]
    # It tells now and then how far it is, and at last all.
    theirs = int(re.findall(r"(\d+) Event messages", counted)[-1])
    ours = [int(traced.ran([READ_ALL, reader, trace])[0]) for reader in ("direct", "babeltrace")]
    if theirs < events or ours != [theirs, theirs]:
        raise traced.Failed("%s: %d events by Babeltrace, %s by our readers" % (trace, theirs, ours))
    return theirs


VIEW = os.path.join(traced.BUILD, "bin", "threadline-view")


def cache_of(trace):
    return os.path.realpath(trace) + ".threadline-cache"


def forget(trace):
    if os.path.exists(cache_of(trace)):
        os.remove(cache_of(trace))


def opened(trace, events, cache):
    """Opens the viewer without a display: seconds to the first picture and to the whole, bytes of the model."""
    begin = time.monotonic_ns()
    said, _ = traced.ran([VIEW, "--bench-opening", "--cache", cache, trace],
                         env={"SDL_VIDEODRIVER": "dummy"})
    told = json.loads(said)
    if told["events"] != events or told["cached"] != (cache == "auto"):
        raise traced.Failed("%s: the viewer shows %d events of %d, cached: %s" % (
            trace, told["events"], events, told["cached"]))
    return (told["first_ns"] - begin) / 1e9, (told["whole_ns"] - begin) / 1e9, told["model_bytes"]


def measure_viewer(trace, events, rounds, base):
    """From the start of the program to its pictures: the trace read, then its cache."""
    forget(trace)
    # What has changed within the last second is not kept.
    time.sleep(1.1)
    opened(trace, events, "always")
    read, again = [], []
    for _ in range(rounds):
        read.append(opened(trace, events, "never"))
        again.append(opened(trace, events, "auto"))
    size = os.path.getsize(cache_of(trace))
    forget(trace)
    whole = median([run[1] for run in read])
    print("\n| the viewer's window | |")
    print("|---|---|")
    print("| first picture, s | %.3f |" % median([run[0] for run in read]))
    print("| complete, s | %.3f |" % whole)
    print("| complete, times as fast as the dummy sink | %.2f |" % (base / whole))
    print("| reopened from its cache, s | %.3f |" % median([run[1] for run in again]))
    print("| bytes of the model an event | %.1f |" % (read[0][2] / events))
    print("| bytes of the cache an event | %.1f |" % (size / events))


def rows_of(trace, picture):
    threadline = os.path.join(traced.BUILD, "bin", "threadline")
    return {
        "`babeltrace2`, dummy sink": babeltrace(trace, ["--component=sink.utils.dummy"]),
        "`babeltrace2`, text": ["babeltrace2", trace],
        "our reader on Babeltrace": [READ_ALL, "babeltrace", trace],
        "our direct reader": [READ_ALL, "direct", trace],
        "`check --reader babeltrace`": [threadline, "check", "--reader", "babeltrace", trace],
        "`check`": [threadline, "check", trace],
        "`report`": [threadline, "report", trace],
        "`render`: the viewer, complete": [threadline, "render", trace, "-o", picture, "--no-cache"],
    }


def measure(events, options):
    trace = make_trace(events, options.traces)
    forget(trace)
    events = prove_equal(trace, events)
    picture = os.path.join(traced.WORK, "picture.png")
    rows = rows_of(trace, picture)
    taken = {name: [] for name in rows}
    # In turn, so that whatever else the machine does meets all of them.
    for _ in range(options.rounds):
        for name, argv in rows.items():
            if os.path.exists(picture):
                os.remove(picture)
            taken[name].append(run(argv))
    base = median([wall for wall, _, _ in taken["`babeltrace2`, dummy sink"]])
    print("\n%s events, %s MB\n" % (format(events, ","), number(traced.size_of(trace) / 1e6)))
    print("| | times as fast as the dummy sink | million events a second | of processor time | MB of its own |")
    print("|---|---|---|---|---|")
    for name, runs in taken.items():
        wall, cpu = median([run[0] for run in runs]), median([run[1] for run in runs])
        print("| %s | %.2f | %.2f | %.2f | %s |" % (name, base / wall, events / wall / 1e6, events / cpu / 1e6,
                                                number(max(run[2] for run in runs) / 1e6)))
    measure_viewer(trace, events, options.rounds, base)
    return {name: max(run[2] for run in runs) for name, runs in taken.items()}


def main():
    options = parsed()
    memory = {}
    daemon = traced.Daemon()
    try:
        daemon.start()
        for events in options.sizes:
            memory[events] = measure(events, options)
    except traced.Failed as failed:
        print("reading: %s" % failed, file=sys.stderr)
        return 1
    finally:
        daemon.stop()
    if len(memory) > 1:
        few, many = min(memory), max(memory)
        print("\nMemory of `check`, %s events over %s: %.2f." % (
            format(many, ","), format(few, ","), memory[many]["`check`"] / max(memory[few]["`check`"], 1)))
    print("\nMedians of %d rounds, warm page cache, %d processors, Linux %s." % (
        options.rounds, os.cpu_count(), platform.release()))
    return 0


sys.exit(main())
