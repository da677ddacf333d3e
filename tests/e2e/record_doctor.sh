# doctor: all is well here; then each fault that is planted is named, with how to mend it.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

expect 0 well "$threadline" doctor
grep -qE '^ok +recording +[0-9]+ events recorded and read back' well.out || fail "doctor: $(cat well.out)"
grep -qE '^LD_PRELOAD=.*libthreadline-preload.so' well.out || fail "it does not say what to preload"
grep -qE '^(WRONG|weak)' well.out && fail "something is wrong here: $(cat well.out)"

# wrong NAME ROW TEXT: NAME.out calls that row wrong, and says the text
wrong() {
	grep -qE "^WRONG +$2" "$1.out" || fail "$1: '$2' is not wrong: $(cat "$1.out")"
	grep -qF -e "$3" "$1.out" || fail "$1: it does not say '$3': $(cat "$1.out")"
	grep -qE "^WRONG +recording" "$1.out" || fail "$1: a recording worked all the same"
}

expect 1 daemon env LTTNG_SESSIOND_PATH=/no/such/daemon "$threadline" doctor
wrong daemon "session daemon" "apt install lttng-tools"

mkdir -p alone/bin broken/bin broken/lib
for folder in alone broken; do
	cp "$bin/threadline" "$bin/threadline-record" $folder/bin/
done
expect 1 library ./alone/bin/threadline doctor
wrong library library "cmake --install"
echo "no library" >broken/lib/libthreadline-preload.so
expect 1 broken ./broken/bin/threadline doctor
wrong broken library "cannot be preloaded"

expect 1 limits sh -c "ulimit -n 200; '$threadline' doctor"
grep -qE '^WRONG +limits' limits.out || fail "limits: $(cat limits.out)"
grep -q 'LimitNOFILE' limits.out || fail "limits: how to mend them is missing"

expect 0 help "$threadline" doctor --help
expect 2 usage "$threadline" doctor now
nothing_left

need_isolation "change the size of /dev/shm"
mount -o remount,size=64m /dev/shm || skip "cannot change the size of /dev/shm"
expect 0 weak "$threadline" doctor
grep -qE '^weak +shared memory' weak.out || fail "64 MiB: $(cat weak.out)"
mount -o remount,size=32k /dev/shm
expect 1 shm "$threadline" doctor
wrong shm "shared memory" "--shm-size="

# A home that others may write, as another user.
command -v setpriv >/dev/null || skip "the last part needs setpriv"
mount -o remount,size=512m /dev/shm
mkdir -m 777 theirs
mkdir -m 700 theirs/.lttng
mkdir -m 777 theirs/.lttng/threadline
chmod 777 theirs/.lttng/threadline
chown -R 12345 theirs/.lttng
expect 1 home setpriv --reuid 12345 --clear-groups env HOME="$E2E_WORK/theirs" "$threadline" doctor
wrong home "its home" "only he can write"
nothing_left 5
