#!/bin/sh
# Every rule has a page of help with all its parts, but for those that
# without_help.txt beside this script names; and it names no others.
threadline=$1
allowed=$(dirname "$0")/without_help.txt
wrong=0
for rule in $("$threadline" check --list-rules | cut -d' ' -f1); do
	page=$("$threadline" check --explain "$rule")
	missing=""
	for part in "What it means" "Example" "How to fix it" "When it is a false alarm"; do
		case $page in *"$part"*) ;; *) missing="$missing, $part" ;; esac
	done
	case $page in
	"$rule"*) ;;
	*) missing="$missing, its id" ;;
	esac
	if grep -qx "$rule" "$allowed"; then
		[ -n "$missing" ] && continue
		echo "$rule has its help: take it out of without_help.txt" >&2
		wrong=1
	elif [ -n "$missing" ]; then
		echo "$rule: no help for: ${missing#, } (viewer/rules/help_*.c)" >&2
		wrong=1
	fi
done
for rule in $(grep -v '^#' "$allowed"); do
	"$threadline" check --list-rules | grep -q "^$rule " || { echo "without_help.txt: there is no rule $rule" >&2; wrong=1; }
done
exit $wrong
