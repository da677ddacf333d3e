# The benchmark of reading runs, on a trace that measures nothing, and every row is there with its numbers.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
command -v lttng-sessiond >/dev/null || { echo "SKIP: lttng-sessiond is not installed"; exit 77; }
command -v babeltrace2 >/dev/null || { echo "SKIP: babeltrace2 is not installed"; exit 77; }

table=$("$here/run.sh" reading --quick)
status=$?
echo "$table"
[ $status = 0 ] || exit $status
for name in '`babeltrace2`, dummy sink' '`babeltrace2`, text' 'our reader on Babeltrace' 'our direct reader' \
	'`check --reader babeltrace`' '`check`' '`report`' '`render`'; do
	echo "$table" | grep -F "| $name" | grep -qE '\| [0-9.]+ \| [0-9.]+ \| [0-9.]+ \| [0-9.]+' ||
		{ echo "FAILED: no row '$name'"; exit 1; }
done
for name in 'first picture, s' 'complete, s' 'complete, times as fast as the dummy sink' 'reopened from its cache, s' \
	'bytes of the model an event' 'bytes of the cache an event'; do
	echo "$table" | grep -F "| $name |" | grep -qE '\| [0-9.]+ \|$' || { echo "FAILED: no row '$name'"; exit 1; }
done
exit 0
