. "$DIR/lib.sh"
[ -s x ] && \. "$DIR/b.sh"
_hidden() ( local x=1; LEAKED=2 )
ns::run() { ns::run "$1" two --flag=3; }
FOO=bar run_it one >out 2>&1
readonly LIMIT=5
ns::run $unquoted
ns::run a "$@"
ns::run "${list[@]}" {1..3}
$computed x
out=$(ns::run q | _hidden)
