# --attach: a service that carries the library is recorded while it runs, with all that it said before.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
preload=${THREADLINE_BIN%/bin}/lib/libthreadline-preload.so
[ -f "$preload" ] || preload=$(dirname "$bin")/lib/libthreadline-preload.so

serve() {
	LD_PRELOAD="$preload" "$THREADLINE_PROGRAMS/serves" "$@" >ready 2>serves.err &
	service=$!
	until_true 10 grep -q ready ready || fail "the service does not begin"
}

serve 60
expect 0 first "$threadline" record --attach --pid $service --for 1s -o "A trace with 'quotes', spaces, 100%"
cat first.err
babeltrace2 "A trace with 'quotes', spaces, 100%" >first.txt 2>/dev/null || fail "it cannot be read"
kill -0 $service || fail "the service did not survive"
sed -n 1,60p first.txt; "$threadline" check "A trace"*; echo $?; kill $service
