# Long and odd paths: of the trace, of the program, of the home folder.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

long=$(printf 'a%.0s' $(seq 120))
newline=$(printf 'new\nline')
for name in 'with space' "quo'te" 'dou"ble' '%s%n%d' '$(touch hacked)' 'back\slash' '-dash' "$newline" 'umlaut-ü' "$long/$long/$long"; do
	mkdir -p "$(dirname -- "./$name")"
	expect 0 odd "$threadline" record -o "./$name" -- "$bin/worker_pool"
	[ "$(count "./$name" create)" -gt 0 ] || fail "nothing in $name"
	mkdir -p programs/"$name"
	cp "$bin/worker_pool" programs/"$name/pool"
	expect 0 program "$threadline" record -o "T-$(echo "$name" | cksum | cut -d' ' -f1)" -- programs/"$name/pool"
done
[ ! -e hacked ] || fail "a shell saw the path"

# The next command it names works as it is, in a shell.
expect 0 quoted "$threadline" record -o "it's (here)" -- "$bin/worker_pool"
eval "set -- $(sed -n 's/^threadline: trace: //p' quoted.err)"
[ -d "$1" ] || fail "the quoted path is not the path: $1"

# Sockets end at 108 bytes: a longer home is replaced.
mkdir -p "home/$long"
HOME=$E2E_WORK/home/$long expect 0 home "$threadline" record -o H -- "$bin/worker_pool"
[ "$(count H create)" -gt 0 ] || fail "nothing recorded with a long home"
nothing_left
