#!/bin/sh
# compare.sh THREADLINE CASE, or --accept THREADLINE: runs check on the lists
# beside this script and compares what it prints with what it should.
cd "$(dirname "$0")" || exit 2

output() {
	case $2 in
	check_text) "$1" check lists/story.txt ;;
	check_json) "$1" check --format json lists/story.txt ;;
	trap_text) "$1" check --fail-on info lists/trap.txt ;;
	esac
}

if [ "$1" = --accept ]; then
	for case in check_text check_json trap_text; do
		output "$2" "$case" >"$case.expected"
	done
	exit 0
fi
output "$1" "$2" | diff -u "$2.expected" -
