"""What Threadline costs, as ratios: the command line, and what surrounds the tables; see run.sh."""
import argparse
import os
import platform
import sys

import micro
import traced
import whole

PROGRAMS = list(whole.SHOWN)
ROWS = list(micro.ROWS) + ["event", "startup"] + PROGRAMS


def machine():
    with open("/proc/cpuinfo") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    ust = traced.ran(["pkg-config", "--modversion", "lttng-ust"])[0].strip()
    return "%s, %d processors, Linux %s, %s, LTTng-UST %s" % (
        models[0] if models else platform.machine(), os.cpu_count(), platform.release(),
        " ".join(platform.libc_ver()), ust)


def parsed():
    parser = argparse.ArgumentParser(prog="run.sh overhead")
    parser.add_argument("--quick", action="store_true", help="a few small runs of everything")
    parser.add_argument("--only", default=",".join(ROWS), help="rows, with commas between")
    parser.add_argument("--rounds", type=int, default=15, help="of the small operations")
    parser.add_argument("--pairs", type=int, default=21, help="of runs of each whole program")
    parser.add_argument("--seconds", type=float, default=5, help="that a run of a whole program takes")
    parser.add_argument("--list", action="store_true", help="names the rows")
    options = parser.parse_args()
    options.only = options.only.split(",")
    for row in options.only:
        if row not in ROWS:
            parser.error("there is no row %s; there are %s" % (row, ", ".join(ROWS)))
    options.scale = 1.0
    if options.quick:
        options.rounds, options.pairs, options.seconds, options.scale = 1, 1, 0, 0.02
    return options


def main():
    options = parsed()
    if options.list:
        print("\n".join(ROWS))
        return 0
    notes = []
    daemon = traced.Daemon()
    try:
        # A daemon runs all the time, and an idle library is registered with it: as on a machine in use.
        daemon.start()
        operations = [row for row in micro.ROWS if row in options.only]
        if operations:
            micro.print_operations(operations, options.rounds, options.scale, notes.append)
        if "event" in options.only:
            micro.print_events(options.rounds, options.scale, notes.append)
        if "startup" in options.only:
            micro.print_startup(daemon, options.rounds, options.scale, notes.append)
        programs = [row for row in PROGRAMS if row in options.only]
        if programs:
            whole.print_programs(programs, options.pairs, options.seconds, notes.append)
    except traced.Failed as failed:
        print("overhead: %s" % failed, file=sys.stderr)
        return 1
    finally:
        daemon.stop()
    print("Medians; in brackets the middle half of the rounds. " + machine() + ".")
    for note in notes:
        print("overhead: left out: " + note, file=sys.stderr)
    return 0


sys.exit(main())
