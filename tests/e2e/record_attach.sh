# --attach: a service that carries the library is recorded while it runs, with all that it said before.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
# Our programs below may be built with the sanitizer, which looks for leaks of LTTng's, too, and wants to come first.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:verify_asan_link_order=0"
preload=${THREADLINE_BIN%/bin}/lib/libthreadline-preload.so

# serve NAME [SECONDS [crash]]: one that runs, unrecorded; its process is $service
serve() {
	LD_PRELOAD="$preload" "$THREADLINE_PROGRAMS/serves" "${2:-60}" ${3:-} >"$1.ready" 2>"$1.service" &
	service=$!
	until_true 20 grep -q ready "$1.ready" || fail "the service does not begin"
}

# checked NAME TRACE: nothing wrong is found, and nothing is missing
checked() {
	"$threadline" check "$2" >"$1.check" 2>&1 || fail "$1: check says $?: $(cat "$1.check")"
	grep -q '^0 errors, 0 warnings' "$1.check" || fail "$1: $(cat "$1.check")"
}

# A path in which nothing is plain.
odd="A trace with 'quotes', \"spaces\" and 100%
and a line"
serve one
expect 0 first "$threadline" record --attach --pid $service --for 1s -o "$odd"
says first "recording process $service, serves"
says first "no events lost"
kill -0 $service || fail "the service did not survive"
babeltrace2 "$odd" >first.txt 2>/dev/null || fail "it cannot be read"
[ "$(grep -c 'threadline:status:' first.txt)" = 8 ] || fail "$(grep -c threadline:status: first.txt) standings, not 8"
[ "$(grep -c 'threadline:dump_end:' first.txt)" = 1 ] || fail "no end of the dump"
grep -q 'threadline:status:.*"blocked".*"mutex"' first.txt || fail "nobody says that one waits for a mutex"
grep -q 'threadline:name:.*"the held one"' first.txt || fail "the object's name was not told again"
checked first "$odd"
grep -q 'stuck begins to wait for mutex the held one' first.check || fail "who is stuck is not named: $(cat first.check)"
grep -q 'at get_stuck .*serves.c' first.check || fail "where it is stuck is not told"
[ "$(stat -c %a "$odd")" = 700 ] || fail "others may enter the trace's folder"

# Again, by its name, to Ctrl+C; the orders of locks and the stacks are told anew.
"$threadline" record --attach --name 'serv*' -o second >second.out 2>second.err &
recorder=$!
until_true 20 grep -q 'Ctrl+C ends' second.err || fail "it does not begin"
sleep 0.5
kill -INT $recorder
wait $recorder || fail "Ctrl+C: exit status $?"
checked second second
[ "$(count second status)" = 8 ] || fail "the second recording has $(count second status) standings"

# Without a choice: every process that carries the library, also one that begins meanwhile, which tells all by itself.
"$threadline" record --attach -o all >all.out 2>all.err &
recorder=$!
until_true 20 grep -q 'Ctrl+C ends' all.err || fail "it does not begin"
LD_PRELOAD="$preload" "$bin/worker_pool" >pool.out 2>&1 || fail "the second program"
expect 0 status "$threadline" status
grep -q "^recording $recorder\$" status.out && grep -q '  what: attached' status.out || fail "status: $(cat status.out)"
expect 0 stop "$threadline" stop
wait $recorder || fail "stop: exit status $?"
checked all all
[ "$(count all process_begin)" = 2 ] && [ "$(count all status)" = 8 ] || fail "not both, or not each as it should"
expect 0 none "$threadline" status
grep -q 'nothing is being recorded' none.out || fail "status: $(cat none.out)"

# Its own end of the service ends the recording of it.
kill $service
wait $service 2>/dev/null
serve short 8
expect 0 short "$threadline" record --attach --pid $service -o short
wait $service || fail "the service ended with $?"
[ "$(count short process_end)" = 1 ] || fail "its end was not recorded"
checked short short

# A child that comes later is recorded, too, with all that it had said until it was found.
LD_PRELOAD="$preload" sh -c 'echo ready; sleep 5; "$0" 5; :' "$THREADLINE_PROGRAMS/serves" >child.ready 2>child.service &
service=$!
until_true 20 grep -q ready child.ready || fail "the shell does not begin"
expect 0 child "$threadline" record --attach --pid $service -o child
wait $service || fail "the shell ended with $?"
checked child child
babeltrace2 child 2>/dev/null | grep 'threadline:status:' | grep -q '"mutex"' || fail "the child's tasks were not told of"

# What cannot be done is said before anything is made.
expect 125 nobody "$threadline" record --attach --pid $service -o N1
says nobody "there is no process $service"
sleep 60 &
plain=$!
expect 125 plain "$threadline" record --attach --pid $plain -o N2
says plain "does not carry Threadline's library"
kill $plain
expect 125 both "$threadline" record --attach -o N3 -- true
says both "no command to start"
expect 125 alone "$threadline" record --pid 1 -o N4 -- true
says alone "is for --attach"
expect 125 choice "$threadline" record --attach --io -o N5
says choice "decided when a program starts"
for folder in N*; do
	[ ! -e "$folder" ] || fail "$folder was left behind"
done
nothing_left
