#!/bin/sh
# Measures what a DNS query costs: CPU time (user and system) of the server per answer, for the cheapest responder
# there can be (the C floor), for our three UDP drivers and, where installed, for NSD and Knot.
#
#   edge-dns/src/bench/run.sh [ROUNDS] [SECONDS]        3 rounds of 5 seconds by default
#
# Servers are pinned to core 0, the generator to core 1; every server is warmed up; rounds are interleaved, and each
# ratio is to the floor of the same round. WINDOW (128) queries are under way at a time: as many as the socket buffer of
# every server holds, so that none loses any; NSD's rate limit, which is on by default, is off. Traffic stays on loopback,
# in a network namespace of its own where this user may make one. For exact figures run it on an idle machine.
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-3}
seconds=${2:-5}
warmup=${WARMUP:-8}
port=${PORT:-5390}
out=target/bench
pids=""
mkdir -p "$out"

fail() { echo "run.sh: $*" >&2; exit 1; }
command -v gcc >/dev/null || fail "gcc is missing; on Debian: apt-get install gcc libc6-dev"
command -v taskset >/dev/null || fail "taskset is missing; on Debian: apt-get install util-linux"
[ "$(nproc)" -ge 2 ] || fail "two cores are needed, one for the server and one for the generator"
java=$(../edge --java-home)/bin/java

# Builds what is run and asks Maven for its class path; from the local repository alone where that has everything.
built() { # MAVEN OPTIONS...
  (cd .. && JAVA_HOME=${java%/bin/java} mvn "$@" -q -B -pl edge-dns -am -Dspotless.check.skip test-compile \
    org.codehaus.mojo:exec-maven-plugin:exec -Dexec.executable=echo -Dexec.args=%classpath -Dexec.classpathScope=test) \
    2>"$out/maven.log" | tee "$out/maven.out" | grep '^/' | tail -n 1 >"$out/classpath"
  [ -s "$out/classpath" ]
}
if [ -z "${BENCH_BUILT:-}" ]; then
  echo "building" >&2
  built -o || built || fail "the build failed, see edge-dns/$out/maven.out"
  export BENCH_BUILT=yes
  # A network of its own, where this user may make one: nothing else sends there.
  if command -v ip >/dev/null && unshare --net true 2>/dev/null; then
    # shellcheck disable=SC2016 # expanded in the namespace
    exec unshare --net sh -c 'ip link set lo up; exec "$0" "$@"' "$PWD/src/bench/run.sh" "$rounds" "$seconds"
  fi
fi
classpath=$(cat "$out/classpath")

gcc -O2 -Wall -Wno-unused-result -pthread src/bench/c/floor.c -o "$out/floor"
gcc -O2 -Wall -Wno-unused-result -Wno-alloc-size-larger-than src/bench/c/dnsgen.c -o "$out/dnsgen"
"$java" -cp "$classpath" io.anycastle.dns.bench.BenchZone "$out/data"

stop() { for pid in $pids; do kill "$pid" 2>/dev/null || true; done; }
trap stop EXIT INT TERM

# A server is started in a session of its own, so that all its processes are found by their group.
start() { # NAME COMMAND...
  name=$1; shift
  setsid taskset -c 0 "$@" >"$out/$name.log" 2>&1 &
  pid=$!
  pids="$pids $pid"
  servers="$servers $name:$pid:$port"
  port=$((port + 1))
}

cpu() { # GROUP -> clock ticks of user and system time, threads and children included
  cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' | awk -v group="$1" '$3 == group { ticks += $12 + $13 } END { print ticks + 0 }'
}

ask() { # PORT QUERIES SECONDS -> answers, queries per second
  taskset -c 1 "$out/dnsgen" 127.0.0.1 "$1" "$out/data/$2.txt" "$3" "${WINDOW:-128}" 8 edns |
    sed 's/.*"recv":\([0-9]*\).*"lost":\([0-9]*\).*"qps":\([0-9]*\).*/\1 \2 \3/'
}

servers=""
flags="-XX:+UseSerialGC -Xmx256m --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
start floor "$out/floor" "$port" mmsg 64 1
for driver in ffm epoll nio; do
  # shellcheck disable=SC2086
  start "$driver" "$java" $flags -cp "$classpath" io.anycastle.dns.bench.BenchServer "$out/data" "$driver" "$port"
done
if command -v nsd >/dev/null; then
  cat >"$out/nsd.conf" <<CONF
server:
  server-count: 1
  ip-address: 127.0.0.1@$port
  username: ""
  chroot: ""
  zonesdir: "$PWD/$out/data"
  database: ""
  pidfile: "$PWD/$out/nsd.pid"
  xfrdfile: "$PWD/$out/nsd.xfrd"
  zonelistfile: "$PWD/$out/nsd.list"
  verbosity: 0
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: small.test
  zonefile: small.test.zone
CONF
  start nsd nsd -d -c "$out/nsd.conf"
fi
if command -v knotd >/dev/null; then
  mkdir -p "$out/knot"
  cat >"$out/knot.conf" <<CONF
server:
  listen: 127.0.0.1@$port
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
  rundir: $PWD/$out/knot
database:
  storage: $PWD/$out/knot
zone:
  - domain: small.test
    storage: $PWD/$out/data
    file: small.test.zone
    zonefile-sync: -1
CONF
  start knot knotd -c "$out/knot.conf"
fi

for server in $servers; do
  address=${server##*:}
  tries=0
  until [ "$(ask "$address" hits 0.2 | cut -d' ' -f1)" -gt 0 ] 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || fail "${server%%:*} does not answer; see edge-dns/$out/${server%%:*}.log"
  done
  ask "$address" half-nxdomain "$warmup" >/dev/null
  ask "$address" hits "$warmup" >/dev/null
done

: >"$out/results"
tick=$(getconf CLK_TCK)
for round in $(seq "$rounds"); do
  for queries in hits half-nxdomain random; do
    for server in $servers; do
      name=${server%%:*}
      group=${server#*:}; group=${group%%:*}
      before=$(cpu "$group")
      set -- $(ask "${server##*:}" "$queries" "$seconds")
      after=$(cpu "$group")
      echo "$round $queries $name $((after - before)) $1 $2 $3" >>"$out/results"
    done
  done
done

awk -v tick="$tick" '
  function median(list, n,   i, j, t) {
    for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (list[j] < list[i]) { t = list[i]; list[i] = list[j]; list[j] = t }
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
  }
  {
    us = $4 / tick * 1e6 / $5
    cost[$2, $3, $1] = us; rate[$2, $3, $1] = $7; lost[$2, $3] += $6
    if (!($2 in seenq)) { seenq[$2] = 1; kinds[++nk] = $2 }
    if (!($3 in seens)) { seens[$3] = 1; names[++ns] = $3 }
    if ($1 > rounds) rounds = $1
    if ($6 > 0) losers[$3] += $6
  }
  END {
    for (k = 1; k <= nk; k++) {
      printf "\n%-16s %12s %10s %12s %8s\n", kinds[k], "CPU us/query", "x floor", "answers/s", "lost"
      for (s = 1; s <= ns; s++) {
        for (r = 1; r <= rounds; r++) {
          c[r] = cost[kinds[k], names[s], r]; x[r] = c[r] / cost[kinds[k], "floor", r]; q[r] = rate[kinds[k], names[s], r]
        }
        printf "%-16s %12.2f %10.2f %12d %8d\n", "  " names[s], median(c, rounds), median(x, rounds), median(q, rounds), lost[kinds[k], names[s]]
      }
    }
    printf "\n"
    for (s = 1; s <= ns; s++) if (names[s] in losers) {
      printf "%s lost %d queries: its figures do not compare with the others\n", names[s], losers[names[s]]
      lossy = 1
    }
    if (!lossy) print "no server lost a query"
  }' "$out/results"
