"""Whole programs: pairs of runs, native and recorded in turn."""
import os
import random
import shutil
import socket
import subprocess
import time

import statistics_of_runs as stat
import traced

PROGRAMS = os.path.join(traced.BUILD, "tests", "bench")
DATA_BYTES = 64 << 20
QUICK_BYTES = 4 << 20


def data(size=DATA_BYTES):
    """Bytes that compress like text; the same in every run. Made at the first call."""
    path = os.path.join(traced.WORK, "data")
    if not os.path.exists(path):
        chance = random.Random(1)
        words = [("%x" % chance.getrandbits(chance.randint(4, 40))).encode() for _ in range(5000)]
        line = b" ".join(chance.choice(words) for _ in range(200000))
        with open(path, "wb") as file:
            while file.tell() < size:
                file.write(line[chance.randrange(1000):])
    return path


def user_option():
    return ["-u", "nobody"] if os.getuid() == 0 else []


class Program:
    """Runs to its end by itself; timed from exec to exit, the recorder's own work apart."""

    def __init__(self, name, needs, argv):
        self.name, self.needs, self.argv = name, needs, argv
        self.unit = 1

    def seconds(self, work, recorded):
        result = os.path.join(traced.WORK, "spawned")
        argv = [os.path.join(PROGRAMS, "spawn"), "1", result] + self.argv(work)
        if recorded:
            output = traced.fresh("whole")
            said = traced.ran(traced.recording_command(output) + argv)[1]
            shutil.rmtree(output, ignore_errors=True)
            traced.prove_recorded(said, 20)
        else:
            traced.ran(argv)
        with open(result) as file:
            return float(file.read()) / 1000


class Server:
    """Serves a fixed number of requests; the time is the client's."""

    def __init__(self, name, needs, port, argv, load, stop):
        self.name, self.needs, self.port, self.argv, self.load, self.stop = name, needs, port, argv, load, stop
        self.unit = 2000

    def await_port(self, process):
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                if process.poll() is not None:
                    break
                time.sleep(0.05)
        raise traced.Failed("%s does not serve" % self.name)

    def seconds(self, work, recorded):
        output = traced.fresh("whole")
        log = os.path.join(traced.WORK, "server.err")
        argv = (traced.recording_command(output) if recorded else []) + self.argv(self.port)
        with open(log, "w") as err:
            process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=err)
        try:
            self.await_port(process)
            begin = time.monotonic()
            traced.ran(self.load(self.port, work))
            took = time.monotonic() - begin
            self.stop(self.port)
            process.wait(60)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        with open(log, errors="replace") as file:
            said = file.read()
        shutil.rmtree(output, ignore_errors=True)
        if recorded:
            traced.prove_recorded(said, 20)
        return took


def memcached_argv(port):
    # -A: it may be asked to end.
    return ["memcached", "-t", "4", "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-A"] + user_option()


def stop_memcached(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"shutdown\r\n")
        connection.recv(1)


def redis_argv(port):
    return ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--io-threads", "4",
            "--io-threads-do-reads", "yes", "--save", "", "--appendonly", "no", "--dir", traced.WORK]


def redis_load(port, work):
    return ["redis-benchmark", "-p", str(port), "-q", "-c", "50", "-t", "set,get", "-n", str(work)]


def stop_redis(port):
    subprocess.run(["redis-cli", "-p", str(port), "shutdown", "nosave"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def all_programs():
    def packer(*argv):
        # -c to nowhere: what is measured is packing, not a disk.
        return lambda work: ["sh", "-c", 'exec "$@" >/dev/null', "sh", *argv] + [data()] * work

    pipeline, requests = os.path.join(PROGRAMS, "pipeline"), os.path.join(PROGRAMS, "requests")
    programs = [
        Program("pigz", ["pigz"], packer("pigz", "-c", "-p", "4")),
        Program("zstd", ["zstd"], packer("zstd", "-q", "-c", "-T4", "-9")),
        Program("pbzip2", ["pbzip2"], packer("pbzip2", "-c", "-p4")),
        Server("memcached", ["memcached"], 11297, memcached_argv,
               lambda port, work: [requests, str(port), "8", str(work // 8)], stop_memcached),
        Server("redis", ["redis-server", "redis-benchmark"], 11296, redis_argv, redis_load, stop_redis),
        Program("pipeline", [pipeline], lambda work: [pipeline, str(100 * work)]),
    ]
    return {program.name: program for program in programs}


SHOWN = {
    "pigz": "pigz -p 4",
    "zstd": "zstd -T4 -9",
    "pbzip2": "pbzip2 -p4",
    "memcached": "memcached -t 4, 8 connections",
    "redis": "redis-server, 4 I/O threads, 50 connections",
    "pipeline": "a C++ pipeline: async, condition_variable, atomic::wait",
}


def work_for(program, seconds):
    """How much work takes that long natively: doubled until it can be told from one run."""
    work = program.unit
    while (took := program.seconds(work, False)) < seconds / 4:
        work *= 2
    return max(program.unit, -(-int(work * seconds * 1.05 / took) // program.unit) * program.unit)


def print_programs(names, pairs, seconds, note):
    print("| whole program, recorded; native = 1 | median of %d pairs | 95%% confidence |" % pairs)
    print("|---|---|---|")
    programs = all_programs()
    data(DATA_BYTES if seconds else QUICK_BYTES)
    for name in names:
        program, ratios = programs[name], []
        if any(not (os.path.exists(need) or shutil.which(need)) for need in program.needs):
            print("| %s | not installed | |" % SHOWN[name])
            continue
        work = work_for(program, seconds) if seconds else program.unit
        program.seconds(work, True)  # warms up what the first run would find cold
        for _ in range(pairs):
            native = program.seconds(work, False)
            try:
                ratios.append(program.seconds(work, True) / native)
            except traced.Lost as lost:
                note("%s: %s" % (name, str(lost).splitlines()[-1]))
        sure = stat.interval(ratios)
        print("| %s | %s | %s |" % (SHOWN[name], stat.number(stat.median(ratios)) if ratios else "failed",
                                    "%s–%s" % tuple(map(stat.number, sure)) if sure else "too few runs"), flush=True)
    print()
