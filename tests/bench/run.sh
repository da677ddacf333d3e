#!/bin/sh
# run.sh overhead|reading|attach [OPTION...]: ratios measured side by side in one run, in
# Markdown.
#
# overhead: what recording costs, beside other tracers where they are installed.
#   --quick        a few small runs of everything: shows that it works, no more
#   --only A,B     these rows only (--list names them)
#   --rounds N     rounds of the small operations (default 15)
#   --pairs N      pairs of runs of each whole program (default 21)
#   --seconds S    how long a run of a whole program is to take (default 5)
# reading: how fast traces are read, beside Babeltrace.
#   --quick        one small trace: shows that it works, no more
#   --sizes A,B    events (default 1000000,10000000,100000000; the last takes 10 GB)
#   --rounds N     of each row (default 3)
#   --traces DIR   keeps the traces, to be used again
#
# attach: what attaching to a running redis-server, and leaving again, changes.
#   --rounds N     attaches so often (default 5)
#   --turns N      loads of each server in a round, and again after it (default 30)
#   --requests N   of each load (default 20000)
#
# Exit status: 0, 1 when something failed (it says what), 2 when something is missing.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 2
root=$here/../..

what=${1:-}
case $what in
overhead | reading | attach) shift ;;
*)
	sed -n '2,22s/^# \{0,1\}//p' "$0"
	exit 2
	;;
esac

# A test of this script names the build and has installed what is to be used.
if [ -z "${THREADLINE_BUILD:-}" ]; then
	cd "$root" || exit 2
	THREADLINE_BUILD=$(pwd)/build/dev
	cmake/install-packages.sh build bench >&2 || exit 2
	{ cmake --preset dev && cmake --build --preset dev; } >&2 || exit 2
fi
export THREADLINE_BUILD

# Room for every tracer's buffers at once; only what is written takes memory.
SHM_SIZE=2g exec sh "$here/../e2e/isolate.sh" python3 -B "$here/$what.py" "$@"
