# The exit status is the command's; what cannot be run is told as a shell would, and leaves no folder.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

expect 0 zero "$threadline" record -o T0 -- true
expect 7 seven "$threadline" record -o T7 -- sh -c 'exit 7'
expect 139 fault "$threadline" record -o T11 -- sh -c 'kill -SEGV $$'
expect 143 term "$threadline" record -o T15 -- sh -c 'kill -TERM $$'

expect 127 missing "$threadline" record -o N1 -- no-such-program-anywhere
says missing "command not found"
expect 127 path "$threadline" record -o N2 -- ./no-such-file
echo text >plain
expect 126 plain "$threadline" record -o N3 -- ./plain
expect 126 folder "$threadline" record -o N4 -- /tmp
printf '#!/no/such/interpreter\n' >script
chmod +x script
"$threadline" record -o N5 -- ./script 2>script.err
case $? in 126 | 127) ;; *) fail "a script without its interpreter: status $?" ;; esac
expect 125 usage "$threadline" record --no-such-option -- true
expect 125 nothing "$threadline" record
expect 125 size "$threadline" record --buffer-size 12Q -o N6 -- true
for folder in N*; do
	[ ! -e "$folder" ] || fail "$folder was left behind"
done

# A script without "#!" is run by sh, as execvp does.
echo 'exit 9' >bare
chmod +x bare
expect 9 bare "$threadline" record -o T9 -- ./bare
nothing_left
