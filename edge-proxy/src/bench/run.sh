#!/bin/sh
# Measures what a proxied request costs: CPU time (user and system) of the proxy per answer, for ours and, where
# installed, for nginx, with requests per second beside it.
#
#   edge-proxy/src/bench/run.sh [ROUNDS] [SECONDS]        3 rounds of 5 seconds by default
#
# The proxy is pinned to core 0 (one event loop, one worker), generator and a C origin to core 1; 64 connections are
# kept; every server is warmed up (WARMUP seconds, 30 by default: what a JVM shows depends on it); rounds are
# interleaved. PATHS chooses the answers: /1k, /100k, /10m. Traffic stays on loopback, in a network namespace of
# its own where this user may make one. The generator is our own where
# OpenSSL's headers are installed, else wrk.
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-3}
seconds=${2:-5}
warmup=${WARMUP:-30}
paths=${PATHS:-"/1k /100k"}
port=${PORT:-8390}
out=target/bench
pids=""
servers=""
mkdir -p "$out"

fail() { echo "run.sh: $*" >&2; exit 1; }
command -v gcc >/dev/null || fail "gcc is missing; on Debian: apt-get install gcc libc6-dev"
command -v taskset >/dev/null || fail "taskset is missing; on Debian: apt-get install util-linux"
[ "$(nproc)" -ge 2 ] || fail "two cores are needed, one for the proxy and one for the generator"
java=$(../edge --java-home)/bin/java

# Builds what is run and asks Maven for its class path; from the local repository alone where that has everything.
built() { # MAVEN OPTIONS...
  (cd .. && JAVA_HOME=${java%/bin/java} mvn "$@" -q -B -pl edge-proxy -am -Dspotless.check.skip test-compile \
    org.codehaus.mojo:exec-maven-plugin:exec -Dexec.executable=echo -Dexec.args=%classpath -Dexec.classpathScope=test) \
    2>"$out/maven.log" | tee "$out/maven.out" | grep '^/' | tail -n 1 >"$out/classpath"
  [ -s "$out/classpath" ]
}
if [ -z "${BENCH_BUILT:-}" ]; then
  echo "building" >&2
  built -o || built || fail "the build failed, see edge-proxy/$out/maven.out"
  export BENCH_BUILT=yes
  # A network of its own, where this user may make one: nothing else sends there.
  if command -v ip >/dev/null && unshare --net true 2>/dev/null; then
    # shellcheck disable=SC2016 # expanded in the namespace
    exec unshare --net sh -c 'ip link set lo up; exec "$0" "$@"' "$PWD/src/bench/run.sh" "$rounds" "$seconds"
  fi
fi
classpath=$(cat "$out/classpath")

gcc -O2 -w src/bench/c/origin.c -o "$out/origin"
if gcc -O2 -w src/bench/c/hload.c -o "$out/hload" -lssl -lcrypto 2>"$out/hload.log"; then
  generator=hload
elif command -v wrk >/dev/null; then
  generator=wrk
else
  fail "no generator; on Debian: apt-get install libssl-dev, or apt-get install wrk"
fi

stop() { for pid in $pids; do kill "$pid" 2>/dev/null || true; done; }
trap stop EXIT INT TERM

# Started in a session of its own, so that all its processes are found by their group.
start() { # CORE NAME COMMAND...
  core=$1; name=$2; shift 2
  setsid taskset -c "$core" "$@" >"$out/$name.log" 2>&1 &
  pid=$!
  pids="$pids $pid"
}

cpu() { # GROUP -> clock ticks of user and system time, threads and children included
  cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' | awk -v group="$1" '$3 == group { ticks += $12 + $13 } END { print ticks + 0 }'
}

load() { # PORT PATH SECONDS -> answers, errors
  if [ "$generator" = hload ]; then
    taskset -c 1 "$out/hload" -p "$1" -u "$2" -c 64 -w 0 -d "$3" | sed 's/.*"reqs":\([0-9]*\),"errs":\([0-9]*\).*/\1 \2/'
  else
    taskset -c 1 wrk -t1 -c64 -d"$3s" -H "Host: bench.local" "http://127.0.0.1:$1$2" |
      awk '/requests in/ { n = $1 } /Non-2xx/ { e += $NF } /Socket errors/ { gsub(",", ""); e += $4 + $6 + $8 + $10 } END { print n + 0, e + 0 }'
  fi
}

origin=$port
start 1 origin "$out/origin" "$origin"
port=$((port + 1))
start 0 anycastle "$java" -XX:+UseSerialGC -Xmx256m --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "$classpath" io.anycastle.proxy.bench.BenchProxy "$port" "$origin"
servers="anycastle:$pid:$port"
if command -v nginx >/dev/null; then
  port=$((port + 1))
  cat >"$out/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $PWD/$out/nginx.pid; error_log stderr error;
events { worker_connections 4096; }
http { access_log off; client_body_temp_path $PWD/$out/body; proxy_temp_path $PWD/$out/temp;
  fastcgi_temp_path $PWD/$out/f; uwsgi_temp_path $PWD/$out/u; scgi_temp_path $PWD/$out/s; keepalive_requests 100000000;
  upstream origin { server 127.0.0.1:$origin; keepalive 128; keepalive_requests 100000000; }
  server { listen 127.0.0.1:$port; location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host \$host;
    proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for; proxy_pass http://origin; } } }
CONF
  start 0 nginx nginx -c "$PWD/$out/nginx.conf"
  servers="$servers nginx:$pid:$port"
fi

for server in $servers; do
  name=${server%%:*}; address=${server##*:}; tries=0
  until [ "$(load "$address" /1k 1 2>/dev/null | cut -d' ' -f1)" -gt 0 ] 2>/dev/null; do
    tries=$((tries + 1)); [ $tries -lt 30 ] || fail "$name does not answer, see $out/$name.log"
  done
  for path in $paths; do load "$address" "$path" "$warmup" >/dev/null; done
done

tick=$((1000000 / $(getconf CLK_TCK)))
echo "generator $generator, warm-up ${warmup}s per path, 64 connections"
printf '%-6s %-6s %-10s %12s %12s %8s\n' round path proxy "us/request" "requests/s" errors
round=1
while [ $round -le "$rounds" ]; do
  for path in $paths; do
    for server in $servers; do
      name=${server%%:*}; rest=${server#*:}; group=${rest%%:*}; address=${server##*:}
      before=$(cpu "$group")
      result=$(load "$address" "$path" "$seconds")
      after=$(cpu "$group")
      echo "$result" | awk -v r=$round -v p="$path" -v n="$name" -v t=$(((after - before) * tick)) -v s="$seconds" \
        '{ printf "%-6s %-6s %-10s %12.1f %12.0f %8d\n", r, p, n, ($1 ? t / $1 : 0), $1 / s, $2 }'
    done
  done
  round=$((round + 1))
done | tee "$out/rounds.txt"
for path in $paths; do
  for server in $servers; do
    name=${server%%:*}
    awk -v p="$path" -v n="$name" '$2 == p && $3 == n { print $4 }' "$out/rounds.txt" | sort -n |
      awk -v p="$path" -v n="$name" '{ v[NR] = $1 } END { printf "median %-6s %-10s %8.1f us/request\n", p, n, v[int((NR + 1) / 2)] }'
  done
done
