#!/bin/sh
# The viewer's cache through its options: written, used, refused when the trace changes, and
# the picture is the same every time. See docs/cache.md.
set -u

: "${THREADLINE_BIN:?}"
view=$THREADLINE_BIN/threadline-view
work=${E2E_WORK:-$(mktemp -d /tmp/tl-cache.XXXXXX)}
unset DISPLAY WAYLAND_DISPLAY

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

[ -x "$view" ] || { echo "SKIP: this build has no viewer"; exit 77; }
cd "$work" || exit 1
export XDG_CACHE_HOME="$work/home"
cache=trace.txt.threadline-cache

# list TEXT: a trace in which a thread is called so, and which is not new any more
list() {
	cat >trace.txt <<LIST
host tester
0 process_begin task=1 pid=100 program="/usr/bin/a" capabilities=31 version=1
10 start task=1 cause=first carrier=100
100 create task=1 child=2 name="$1"
200 start task=2 cause=first carrier=101 waker=1
300 block task=2 wait=1 reason=send object=0x10 timeout_ns=-1
1000 exit task=1
LIST
	sleep 1.2
}

# draws NAME OPTION...: a picture of trace.txt, and what was said
draws() {
	name=$1
	shift
	"$view" --render "$name.png" trace.txt --size 640x400 "$@" >"$name.out" 2>"$name.err" || fail "$name: $(cat "$name.err")"
}

# same A B: the two pictures are
same() {
	cmp -s "$1.png" "$2.png" || fail "$1 and $2 are different pictures"
}

list worker
draws plain
[ ! -e $cache ] || fail "a picture has left a cache without being asked to"
draws kept --cache always
[ -e $cache ] || fail "no cache: $(cat kept.err)"
[ "$(stat -c %a $cache)" = 600 ] || fail "the cache is not its owner's alone"
[ ! -e $cache.new ] || fail "$cache.new is left"
draws again --cache always
[ ! -s again.err ] || fail "said of a good cache: $(cat again.err)"
same plain kept
same plain again

# That it is really used: its time of access is set.
touch -a -d '2001-01-01' $cache
draws used
[ "$(stat -c %X $cache)" -gt 1000000000 ] || fail "the cache was not used"
touch -a -d '2001-01-01' $cache
draws unused --no-cache
[ "$(stat -c %X $cache)" -lt 1000000000 ] || fail "--no-cache uses the cache"
same plain unused

# Another trace, by content or by time alone, is not what was kept.
list painter
draws changed --cache always
grep -q "before it changed" changed.err || fail "the stale cache is not told: $(cat changed.err)"
cmp -s plain.png changed.png && fail "the stale cache is shown"
draws changed2 --no-cache
same changed changed2
touch trace.txt
draws touched --cache always
same changed touched
grep -q "before it changed" touched.err || fail "a touched trace is taken for the same"

# Damage, in its middle, at its end, and all of it.
sleep 1.2
draws fresh --cache always
cp $cache good
for damage in 'printf x | dd of=$cache bs=1 seek=300 conv=notrunc' 'truncate -s -1 $cache' 'truncate -s 0 $cache' \
	'rm $cache; ln -s good $cache' 'rm $cache; mkfifo $cache' 'rm $cache; mkdir $cache'; do
	rm -rf $cache
	cp good $cache
	chmod 600 $cache
	eval "$damage" 2>damage.log
	draws damaged
	same changed damaged
done
rmdir $cache

# Where nothing can be made beside the trace: in the user's folder.
mkdir $cache
draws home --cache always
ls home/threadline/*.threadline-cache >/dev/null || fail "nothing in the user's folder: $(cat home.err)"
rmdir $cache
draws home2 --cache always
[ ! -s home2.err ] || fail "the cache in the user's folder: $(cat home2.err)"
same changed home2

# Several together have theirs there, too.
cp trace.txt other.txt
sleep 1.2
"$view" --render two.png trace.txt other.txt --cache always || fail "two traces"
[ "$(ls home/threadline/*.threadline-cache | wc -l)" = 2 ] || fail "two traces are not kept"
[ ! -e $cache ] || fail "two traces are kept beside the first"

# What cannot be read is not kept, and what is written this moment neither.
list worker
rm -r home
cp trace.txt whole.txt
echo 'nonsense' >>trace.txt
"$view" --render broken.png trace.txt --cache always 2>broken.err && fail "nonsense is drawn"
[ ! -e $cache ] && [ ! -e home ] || fail "a broken trace is kept"
cp whole.txt trace.txt
draws early --cache always
[ ! -e $cache ] && [ ! -e home ] || fail "a trace that is still written to is kept"

# No room.
list worker
(ulimit -f 1; trap '' XFSZ; "$view" --render full.svg trace.txt --size 10x10 --cache always >full.out 2>full.err)
[ ! -e $cache ] && [ ! -e $cache.new ] || fail "a full disk leaves a cache"

"$view" --render x.png trace.txt --cache sometimes 2>wrong.err
[ $? = 2 ] && grep -q 'auto, always and never' wrong.err || fail "--cache sometimes: $(cat wrong.err)"
echo "view_cache: ok"
