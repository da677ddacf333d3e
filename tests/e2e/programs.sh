# Correct programs from Debian, and C++ programs as the standard library makes them:
# recorded without loss, seen to have done what they do, and nothing found.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need pigz pbzip2 zstd xz memcached redis-server redis-benchmark stress-ng sysbench python3

# correct NAME COMMAND...: an error or a warning about it would be a false one
correct() {
	name=$1
	shift
	expect 0 "$name" "$threadline" record -o "$name" -- "$@"
	says "$name" "no events lost"
	expect 0 "$name-check" "$threadline" check "$name"
	grep -q '^0 errors, 0 warnings' "$E2E_WORK/$name-check.out" || fail "$name: findings on a correct program"
}

# holds TRACE EVENT COUNT [TEXT]: at least so many events of that kind, with that text in them
holds() {
	got=$(babeltrace2 "$1" 2>/dev/null | grep "threadline:$2:" | grep -cF -e "${4:-}")
	[ "$got" -ge "$3" ] || fail "$1: $got events $2 ${4:-}, not $3"
}

# Bytes that compress like text: 100 MB, and 16 for those that are slow.
python3 -c '
import random
words = [("%x" % random.getrandbits(random.randint(4, 40))).encode() for _ in range(5000)]
with open("data", "wb") as f:
    line = b" ".join(random.choice(words) for _ in range(200000))
    while f.tell() < 100 * 1024 * 1024:
        f.write(line[random.randrange(1000):])'
head -c 16777216 data >less
correct pigz pigz -k -p 4 data
holds pigz create 4
holds pigz block 20 '"cond"'
correct zstd zstd -q -k -f -T4 data
holds zstd create 4
holds zstd block 5 '"cond"'
rm -f data*
correct pbzip2 pbzip2 -k -p4 less
holds pbzip2 create 4
holds pbzip2 block 5 '"cond"'
correct xz xz -k -T4 -0 less
holds xz create 2
holds xz block 3 '"cond"'
pbzip2 -q -t less.bz2 2>/dev/null && xz -t less.xz || fail "what was packed cannot be unpacked"

correct stress-pthread stress-ng -q --pthread 2 --pthread-ops 2000
holds stress-pthread create 2000
correct stress-mutex stress-ng -q --mutex 1 -t 1
holds stress-mutex create 2
# By time: with --sem-ops it hangs by itself, untraced too.
correct stress-sem stress-ng -q --sem 1 -t 1
holds stress-sem create 2
correct stress-futex stress-ng -q --futex 1 -t 1
holds stress-futex block 100 '"futex"'
correct stress-switch stress-ng -q --switch 1 -t 1

correct sysbench-threads sysbench threads --threads=4 --thread-locks=4 --events=500 --time=10 run
holds sysbench-threads create 4
holds sysbench-threads block 100 '"mutex"'
correct sysbench-mutex sysbench mutex --threads=4 --mutex-num=4 --mutex-locks=20000 --mutex-loops=100 run
holds sysbench-mutex create 4

correct async "$THREADLINE_PROGRAMS/async"
holds async create 30
holds async block 4 '"futex"'
correct atomic-wait "$THREADLINE_PROGRAMS/atomic_wait"
holds atomic-wait create 4
holds atomic-wait block 10 '"futex"'

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
correct memcached python3 requests.py
holds memcached process_begin 1 memcached
holds memcached create 12

cat >redis.sh <<'SHELL'
redis-server --port 11298 --bind 127.0.0.1 --io-threads 4 --io-threads-do-reads yes --save "" --appendonly no &
server=$!
tries=200
until redis-cli -p 11298 ping 2>/dev/null | grep -q PONG; do
	tries=$((tries - 1))
	[ $tries -gt 0 ] || exit 1
	sleep 0.05
done
redis-benchmark -p 11298 -q -t set,get -n 5000 -c 50 || exit 1
redis-cli -p 11298 shutdown nosave
wait $server
SHELL
correct redis sh redis.sh
holds redis name 3 io_thd
holds redis create 6
