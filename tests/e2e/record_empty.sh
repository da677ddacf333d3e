# An empty trace is told with its reason.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need cc

echo 'int main(void) { return 3; }' >p.c
if cc -static -o static p.c 2>/dev/null; then
	expect 3 static "$threadline" record -o S -- ./static
	grep -q "nothing was recorded: .*statically linked" static.err || fail "the reason is not told at the end"
	printf '#!%s/static\n' "$E2E_WORK" >script
	chmod +x script
	expect 3 script "$threadline" record -o SS -- ./script
	says script "statically linked"
fi

printf '\177ELF\001\001\001' >foreign
head -c 200 /dev/zero >>foreign
chmod +x foreign
expect 126 foreign "$threadline" record -o F -- ./foreign
says foreign "another architecture"
[ ! -e F ] || fail "a folder was left behind"

# Our library is not there.
mkdir alone
cp "$threadline" "$bin/threadline-record" alone/
expect 0 alone ./alone/threadline record -o A -- true
says alone "libthreadline-preload.so was not found"
says alone "ran untraced"
nothing_left
