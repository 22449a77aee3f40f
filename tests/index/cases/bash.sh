source ./a.sh
f() { local x=1; g "$1" "${z}"; }
X=2
