#!/bin/sh
# demo.sh: the whole path in one command. Installs what is missing, builds,
# records a program that leaks threads, checks the record, and shows it: in a
# window, or as a picture where there is no display.
set -u
cd "$(dirname "$0")/.." || exit 2

say() {
	printf '\n== %s\n' "$*"
}

cmake/install-packages.sh build demo || exit 2

say "Building"
cmake --preset release >/dev/null && cmake --build --preset release || exit 1
bin=$PWD/build/release/bin
trace=$PWD/build/demo
rm -rf "$trace" "$trace.png"

say "Recording: threadline record -o build/demo -- leaky_iterator 30"
"$bin/threadline" record -o "$trace" -- "$bin/leaky_iterator" 30 || exit 1

say "Checking: threadline check build/demo"
"$bin/threadline" check "$trace"
status=$?
# 1: it has found the leak, which is what this is for.
[ "$status" -le 1 ] || exit 1

# A window only for a person at a reachable display.
reachable() {
	[ -z "${CI:-}" ] && [ -t 1 ] || return 1
	case ${DISPLAY:-} in
	"") ;;
	:[0-9]*)
		number=${DISPLAY#:}
		[ -S "/tmp/.X11-unix/X${number%%.*}" ] && return 0
		;;
	*) return 0 ;;
	esac
	[ -n "${WAYLAND_DISPLAY:-}" ] && [ -S "${XDG_RUNTIME_DIR:-/nowhere}/$WAYLAND_DISPLAY" ]
}

if reachable; then
	say "Opening the viewer: threadline view build/demo"
	"$bin/threadline" view "$trace" && exit 0
	echo "The window could not be opened; drawing a picture instead."
fi
say "Drawing: threadline render build/demo -o build/demo.png"
"$bin/threadline" render "$trace" -o "$trace.png" --size 1600x900 || exit 1
echo "The timeline is in $trace.png"
