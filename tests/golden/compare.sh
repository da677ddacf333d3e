#!/bin/sh
# compare.sh THREADLINE CASE, or --accept THREADLINE: runs check and report on the lists
# beside this script and compares what it prints with what it should.
cd "$(dirname "$0")" || exit 2
cases="check_text check_json check_sarif check_junit check_github check_colour check_ignored check_ignored_json
	check_window explain trap_text trap_sarif trap_junit trap_github
	report_text report_json report_folded report_prometheus report_window report_groups report_lossy
	report_texts report_texts_json report_texts_folded report_texts_prometheus"

output() {
	case $2 in
	check_text) "$1" check lists/story.txt ;;
	check_json) "$1" check --format json lists/story.txt ;;
	# Without what a new rule or version changes.
	check_sarif) "$1" check --format sarif lists/story.txt |
		sed -e 's/"version": "0.*"/"version": "?"/' -e '/"ruleIndex"/d' -e '/"rules": \[/,/^          \]/d' ;;
	check_junit) "$1" check --format junit --rule never-unblocked --rule resource-leak --rule lost-wakeup \
		lists/story.txt ;;
	check_github) "$1" check --format github lists/story.txt ;;
	check_colour) "$1" check --color always --rule resource-leak lists/story.txt ;;
	check_ignored) "$1" check --ignore lists/story.ignore lists/story.txt 2>&1 ;;
	check_ignored_json) "$1" check --rule resource-leak --format json --ignore lists/story.ignore lists/story.txt ;;
	check_window) "$1" check --from 305us --to 320us lists/story.txt ;;
	explain) "$1" check --explain lost-wakeup ;;
	trap_text) "$1" check --fail-on info lists/trap.txt ;;
	trap_sarif) "$1" check --format sarif lists/trap.txt | sed -n -e '/"ruleIndex"/d' -e '/"results"/,$p' ;;
	trap_junit) "$1" check --format junit --rule resource-leak lists/trap.txt ;;
	trap_github) "$1" check --format github lists/trap.txt ;;
	report_text) "$1" report lists/story.txt ;;
	report_json) "$1" report --format json lists/story.txt ;;
	report_folded) "$1" report --format folded lists/story.txt ;;
	# Without the rules that found nothing, for there will be others.
	report_prometheus) "$1" report --format prometheus lists/story.txt | sed '/^threadline_findings{.* 0$/d' ;;
	report_window) "$1" report --from 120us --to 320us --top 1 lists/story.txt ;;
	report_groups) "$1" report --tasks 3 lists/story.txt ;;
	report_lossy) "$1" report lists/lossy.txt ;;
	report_texts) "$1" report --tasks 1 lists/texts.txt ;;
	report_texts_json) "$1" report --format json lists/texts.txt ;;
	report_texts_folded) "$1" report --format folded lists/texts.txt ;;
	report_texts_prometheus) "$1" report --format prometheus lists/texts.txt | sed '/^threadline_findings{.* 0$/d' ;;
	esac
}

if [ "$1" = --accept ]; then
	for case in $cases; do
		output "$2" "$case" >"$case.expected"
	done
	exit 0
fi
output "$1" "$2" | diff -u "$2.expected" -
