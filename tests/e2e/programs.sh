# Correct programs from Debian: recorded, checked, and nothing of severity error;
# what works as it should fails no check.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need pigz zstd memcached python3

# 100 MB that compress like text.
python3 -c '
import random
words = [("%x" % random.getrandbits(random.randint(4, 40))).encode() for _ in range(5000)]
with open("data", "wb") as f:
    line = b" ".join(random.choice(words) for _ in range(200000))
    while f.tell() < 100 * 1024 * 1024:
        f.write(line[random.randrange(1000):])'
expect 0 pigz "$threadline" record -o pigz -- pigz -k -p 4 data
says pigz "no events lost"
expect 0 pigz-check "$threadline" check pigz
[ "$(count pigz create)" -ge 4 ] || fail "pigz's threads are not in the trace"
rm -f data.gz

expect 0 zstd "$threadline" record -o zstd -- zstd -q -k -f -T4 data
expect 0 zstd-check "$threadline" check zstd

# Requests over a connection each, then SIGINT as an operator would.
cat >requests.py <<'PYTHON'
import os, random, signal, socket, subprocess, sys, threading, time
user = ["-u", "nobody"] if os.getuid() == 0 else []
server = subprocess.Popen(["memcached", "-t", "4", "-l", "127.0.0.1", "-p", "11299", "-U", "0"] + user)
for _ in range(100):
    try:
        socket.create_connection(("127.0.0.1", 11299)).close()
        break
    except OSError:
        time.sleep(0.05)
def ask(n):
    s = socket.create_connection(("127.0.0.1", 11299))
    f = s.makefile("rwb")
    for i in range(500):
        f.write(b"set k%d 0 0 5\r\nhello\r\nget k%d\r\n" % (n * 1000 + i, n * 1000 + i)); f.flush()
        assert f.readline() == b"STORED\r\n"
        for _ in range(3):
            f.readline()
threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]
server.send_signal(signal.SIGINT)
sys.exit(server.wait())
PYTHON
expect 0 memcached "$threadline" record -o memcached -- python3 requests.py
expect 0 memcached-check "$threadline" check memcached
[ "$(babeltrace2 memcached | grep process_begin | grep -c memcached)" = 1 ] || fail "memcached is not in the trace"
