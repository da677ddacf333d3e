# The benchmark runs, with counts that measure nothing, and every row is there with a number.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
command -v lttng-sessiond >/dev/null || { echo "SKIP: lttng-sessiond is not installed"; exit 77; }

table=$("$here/run.sh" overhead --quick)
status=$?
echo "$table"
[ $status = 0 ] || exit $status

fail() {
	echo "FAILED: $*"
	exit 1
}
# row BEGINNING: a line of a table with a ratio in it, or the word why there is none
row() {
	echo "$table" | grep -F "| $1" | grep -qE '[0-9]\.[0-9]|[0-9]{3}|not installed' || fail "no row '$1'"
}
for name in "Threadline, loaded" "Threadline, recording |" 'Threadline, recording, `--no-lock-order`' \
	"LTTng's pthread wrapper, loaded" "LTTng's pthread wrapper, recording" uftrace strace Helgrind ltrace \
	'`threadline_mark`' '`threadline_region_begin`' '`threadline_unblock`' '`threadline_unblock_object`' \
	'`threadline_block`' "liblttng-ust, no daemon" "Threadline, no daemon" "liblttng-ust, idle daemon" \
	"Threadline, idle daemon" pigz zstd pbzip2 memcached redis "a C++ pipeline"; do
	row "$name"
done
echo "$table" | grep -q "processors, Linux .*LTTng-UST" || fail "the machine is not named"
if echo "$table" | grep "^| Threadline" | grep -q failed; then fail "a cell of ours has no number"; fi
exit 0
