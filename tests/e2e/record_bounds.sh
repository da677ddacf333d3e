# What bounds a recording: a size, parts of which only the latest are kept, and a disk that fills up.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
# Our programs below may be built with the sanitizer, which looks for leaks of LTTng's, too, and wants to come first.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:verify_asan_link_order=0"
serves=$THREADLINE_PROGRAMS/serves

# Parts by time: all that are kept together, and each of them alone, hold who has been stuck all the time.
expect 0 parts "$threadline" record --rotate 1s --keep-files 3 -o "P 100% 'odd'" -- "$serves" 7
checked parts "P 100% 'odd'"
n=$(find "P 100% 'odd'" -name metadata | wc -l)
[ "$n" = 3 ] || fail "$n parts, not 3: $(find "P 100% 'odd'")"
find "P 100% 'odd'" -name metadata -printf '%h\n' | sort >folders
while read -r folder; do
	checked part "$folder"
	grep -q 'stuck begins to wait' part.check || grep -q 'process_end' part.check ||
		babeltrace2 "$folder" 2>/dev/null | grep -q 'threadline:process_end' ||
		fail "$folder: who is stuck is missing: $(cat part.check)"
done <folders

# All parts, without a limit: nothing is missing in the whole.
expect 0 every "$threadline" record --rotate 1s -o E -- "$serves" 4
checked every E
[ "$(find E -name metadata | wc -l)" -ge 3 ] || fail "not in parts"

# A size, at which the recording ends and the command does not.
cat >floods.c <<'END'
#include <threadline/threadline.h>
#include <unistd.h>
int main(void)
{
	for (int i = 0; i < 2000; i++) {
		for (int j = 0; j < 400; j++)
			threadline_mark("one of very many, with a text that takes some room on disk");
		usleep(1000);
	}
	return 7;
}
END
need cc
cc -I"$THREADLINE_SOURCE/include" -o floods floods.c -L"${THREADLINE_BIN%/bin}/lib" -lthreadline \
	-Wl,-rpath,"${THREADLINE_BIN%/bin}/lib" || skip "the rest needs a compiler"
expect 7 size "$threadline" record --buffer-size 1M --max-size 8M -o S -- ./floods
says size "the recording ends here"
size=$(du -sk S | cut -f 1)
[ "$size" -ge 8000 ] && [ "$size" -lt 60000 ] || fail "$size KiB, with --max-size 8M"
judged sized S

# What is lost is said, and of whom.
expect 7 lost "$threadline" record --buffer-size 24K -o L -- ./floods
says lost "EVENTS LOST"
grep -qE 'threadline:   lost [1-9][0-9]* of floods' lost.err || fail "who lost is not told: $(cat lost.err)"

# A disk that fills up.
need_isolation "fill a disk"
mkdir disk
mount -t tmpfs -o size=24m tmpfs disk || skip "cannot mount"
expect 7 full "$threadline" record --buffer-size 1M -o disk/F -- ./floods
says full "the disk is almost full"
judged full disk/F
[ "$(df -k --output=avail disk | tail -n 1)" -gt 0 ] || fail "the disk was filled to the last byte"

expect 125 keep "$threadline" record --keep-files 3 -o K -- true
says keep "is for --rotate"
expect 125 little "$threadline" record --rotate 4K -o K -- true
says little "at least 1M"
nothing_left
