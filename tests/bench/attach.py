"""What attaching to a running redis-server costs it: rounds of equal loads, one after the other.

In each round the same load goes to a server without the library, to one with it that nobody
records, to the same while it is recorded (record --attach), and to it again when the recorder has
left. Ratios are of a round, so that a machine that grows busy spoils a round and not the result;
beside the throughput stands the server's own processor time for the same requests, which others'
work disturbs less."""
import argparse
import os
import signal
import socket
import subprocess
import sys
import time

import statistics_of_runs as stat
import traced

PHASES = ["without the library", "loaded, off", "attached", "left again"]


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
        before, begun = self.processor_seconds(), time.monotonic()
        traced.ran(["redis-benchmark", "-p", str(self.port), "-n", str(requests), "-c", "20", "-t", "get", "-q"])
        took = time.monotonic() - begun
        return requests / took, (self.processor_seconds() - before) / requests * 1e6

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


def round_of(plain, loaded, requests):
    rows = [plain.load(requests), loaded.load(requests)]
    attached = Attached(loaded)
    rows.append(loaded.load(requests))
    said = attached.end()
    # LTTng's library takes a moment to see that nobody records any more.
    time.sleep(0.5)
    rows.append(loaded.load(requests))
    return rows, said


def row(name, rounds, at, base):
    cells = []
    for which in (0, 1):
        values = sorted(r[at][which] / r[base][which] for r in rounds)
        low, high = stat.interval(values) or (values[0], values[-1])
        cells.append("%.3f (%.3f to %.3f)" % (stat.median(values), low, high))
    print("| %s | %s | %s |" % (name, cells[0], cells[1]))


def main():
    parser = argparse.ArgumentParser(prog="run.sh attach")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--requests", type=int, default=200000)
    options = parser.parse_args()
    plain = Redis(7801, None)
    loaded = Redis(7802, traced.OURS)
    rounds, said = [], ""
    try:
        for server in (plain, loaded):
            server.load(options.requests)
        for _ in range(options.rounds):
            one, said = round_of(plain, loaded, options.requests)
            rounds.append(one)
            print("round %d: %s" % (len(rounds), ", ".join("%s %.0f/s %.2f us" % ((PHASES[i],) + one[i])
                                                            for i in range(4))), file=sys.stderr)
    finally:
        plain.end()
        loaded.end()
    print("redis-server, %d rounds of %d GETs each; load of the machine %.1f; the last recording: %s" % (
        len(rounds), options.requests, os.getloadavg()[0], said))
    print("\n| | throughput | processor time of the server |\n|---|---|---|")
    row("loaded and off, to without the library", rounds, 1, 0)
    row("attached, to loaded and off", rounds, 2, 1)
    row("left again, to loaded and off", rounds, 3, 1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
