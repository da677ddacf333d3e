#!/bin/sh
# The window on Wayland, in a compositor that is itself a window of Xvfb's: it shows its
# picture, takes keys, and draws nothing while idle.
set -u

. "$(dirname "$0")/view_lib.sh"
command -v weston >/dev/null || skip "weston is not installed (apt install weston)"

{
	workers 40
	echo "2500000 exit task=1"
} >"$work/trace.txt"

display
export XDG_RUNTIME_DIR="$work/run"
mkdir -p -m 700 "$XDG_RUNTIME_DIR"
weston --backend=x11-backend.so --use-pixman --width=1280 --height=800 --socket=tl-view --idle-time=0 \
	>"$work/weston.log" 2>&1 &
weston=$!
trap 'kill "${viewer:-$server}" "$weston" "$server" 2>/dev/null' EXIT
for i in $(seq 100); do
	[ -S "$XDG_RUNTIME_DIR/tl-view" ] && break
	kill -0 "$weston" 2>/dev/null || skip "weston does not start: $(cat "$work/weston.log")"
	sleep 0.1
done
SDL_VIDEODRIVER=wayland WAYLAND_DISPLAY=tl-view "$view" "$work/trace.txt" --frames 2>"$work/view.err" &
viewer=$!
frames() {
	grep -c '^frame' "$work/view.err"
}
for i in $(seq 150); do
	[ "$(frames)" -gt 0 ] && break
	kill -0 "$viewer" 2>/dev/null || fail "the viewer is gone: $(cat "$work/view.err")"
	sleep 0.1
done

# All of the display is looked at; the clock in its panel is cut off.
shot() {
	sleep "${settle:-0.6}"
	import -window root "$shots/view-$1.png" || fail "no picture of the display"
	sum=$(convert "$shots/view-$1.png" -crop 1280x700+0+60 +repage rgb:- | cksum)
}
sleep 1
# Without a window manager, keys go to where the pointer is.
xdotool mousemove 640 600
shot wayland
green=$(convert "$shots/view-wayland.png" -fill black +opaque '#1F9D7C' -fill white -opaque '#1F9D7C' -format '%[fx:int(mean*w*h)]' info:)
[ "$green" -gt 2000 ] || fail "nothing of the picture is to be seen ($green pixels of running tasks)"
xdotool click 1
settle=1
shot wayland-focus
drawn=$(frames)
sleep 2
[ "$(frames)" = "$drawn" ] || fail "frames are drawn while idle"
# The compositor may still be busy with its own: a key is pressed again until it shows.
before=$sum
for i in 1 2 3 4 5; do
	keys w
	shot wayland-zoomed
	[ "$sum" != "$before" ] && break
done
[ "$sum" != "$before" ] || fail "W does not zoom"
# Told to end, it does as if the window had been closed.
kill -TERM "$viewer"
wait "$viewer"
status=$?
[ "$status" = 0 ] || fail "exit status $status: $(cat "$work/view.err")"
echo "the window shows its picture on Wayland"
