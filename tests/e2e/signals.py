"""Sends signals to a recording in a terminal of its own and counts what the command got of them."""
import os, pty, signal, subprocess, sys, time

COMMAND = r"""
import os, signal, sys, time
got = {}
def note(number, frame):
    got[number] = got.get(number, 0) + 1
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2):
    signal.signal(number, note)
print("ready", flush=True)
end = time.time() + 20
while not got and time.time() < end:
    time.sleep(0.02)
time.sleep(0.7)
print("got", " ".join("%d=%d" % item for item in sorted(got.items())), flush=True)
sys.exit(sum(got.values()))
"""


def read_until(fd, mark, seconds=30):
    text, end = b"", time.time() + seconds
    while mark not in text and time.time() < end:
        try:
            text += os.read(fd, 4096)
        except OSError:
            break
    return text


def state(pid):
    with open("/proc/%d/stat" % pid) as file:
        return file.read().rsplit(")", 1)[1].split()[0]


def start(name, command):
    """The recorder leads a session with a terminal, as a shell's foreground job."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(sys.argv[1], [sys.argv[1], "record", "-o", name, "--"] + command)
    return pid, fd


def start_job(name, command):
    """The same, as a job of a session's leader that waits for it: only such a group can be stopped from the terminal."""
    pid, fd = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        job = os.fork()
        if job == 0:
            os.setpgid(0, 0)
            os.tcsetpgrp(0, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            os.execv(sys.argv[1], [sys.argv[1], "record", "-o", name, "--"] + command)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(job, 0)[1]))
    return pid, fd


def await_state(pid, wanted):
    end = time.time() + 20
    while state(pid) != wanted and time.time() < end:
        time.sleep(0.02)
    assert state(pid) == wanted, "%d is in state %s, not %s" % (pid, state(pid), wanted)


def finish(pid, fd):
    text = read_until(fd, b"next:")
    _, status = os.waitpid(pid, 0)
    os.close(fd)
    return os.waitstatus_to_exitcode(status), text.decode(errors="replace")


def case(name, send, number):
    pid, fd = start(name, [sys.executable, "-c", COMMAND])
    assert b"ready" in read_until(fd, b"ready"), name + ": the command does not begin"
    time.sleep(0.2)
    send(pid, fd)
    status, text = finish(pid, fd)
    assert "got %d=1\r\n" % number in text and status == 1, "%s: %d, %s" % (name, status, text)
    assert text.count("recorded") == 1, name + ": no summary: " + text
    print("ok", name)


case("terminal-interrupt", lambda pid, fd: os.write(fd, b"\x03"), signal.SIGINT)
case("terminal-quit", lambda pid, fd: os.write(fd, b"\x1c"), signal.SIGQUIT)
for one in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1):
    case("recorder-%d" % one, lambda pid, fd: os.kill(pid, one), one)
    case("group-%d" % one, lambda pid, fd: os.killpg(pid, one), one)

# A command that dies of it: 128 + n, and the recording is complete.
pid, fd = start("dies", ["sh", "-c", "echo ready; exec sleep 30"])
assert b"ready" in read_until(fd, b"ready"), "dies: the command does not begin"
os.kill(pid, signal.SIGTERM)
status, text = finish(pid, fd)
assert status == 128 + signal.SIGTERM and "recorded" in text, (status, text)

# Ctrl-Z stops recorder and command; continued, both go on.
STOPPED = r"""
import os, signal, time
goes_on = []
signal.signal(signal.SIGCONT, lambda number, frame: goes_on.append(number))
print("ready %d." % os.getpid(), flush=True)
end = time.time() + 30
while not goes_on and time.time() < end:
    time.sleep(0.02)
print("done" if goes_on else "nobody continues it", flush=True)
"""
pid, fd = start_job("stop", [sys.executable, "-c", STOPPED])
command = int(read_until(fd, b".").rsplit(b"ready ", 1)[1].split(b".")[0])
recorder = os.getpgid(command)
os.write(fd, b"\x1a")
await_state(command, "T")
await_state(recorder, "T")
os.killpg(recorder, signal.SIGCONT)
status, text = finish(pid, fd)
assert status == 0 and "done" in text, (status, text)
