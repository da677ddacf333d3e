#!/bin/sh
# run.sh: installs what is missing, builds, runs every test.
#   --sanitizers   also AddressSanitizer with UndefinedBehaviorSanitizer, and ThreadSanitizer
#   --slow         also the tests that take minutes
#   --jobs N       so many at once (default: the processors, 4 at most)
# The result of the last ctest is the end of the output. Exit status: 0 all
# passed, 1 not, 2 something is missing that could not be installed.
set -u
cd "$(dirname "$0")/.." || exit 2

presets="dev"
jobs=$(nproc)
[ "$jobs" -le 4 ] || jobs=4
while [ $# -gt 0 ]; do
	case $1 in
	--sanitizers) presets="asan tsan dev" ;;
	--slow) export THREADLINE_SLOW=1 ;;
	--jobs)
		jobs=${2:?--jobs needs a number}
		shift
		;;
	*)
		sed -n '2,7s/^# \{0,1\}//p' "$0"
		exit 2
		;;
	esac
	shift
done

cmake/install-packages.sh build test || exit 2

# Everything is built first, so that a test's result is the last thing said.
for preset in $presets; do
	cmake --preset "$preset" >"/tmp/threadline-configure.$$" || {
		cat "/tmp/threadline-configure.$$"
		rm -f "/tmp/threadline-configure.$$"
		exit 1
	}
	rm -f "/tmp/threadline-configure.$$"
	cmake --build --preset "$preset" || exit 1
done

# Sanitized builds run what is ours alone: the libraries inside other programs, and
# so the end-to-end tests, are the same in all of them.
status=0
for preset in $presets; do
	case $preset in
	dev) ctest --preset "$preset" -j "$jobs" || status=1 ;;
	*) ctest --preset "$preset" -j "$jobs" -LE e2e || status=1 ;;
	esac
done
exit $status
