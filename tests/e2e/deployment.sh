# The samples for deployment: systemd takes the unit and the drop-in, the unit's command works, and what the image needs exists.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
samples=$THREADLINE_SOURCE/samples/staging

# The unit's own command line, as systemd would make it (%h: HOME, %%: %), for a moment.
command=$(sed -n "s/^ExecStart=\/bin\/sh -c '\(.*\)'$/\1/p" "$samples/threadline-flight.service" | sed "s|%h|$HOME|g; s|%%|%|g")
[ -n "$command" ] || fail "the unit has no command"
sh -n -c "$command" || fail "the unit's command is no shell's: $command"
mkdir -m 700 "$HOME/threadline"
LD_PRELOAD=${THREADLINE_BIN%/bin}/lib/libthreadline-preload.so "$THREADLINE_PROGRAMS/serves" 60 >serves.out 2>&1 &
service=$!
until_true 20 grep -q ready serves.out || fail "the service does not begin"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
: >unit.err
PATH=$bin:$PATH sh -c "$(echo "$command" | sed 's/--name server/--name serves/')" >unit.out 2>unit.err &
unit=$!
until_true 20 grep -q 'recording process' unit.err || fail "the unit's command does not record: $(cat unit.err)"
sleep 1
expect 0 snapshot "$threadline" snapshot
kill -INT $unit
wait $unit || fail "the unit's command ended with $?"
ls "$HOME"/threadline/*/snapshots >/dev/null || fail "no snapshot is where the unit says"
kill $service
wait $service
nothing_left 10

# The image: what it installs are packages, and every line is an instruction.
packages=$(sed -n 's/.*--no-install-recommends \([^\\]*\).*/\1/p' "$samples/Dockerfile")
[ -n "$packages" ] || fail "the image installs nothing"
for package in $packages; do
	command -v apt-cache >/dev/null || break
	apt-cache show "$package" >/dev/null 2>&1 || fail "there is no package $package"
done
sed -e ':a' -e '/\\$/N; s/\\\n//; ta' -e '/^#/d; /^$/d' "$samples/Dockerfile" | grep -vE '^(FROM|RUN|COPY|USER|ENV|VOLUME|CMD) ' && fail "the Dockerfile has a line that is no instruction"

if ! command -v systemd-analyze >/dev/null; then
	echo "systemd-analyze is not installed: the unit is not verified"
	exit 0
fi
mkdir -p units/server.service.d
cp "$samples/threadline-flight.service" units
cp "$samples/threadline.conf" units/server.service.d
printf '[Service]\nExecStart=/bin/true\n' >units/server.service
for unit in threadline-flight server; do
	SYSTEMD_UNIT_PATH=$E2E_WORK/units:/lib/systemd/system systemd-analyze verify --man=no "$E2E_WORK/units/$unit.service" >verify.err 2>&1 ||
		fail "systemd does not take $unit.service: $(cat verify.err)"
	grep -E "(threadline|server)[a-z.-]*:[0-9]+:" verify.err && fail "systemd complains of $unit.service"
done
exit 0
