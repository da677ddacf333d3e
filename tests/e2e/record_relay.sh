# record --to, threadline relay: traces of several hosts at one place, a connection that is cut, a relay that begins anew.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need lttng-relayd
need_isolation "use the relay's ports"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:verify_asan_link_order=0"
serves=$THREADLINE_PROGRAMS/serves

# begin_relay NAME [ADDRESS]: one that writes to R
begin_relay() {
	"$threadline" relay -o R ${2:+"$2"} >"$1.out" 2>"$1.err" &
	relay=$!
	until_true 20 grep -q 'record to it' "$1.out" || fail "$1 does not begin: $(cat "$1.err")"
}

# What does not go together is refused, with the reason; so is a relay that is not there.
expect 125 nobody "$threadline" record --to 127.0.0.1 -- touch ran
says nobody "no relay daemon answers at 127.0.0.1, port 5342"
says nobody "threadline relay"
for options in "--flight" "--rotate 1m" "--max-size 1M" "--survive" "--check" "--lossless"; do
	expect 125 together "$threadline" record --to 127.0.0.1 $options -- touch ran
done
expect 125 snapshots "$threadline" record --live --flight -- touch ran
says snapshots "LTTng cannot take snapshots of what is sent live"
expect 125 rotate "$threadline" record --live --rotate 1m -- touch ran
says rotate "LTTng cannot rotate what is sent live"
expect 125 port "$threadline" record --to 127.0.0.1:x -- touch ran
expect 125 name "$threadline" record --to 127.0.0.1 -o 'a/b' -- touch ran
[ ! -e ran ] || fail "the command ran"

# One host: what was sent is a trace like any other, in a folder for its owner alone.
begin_relay first
expect 0 one "$threadline" record --to 127.0.0.1 -o shop -- "$serves" 1
says one "to 127.0.0.1, as shop; no events lost"
checked one R/*/shop-*
[ "$(stat -c %a R)" = 700 ] || fail "others can enter the folder: $(stat -c %a R)"
grep -q 'receiving .*/shop-' first.out || until_true 5 grep -q 'receiving .*/shop-' first.out || fail "nothing is said of what arrives: $(cat first.out)"
expect 1 twice "$threadline" relay -o R2
says twice "ports 5342 to 5344 free"
rm -rf R2
"$threadline" relay -o R3 127.0.0.1:7342 >other.out 2>other.err &
other=$!
until_true 20 grep -q 'threadline record --to 127.0.0.1:7342 -- COMMAND' other.out || fail "where to send is not said: $(cat other.out other.err)"
kill -INT $other
wait $other || fail "the other relay says $?"

# The relay is killed in the middle: the program goes on, and a fresh trace when another one is there.
"$threadline" record --to 127.0.0.1 -o cut -- "$serves" 10 >cut.out 2>cut.err &
recorder=$!
until_true 20 grep -q ready cut.out || fail "it does not begin"
sleep 2
kill -KILL $relay $(cat /proc/$relay/task/$relay/children)
wait $relay
until_true 10 grep -q 'the connection to 127.0.0.1 is lost' cut.err || fail "the cut is not told: $(cat cut.err)"
sleep 2
begin_relay again
until_true 10 grep -q 'answers again: a fresh trace goes on' cut.err || fail "it does not go on: $(cat cut.err)"
wait $recorder || fail "record says $?: $(cat cut.err)"
grep -q 'the connection was lost 1 time, for .*: WHAT HAPPENED MEANWHILE IS LOST' cut.err || fail "the loss is not told: $(cat cut.err)"
checked before R/*/cut-20*
checked after R/*/cut-2-*
babeltrace2 R/*/cut-2-* 2>/dev/null | grep 'threadline:status:' | grep -q 'blocked.*"mutex"' || fail "who is stuck is not in the fresh one"
judged both R

# The same, but the recording ends and the program does not.
"$threadline" record --to 127.0.0.1 -o brief --if-cut end -- "$serves" 5 >end.out 2>end.err &
recorder=$!
until_true 20 grep -q ready end.out || fail "it does not begin"
sleep 1
kill -TERM $relay
wait $relay || fail "relay says $?: $(cat again.err)"
until_true 10 grep -q 'the recording ends here (--if-cut end)' end.err || fail "it does not end: $(cat end.err)"
wait $recorder || fail "the command ended with $?"
checked brief R/*/brief-*
nothing_left 30

# Two more hosts: network namespaces with names, daemons and memory of their own.
ip netns add left 2>netns.err && ip netns add right 2>>netns.err &&
	ip netns exec left unshare -m -u true 2>>netns.err || skip "no network namespaces: $(cat netns.err)"
number=1
for host in left right; do
	ip link add "to-$host" type veth peer name eth0 netns $host || skip "no pairs of network devices here"
	ip addr add 10.77.$number.1/24 dev "to-$host"
	ip link set "to-$host" up
	ip netns exec $host ip addr add 10.77.$number.2/24 dev eth0
	ip netns exec $host ip link set eth0 up
	ip netns exec $host ip link set lo up
	number=$((number + 1))
done
# on HOST COMMAND...
on() {
	on_host=$1
	shift
	ip netns exec $on_host unshare -m -u sh -c 'mount -t tmpfs tmpfs /run/lttng && mkdir -p /run/threadline &&
		mount -t tmpfs -o mode=700 tmpfs /run/threadline && mount -t tmpfs -o mode=1777,size=200m tmpfs /dev/shm &&
		hostname "$1" && shift && exec "$@"' on $on_host "$@"
}
begin_relay hosts 0.0.0.0
on left "$threadline" record --to 10.77.1.1 -o shop -- "$serves" 16 >left.out 2>left.err &
left=$!
on right "$threadline" record --to 10.77.2.1 -o till -- "$serves" 30 >right.out 2>right.err &
right=$!
until_true 30 grep -q ready left.out || fail "left does not begin: $(cat left.err)"
until_true 30 grep -q ready right.out || fail "right does not begin: $(cat right.err)"
on right "$threadline" check --live net://10.77.2.1/till >follower.out 2>follower.err &
follower=$!
sleep 3
# A cable is pulled: nobody says so, and silence tells.
ip link set to-right down
until_true 15 grep -q 'the connection to 10.77.2.1 is lost' right.err || fail "silence is not noticed: $(cat right.err)"
until_true 25 sh -c "! kill -0 $follower 2>/dev/null" || fail "who looks on waits for ever: $(cat follower.err)"
wait $follower
[ $? = 2 ] || fail "who looked on says $?: $(cat follower.err)"
grep -q 'the connection is lost' follower.err || fail "follower: $(cat follower.err)"
grep -q ' events of .* tasks' follower.out || fail "what came before is not reported: $(cat follower.out)"
ip link set to-right up
until_true 15 grep -q 'a fresh trace goes on' right.err || fail "it does not go on: $(cat right.err)"
wait $left || fail "left ended with $?: $(cat left.err)"
wait $right || fail "right ended with $?: $(cat right.err)"
grep -q 'is lost' left.err && fail "left heard of right's cut"
# The program never waited for the network: it was as long under way as it was told.
checked left R/left/shop-*
judged right R/right
judged hosts R
# A clock that is wrong is set right, whichever reader reads; a name that fits nothing is said.
for reader in direct babeltrace; do
	expect 0 plain "$threadline" check R/left --reader $reader
	"$threadline" check R/left R/right >/dev/null 2>&1 && fail "two paths are taken"
	"$threadline" check R/left --reader $reader --clock-offset left=-1h >moved.out 2>moved.err || fail "moved: $(cat moved.err)"
	cmp -s plain.out moved.out || fail "a shift changes what is found: $(diff plain.out moved.out)"
	"$threadline" check R --reader $reader --clock-offset right=+1h --clock-offset R/left=-1h >apart.out 2>apart.err
	[ "$(sed -n 's/^R: .* in \([0-9]*\)\.*[0-9]* s.*/\1/p' apart.out)" -ge 7200 ] || fail "they are not two hours apart: $(tail -n 2 apart.out)"
done
expect 2 nobody "$threadline" check R --clock-offset elsewhere=1s
says nobody "no host and no trace 'elsewhere'"
kill -INT $relay
wait $relay || fail "relay says $?"
nothing_left 60
