#!/bin/sh
# Every rule of `threadline check --list-rules` has a list in which it fires and
# one named after it in which it does not.
threadline=$1
lists=$2
missing=0
for rule in $("$threadline" check --list-rules | cut -d' ' -f1); do
	fires=$(grep -l "^# expect $rule " "$lists/$rule".*.txt 2>/dev/null | wc -l)
	quiet=$(grep -L "^# expect $rule " "$lists/$rule".*.txt 2>/dev/null | wc -l)
	if [ "$fires" -eq 0 ] || [ "$quiet" -eq 0 ]; then
		echo "$rule: $fires failing and $quiet passing lists" >&2
		missing=1
	fi
done
exit $missing
