#!/bin/sh
# Measures the time from starting the launcher to the first DNS answer, ROUNDS times (default 5), on loopback port 5399, and the
# processor time that the node had used by then, which other work on the machine changes less.
# Wants the distribution built (mvn package, or ./edge once) and dig. usage: start.sh [ROUNDS]
set -eu
rounds=${1:-5}
root=$(cd "$(dirname "$0")/../../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/edge.yml" <<YML
data: $folder/data
dns:
  listen: [{address: 127.0.0.1, port: 5399}]
http:
  listen: [{address: 127.0.0.1, port: 0, public-port: 80}]
admin:
  listen: [{address: 127.0.0.1, port: 0}]
cluster:
  port: 0
YML
for _ in $(seq "$rounds"); do
  begin=$(date +%s%N)
  "$root/edge" run --config "$folder/edge.yml" >"$folder/log" 2>&1 &
  node=$!
  until dig +time=1 +tries=1 @127.0.0.1 -p 5399 example.com 2>/dev/null | grep -q 'status: REFUSED'; do
    kill -0 "$node" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
  done
  took=$((($(date +%s%N) - begin) / 1000000))
  echo "$took $(awk -v hertz="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000 / hertz }' "/proc/$node/stat")"
  kill "$node"
  wait "$node" || true
done | sort -n | awk '{ ms[NR] = $1; cpu += $2 } END {
  printf "start to first DNS answer: median %d ms, best %d ms, worst %d ms of %d; processor time %d ms\n", ms[int((NR + 1) / 2)], ms[1], ms[NR], NR, cpu / NR }'
