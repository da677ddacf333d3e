"""Runs a program as each of the compared tracers would, and makes sure that it was traced.

Everything happens in a folder and with a session daemon of our own (see isolate.sh)."""
import os
import re
import shutil
import subprocess
import time

BUILD = os.environ["THREADLINE_BUILD"]
WORK = os.environ["E2E_WORK"]
RECORD = os.path.join(BUILD, "bin", "threadline")
OURS = os.path.join(BUILD, "lib", "libthreadline-preload.so")
# The channel that `threadline record` makes: 2 MiB times 8, and the reader's, for each processor.
CHANNEL = ["--subbuf-size=2M", "--num-subbuf=8", "--buffers-uid", "--discard"]
BUFFERS = "18M"


class Failed(Exception):
    """A run that proves nothing: the program failed, or was not traced as it should be."""


class Lost(Failed):
    """The tracer lost events, so that it did less than it should have."""


def ran(argv, env=None, **options):
    """Runs a command and returns its stdout; stderr is told only if it fails."""
    done = subprocess.run(argv, env=dict(os.environ, **(env or {})), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace", **options)
    if done.returncode != 0:
        raise Failed("%s: exit status %d: %s" % (" ".join(argv), done.returncode, done.stderr[-800:]))
    return done.stdout, done.stderr


def fresh(name):
    path = os.path.join(WORK, name)
    shutil.rmtree(path, ignore_errors=True)
    return path


def size_of(folder):
    return sum(os.path.getsize(os.path.join(at, f)) for at, _, files in os.walk(folder) for f in files)


def system_library(name):
    folder = ran(["pkg-config", "--variable=libdir", "lttng-ust"])[0].strip()
    path = os.path.join(folder, name)
    return path if os.path.exists(path) else None


class Daemon:
    """A session daemon in our own namespace or home folder; `threadline record` uses it too."""

    def __init__(self):
        self.process = None

    def start(self):
        if self.process:
            return
        self.process = subprocess.Popen(["lttng-sessiond"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            if subprocess.run(["lttng", "--no-sessiond", "list"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0:
                return
            time.sleep(0.05)
        raise Failed("lttng-sessiond does not answer")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None


class Session:
    """A plain LTTng session of some providers, for the time of a `with`."""

    def __init__(self, *events):
        self.events = events
        self.output = fresh("lttng")

    def __enter__(self):
        ran(["lttng", "create", "bench", "--output=" + self.output])
        ran(["lttng", "enable-channel", "-s", "bench", "-u", "events"] + CHANNEL)
        for event in self.events:
            ran(["lttng", "enable-event", "-s", "bench", "-c", "events", "-u", event])
        ran(["lttng", "start", "bench"])
        return self

    def __exit__(self, *_):
        self.said = "".join(ran(["lttng", "stop", "bench"]))
        ran(["lttng", "destroy", "bench"])
        self.bytes = size_of(self.output)
        shutil.rmtree(self.output, ignore_errors=True)

    def prove(self, events):
        """At least so many events were recorded (each takes 10 bytes and more) and none was lost."""
        if "discarded" in self.said:
            raise Lost("LTTng lost events: " + self.said.strip())
        if self.bytes < 10 * events:
            raise Failed("LTTng recorded only %d bytes" % self.bytes)


def recording_command(output, options=()):
    return [RECORD, "record", "-o", output, "--buffer-size", BUFFERS, *options, "--"]


def prove_recorded(said, events=1):
    """What `threadline record` says at its end: that many events, and none lost."""
    found = re.search(r"threadline: recorded ([\d,]+) events? of", said)
    if not found or int(found[1].replace(",", "")) < events:
        raise Failed("Threadline did not record %d events: %s" % (events, said[-800:]))
    if "no events lost" not in said:
        raise Lost("Threadline lost events: " + said.strip())


def recorded(argv, options=(), events=1, env=None):
    output = fresh("recording")
    out, said = ran(recording_command(output, options) + argv, env)
    shutil.rmtree(output, ignore_errors=True)
    prove_recorded(said, events)
    return out


def wrapper():
    return system_library("liblttng-ust-pthread-wrapper.so")


def traced_by_wrapper(argv, events):
    with Session("lttng_ust_pthread:*") as session:
        out = ran(argv, {"LD_PRELOAD": wrapper()})[0]
    session.prove(events)
    return out


def traced_by_uftrace(argv):
    output = fresh("uftrace")
    # --force: the program was not compiled for it; its calls of libraries are seen all the same.
    out, said = ran(["uftrace", "record", "--force", "--no-event", "--no-pager", "-d", output] + argv)
    if not os.path.isdir(output) or size_of(output) < 1000:
        raise Failed("uftrace recorded nothing")
    shutil.rmtree(output, ignore_errors=True)
    if "lost" in said.lower():
        raise Lost("uftrace: " + said[-200:])
    return out


def traced_by_ltrace(argv, calls):
    output = os.path.join(WORK, "ltrace")
    out = ran(["ltrace", "-f", "-o", output, "-e", calls] + argv)[0]
    with open(output, errors="replace") as file:
        if sum(1 for line in file if "pthread_" in line) < 10:
            raise Failed("ltrace saw no calls")
    return out
