# Each signal reaches the command once: Ctrl-C from a terminal, one sent to the recorder, one sent to the group.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need python3

expect 0 signals python3 "$THREADLINE_SOURCE/tests/e2e/signals.py" "$threadline"
nothing_left
