#!/bin/sh
# The window at scale 2: as asked for, also after a change of its size.
set -u

. "$(dirname "$0")/view_lib.sh"

{
	workers 40
	echo "2500000 exit task=1"
} >"$work/trace.txt"

# names PICTURE: how many names stand one below the other, left of the rows
names() {
	convert "$1" -crop 150x500+10+100 +repage -colorspace gray -threshold 50% -scale '1x500!' -threshold 1% txt: |
		awk -F'[,: ]+' '!/^#/ { on = /white|#F/; if (on && !was) n++; was = on } END { print n + 0 }'
}

display
open_view 1200 760 "$work/trace.txt" --scale 1
shot scale-1
quits
open_view 1200 760 "$work/trace.txt" --scale 2
changed scale-2
few=$(names "$shots/view-scale-2.png") many=$(names "$shots/view-scale-1.png")
[ "$few" -gt 2 ] && [ "$many" -gt $((few * 3 / 2)) ] || fail "$many names at scale 1, $few at scale 2"
xdotool windowsize "$window" 1000 700
settle=1
changed scale-2-resized
again=$(names "$shots/view-scale-2-resized.png")
[ "$again" -lt $((many * 2 / 3)) ] || fail "$again names at scale 2 after a change of size, $many at scale 1"
quits
echo "the window keeps its scale"
