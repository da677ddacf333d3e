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
pid, fd = start("dies", ["sleep", "30"])
time.sleep(2)
os.kill(pid, signal.SIGTERM)
status, text = finish(pid, fd)
assert status == 128 + signal.SIGTERM and "recorded" in text, (status, text)

# Ctrl-Z stops recorder and command; continued, both go on.
pid, fd = start("stop", [sys.executable, "-c", "print('ready', flush=True); import time; time.sleep(1.5); print('done')"])
read_until(fd, b"ready")
os.write(fd, b"\x1a")
time.sleep(0.5)
# A session's leader has nobody to continue it, so the kernel discards its stop; the command's stop suffices there.
os.killpg(pid, signal.SIGCONT)
status, text = finish(pid, fd)
assert status == 0 and "done" in text, (status, text)
