"""What attaching to a running redis-server costs it: short equal loads, one after the other.

Three servers run: one without the library, one with it that nobody records, and one that is
recorded for a while (record --attach) and then left again. A machine whose processors others share
is faster for some seconds and slower for others; so each is given a short load in turn, a third of a
second long, and a ratio is that of two loads that followed each other. Beside the throughput stands
the server's own processor time for the same requests, which others' work disturbs less."""
import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import time

import statistics_of_runs as stat
import traced

LIBRARY_SLEEPS = 0.5  # LTTng's takes a moment to see that nobody records any more


class Redis:
    def __init__(self, port, preload):
        self.port = port
        env = dict(os.environ, **({"LD_PRELOAD": preload} if preload else {}))
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no", "--daemonize", "no"],
            stdout=subprocess.DEVNULL, env=env, cwd=traced.WORK)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise traced.Failed("redis-server does not serve")

    def processor_seconds(self):
        """Of all its threads; LTTng's own are among them. In ns, where stat counts hundredths of seconds."""
        tasks, total = "/proc/%d/task" % self.process.pid, 0
        for task in os.listdir(tasks):
            with open("%s/%s/schedstat" % (tasks, task)) as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def load(self, requests):
        """Requests a second, and the server's processor time for each, in us."""
        before = self.processor_seconds()
        said, _ = traced.ran(["redis-benchmark", "-p", str(self.port), "-n", str(requests), "-c", "20", "-t", "get",
                              "--csv"])
        rate = re.search(r'^"GET","([0-9.]+)"', said, re.MULTILINE)
        if not rate:
            raise traced.Failed("redis-benchmark says no rate: " + said)
        return float(rate.group(1)), (self.processor_seconds() - before) / requests * 1e6

    def end(self):
        self.process.terminate()
        self.process.wait()


class Attached:
    def __init__(self, server):
        self.output = traced.fresh("attached")
        self.log = open(os.path.join(traced.WORK, "attach.err"), "w+")
        self.process = subprocess.Popen(
            [traced.RECORD, "record", "--attach", "--pid", str(server.process.pid), "-o", self.output],
            stderr=self.log, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        for _ in range(600):
            self.log.seek(0)
            if "Ctrl+C ends" in self.log.read():
                return
            time.sleep(0.05)
        raise traced.Failed("record --attach does not begin")

    def end(self):
        """How many events there were."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        self.log.seek(0)
        said = self.log.read()
        self.log.close()
        traced.prove_recorded(said, 1)
        return said[said.index("recorded "):].splitlines()[0]


def loads(servers, turns, requests):
    """Each server's loads: in every turn another one is the first."""
    results = [[] for _ in servers]
    for turn in range(turns):
        for i in range(len(servers)):
            which = (turn + i) % len(servers)
            results[which].append(servers[which].load(requests))
    return results


def row(name, loads_of, base):
    cells = []
    for which in (0, 1):
        values = sorted(a[which] / b[which] for a, b in zip(loads_of, base))
        low, high = stat.interval(values) or (values[0], values[-1])
        cells.append("%.3f (%.3f to %.3f)" % (stat.median(values), low, high))
    print("| %s | %s | %s |" % (name, cells[0], cells[1]))


def measure(servers, options):
    """The loads of: without the library; loaded and off; attached; loaded and off again; left again. And what was said."""
    all_loads, said = [[] for _ in range(5)], ""
    for turn in range(options.rounds):
        attached = Attached(servers[2])
        during = loads(servers, options.turns, options.requests)
        said = attached.end()
        time.sleep(LIBRARY_SLEEPS)
        after = loads(servers[1:], options.turns, options.requests)
        for kept, new in zip(all_loads, during + after):
            kept.extend(new)
        print("round %d: %s" % (turn + 1, said), file=sys.stderr)
    return all_loads, said


def main():
    parser = argparse.ArgumentParser(prog="run.sh attach")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--turns", type=int, default=30)
    parser.add_argument("--requests", type=int, default=20000)
    options = parser.parse_args()
    servers = [Redis(7801, None), Redis(7802, traced.OURS), Redis(7803, traced.OURS)]
    try:
        loads(servers, 2, options.requests)
        (plain, off, on, off_after, left), said = measure(servers, options)
    finally:
        for server in servers:
            server.end()
    print("redis-server, attached %d times, for %d loads of %d GETs of each server; load of the machine %.1f; "
          "the last recording: %s" % (options.rounds, options.turns, options.requests, os.getloadavg()[0], said))
    print("\n| | throughput | processor time of the server |\n|---|---|---|")
    row("loaded and off, to without the library", off, plain)
    row("attached, to loaded and off", on, off)
    row("left again, to loaded and off", left, off_after)
    return 0


if __name__ == "__main__":
    sys.exit(main())
