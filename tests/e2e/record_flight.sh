# --flight: only the latest is kept, in memory; snapshots are traces of their own that can be judged.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
preload=${THREADLINE_BIN%/bin}/lib/libthreadline-preload.so

serves=$THREADLINE_PROGRAMS/serves
checked() {
	"$threadline" check "$2" >"$1.check" 2>&1 || fail "$1: check says $?: $(cat "$1.check")"
	grep -q '^0 errors, 0 warnings' "$1.check" || fail "$1: $(cat "$1.check")"
}

"$threadline" record --flight --keep 2M -o F -- "$serves" 60 >F.out 2>F.err &
recorder=$!
until_true 20 grep -q ready F.out || fail "it does not begin"
sleep 1
[ -z "$(ls F)" ] || fail "something was written before a snapshot: $(ls F)"
expect 0 ask "$threadline" snapshot one
[ "$(cat ask.out)" = "$(pwd)/F/one" ] || fail "snapshot says $(cat ask.out)"
checked one F/one
babeltrace2 F/one > one.txt 2>/dev/null
tail -5 one.txt | cut -c 1-200
cat one.check
expect 0 ask "$threadline" snapshot one
ls F; cat F/snapshots
kill -USR2 $recorder
sleep 1
cat F.err; ls F
expect 0 stop "$threadline" stop
cat stop.out
kill $recorder
wait $recorder
echo $?
cat F.err
"$threadline" record --flight --keep 2M --on-block 2s -o G -- "$serves" 6 crash >G.out 2>G.err 
cat G.err; ls G
checked blocked G/*blocked
checked blocked G/*died
cat blocked.check
