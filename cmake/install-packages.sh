#!/bin/sh
# install-packages.sh SET...: installs what is missing of the sets build, test,
# demo, bench. The one list of what Threadline needs; quick when nothing is missing.
# Where it may not or cannot install, it prints the line to run, or the list of
# what is needed, and exits 2.
set -u

# To build everything, the viewer and the tests included.
build="cmake ninja-build gcc g++ pkg-config liblttng-ust-dev liblttng-ctl-dev libbabeltrace2-dev
	libsdl2-dev libsdl2-ttf-dev libsdl2-image-dev libfontconfig-dev libdw-dev libunwind-dev libiberty-dev
	libjson-c-dev uthash-dev libcmocka-dev"
# To record and look.
demo="lttng-tools fonts-dejavu-core"
# To run every test.
test="lttng-tools fonts-dejavu-core babeltrace2 util-linux iproute2 mount procps python3
	python3-jsonschema xvfb xdotool imagemagick weston pigz pbzip2 zstd xz-utils memcached redis-server redis-tools
	stress-ng sysbench netcat-openbsd binutils"
# To measure, beside the tracers that it is compared with (tests/bench).
bench="lttng-tools babeltrace2 util-linux iproute2 mount python3 valgrind ltrace strace uftrace
	pigz pbzip2 zstd memcached redis-server redis-tools"

wanted=""
for set in "$@"; do
	case $set in
	build) wanted="$wanted $build" ;;
	demo) wanted="$wanted $demo" ;;
	test) wanted="$wanted $test" ;;
	bench) wanted="$wanted $bench" ;;
	*)
		echo "usage: install-packages.sh build|demo|test|bench ..." >&2
		exit 2
		;;
	esac
done

# On other systems the names differ: say what is needed, unless it is all there.
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	if command -v cmake >/dev/null && command -v ninja >/dev/null && command -v pkg-config >/dev/null &&
		pkg-config --exists lttng-ust lttng-ctl babeltrace2 sdl2 SDL2_ttf cmocka; then
		exit 0
	fi
	echo "This is not a Debian system. Please install what these packages of Debian's hold:" >&2
	echo $wanted >&2
	exit 2
fi

missing() {
	# "install ok installed" for each that is there; virtual names and others are not listed.
	have=$(dpkg-query -W -f '${Package} ${Status}\n' $wanted 2>/dev/null | sed -n 's/ install ok installed$//p')
	for package in $wanted; do
		case "
$have
" in
		*"
$package
"*) ;;
		*) echo "$package" ;;
		esac
	done | sort -u
}

list=$(echo $(missing))
[ -n "$list" ] || exit 0

line="apt-get install -y --no-install-recommends $list"
if [ "$(id -u)" = 0 ]; then
	as_root=""
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
	as_root="sudo"
else
	echo "These packages are missing, and only root can install them. Please run:" >&2
	echo "    sudo $line" >&2
	exit 2
fi

echo "Installing: $list"
apt() {
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get "$@"
}
failed() {
	echo "The packages could not be installed. Please run:" >&2
	echo "    ${as_root:+sudo }apt-get update && ${as_root:+sudo }$line" >&2
	exit 2
}
# The lists of packages may be missing or old: then they are fetched, and it is tried again.
if ! apt install -y -q --no-install-recommends $list; then
	apt update -q || failed
	apt install -y -q --no-install-recommends $list || failed
fi
list=$(echo $(missing))
[ -z "$list" ] || failed
