#!/bin/sh
# threadline-view --render: pictures without a display, of the size and range
# asked for, whole or not at all, and clear words when it cannot be done.
set -u

: "${THREADLINE_BIN:?}"
view=$THREADLINE_BIN/threadline-view
work=${E2E_WORK:-$(mktemp -d /tmp/tl-render.XXXXXX)}
unset DISPLAY WAYLAND_DISPLAY

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

[ -x "$view" ] || { echo "SKIP: this build has no viewer"; exit 77; }
cd "$work" || exit 1
cat >trace.txt <<'LIST'
host tester
0 process_begin task=1 pid=100 program="/usr/bin/a\nb\x1b[31m" capabilities=31 version=1
10 start task=1 cause=first carrier=100
100 create task=1 child=2 name="worker"
200 start task=2 cause=first carrier=101 waker=1
300 block task=2 wait=1 reason=send object=0x10 timeout_ns=-1
1000 exit task=1
LIST

# size FILE: WIDTHxHEIGHT from the file's head
size() {
	od -An -tu1 -j16 -N8 "$1" | awk '{ print $1 * 16777216 + $2 * 65536 + $3 * 256 + $4 "x" $5 * 16777216 + $6 * 65536 + $7 * 256 + $8 }'
}

# draws NAME SIZE OPTION...: a picture of that size, and nothing left beside it
draws() {
	name=$1 wanted=$2
	shift 2
	"$view" --render "$name.png" "$@" >"$name.out" 2>"$name.err" || fail "$name: $(cat "$name.err")"
	[ "$(size "$name.png")" = "$wanted" ] || fail "$name: $(size "$name.png"), not $wanted"
	for file in "$name".png.*; do
		[ ! -e "$file" ] || fail "$name: $file is left"
	done
}

# refuses NAME TEXT OPTION...: exit status 2, the text on stderr, no picture
refuses() {
	name=$1 text=$2
	shift 2
	"$view" --render "$name.png" "$@" >"$name.out" 2>"$name.err"
	status=$?
	[ "$status" = 2 ] || fail "$name: exit status $status"
	grep -qF -e "$text" "$name.err" || fail "$name: '$text' is not in: $(cat "$name.err")"
	[ ! -e "$name.png" ] || fail "$name: a picture all the same"
}

draws plain 1600x900 trace.txt
draws small 1x1 trace.txt --size 1x1
draws flat 4000x3 trace.txt --size 4000x3
draws range 800x600 trace.txt --size 800x600 --from 250 --to 0.5us
draws light 640x480 trace.txt --theme light --size 640x480 --scale 2
cmp -s plain.png light.png && fail "every picture is the same"
: >nothing.txt
echo "host x" >nothing.txt
draws empty 300x200 nothing.txt --size 300x200
ln -s plain.png link.png
"$view" --render plain.png trace.txt || fail "an old picture is not replaced"
"$view" --render /dev/null trace.txt || fail "cannot write to a device"
[ -c /dev/null ] || fail "/dev/null is no device any more"

# Times at the ends of what can be said, names that are none, and ranges far out.
cat >hostile.txt <<'LIST'
0 process_begin task=1 pid=100 program="" capabilities=31 version=1
1 create task=1 child=2 name="\x1b[2J\xff\xfe\n\xe2\x80\xae tail"
2 start task=2 cause=first carrier=4294967295
9223372036854775806 block task=2 wait=1 reason=send object=0xffffffffffffffff timeout_ns=-1
9223372036854775807 exit task=1
LIST
draws hostile 900x400 hostile.txt --size 900x400
draws far 900x400 hostile.txt --size 900x400 --from -2000000h --to 2000000h

# Each panel, from a trace that means harm.
for panel in flame objects wakeups leaks tasks waits path; do
	draws "panel-$panel" 900x700 hostile.txt --size 900x700 --panel $panel
	cmp -s panel-$panel.png hostile.png && fail "--panel $panel shows none"
done
draws small-panel 200x120 hostile.txt --size 200x120 --panel flame

# The same as SVG: well-formed whatever the names, text as text, of the size asked for.
"$view" --render plain.svg trace.txt --size 1000x700 2>svg.err || fail "plain.svg: $(cat svg.err)"
"$view" --render hostile.SVG hostile.txt --size 900x700 --panel tasks --theme light 2>svg.err ||
	fail "hostile.SVG: $(cat svg.err)"
grep -q '>worker</text>' plain.svg || fail "names are not text in plain.svg"
if command -v python3 >/dev/null; then
	python3 - plain.svg hostile.SVG <<'PARSE' || fail "not what SVG should be"
import sys, xml.etree.ElementTree as tree
space = "{http://www.w3.org/2000/svg}"
known = {space + name for name in "svg style g clipPath rect pattern path text polygon polyline".split()}
for name, width in zip(sys.argv[1:], ("1000", "900")):
    root = tree.parse(name).getroot()
    assert root.get("width") == width and root.get("height") == "700", (name, root.attrib)
    strange = {element.tag for element in root.iter()} - known
    assert not strange, (name, strange)
    assert not any("on" == key[:2] or "href" in key for element in root.iter() for key in element.attrib)
PARSE
else
	echo "no python3 to read SVG with: skipped"
fi

# A kernel's traces: thousands of threads, and a program beside what the kernel says of it.
if [ -d "$THREADLINE_SHARED/traces/tracecompass/many-threads" ]; then
	draws kernel 1600x900 "$THREADLINE_SHARED/traces/tracecompass/many-threads" --size 1600x900
else
	echo "many-threads is not here: skipped"
fi
if command -v python3 >/dev/null; then
	PYTHONDONTWRITEBYTECODE=1 python3 "$THREADLINE_SOURCE/tests/golden/kernel.py" "$THREADLINE_BIN/threadline" kernels ||
		fail "the kernel traces are not as they should be"
	draws mixed 900x420 kernels/mixed --size 900x420
	draws kernel-loss 900x420 kernels/loss --size 900x420
else
	echo "no python3 to write kernel traces with: skipped"
fi

refuses no-trace "no-such-trace" no-such-trace
refuses no-range "nothing lies between" trace.txt --from 5s
refuses no-finding "findings" trace.txt --select 99
refuses no-panel "there are flame" trace.txt --panel nonsense
refuses no-size "16384" trace.txt --size 99999x1
"$view" --render no/such/folder/x.png trace.txt 2>folder.err && fail "a picture in a folder that is not there"
grep -q "no/such/folder" folder.err || fail "which folder? $(cat folder.err)"
"$view" --render . trace.txt 2>dot.err && fail "a picture in place of a folder"
"$view" --bench trace.txt --size 320x200 | grep -q '"p99_ms"' || fail "--bench prints no times"
[ "$("$view" --version)" ] || fail "--version prints nothing"
"$view" --help | grep -q -- --render || fail "--help does not help"

# Without a font: what to install.
cat >none.conf <<'CONF'
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>
CONF
FONTCONFIG_FILE=$work/none.conf "$view" --render font.png trace.txt 2>font.err
[ $? = 2 ] || fail "drew without a font"
grep -q fonts-dejavu-core font.err || fail "which package? $(cat font.err)"
echo "pictures are drawn, and refused, as they should"
