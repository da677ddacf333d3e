# paired: throughput of redis off, on (attached), off
preload=${THREADLINE_BIN%/bin}/lib/libthreadline-preload.so
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
bench() { redis-benchmark -p $1 -n 40000 -c 50 -P 1 -t get -q --csv 2>/dev/null | tail -1 | cut -d, -f2 | tr -d '"'; }
redis-server --port 7001 --save "" --io-threads 2 --daemonize no >/dev/null 2>&1 & a=$!
LD_PRELOAD=$preload redis-server --port 7002 --save "" --io-threads 2 >/dev/null 2>&1 & b=$!
sleep 1
for i in 1 2 3 4 5 6 7; do
 n=$(bench 7001); off=$(bench 7002)
 "$threadline" record --attach --pid $b -o R$i >R.out 2>R.err & r=$!
 until_true 20 grep -q 'Ctrl+C ends' R.err
 on=$(bench 7002)
 kill -INT $r; wait $r
 echo "native $n off $off on $on  $(grep recorded R.err)"
done
"$threadline" check R7 | tail -30; echo check $?
kill $a $b
