# Calls that are wrong are told as the wrapper saw them, once each, with their
# error and where; the calls themselves say what they say without us.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need python3

expect 0 alone "$THREADLINE_PROGRAMS/misuses"
expect 0 misuse "$threadline" record -o T -- "$THREADLINE_PROGRAMS/misuses"
says misuse "no events lost"
babeltrace2 T | python3 -c '
import re, sys
told = []
for line in sys.stdin:
    if "threadline:misuse:" in line:
        told.append((re.search(r"kind = \( \"([a-z-]+)\"", line).group(1), int(re.search(r"error = (\d+)", line).group(1))))
        assert int(re.search(r"stack = (\d+)", line).group(1)) != 0
EPERM, EBUSY, EINVAL, EDEADLK = 1, 16, 22, 35
wanted = [("relock-by-owner", EDEADLK), ("destroy-while-held", EBUSY), ("unlock-not-owner", EPERM), ("relock-by-owner", 0),
          ("unlock-not-owner", 0), ("relock-by-owner", EDEADLK), ("relock-by-owner", EDEADLK), ("destroy-while-held", 0),
          ("wait-without-mutex", 0), ("join-self", EDEADLK), ("join-detached", EINVAL), ("detach-detached", EINVAL), ("join-twice", 0)]
if told != wanted:
    sys.exit("told %s, not %s" % (told, wanted))' || fail "the wrong calls are told wrongly"
