#!/bin/sh
# Measures what a proxied request costs: CPU time (user and system) of the whole proxy per answer, of the node as it ships and, where
# installed, of nginx and HAProxy, all with an access log; requests per second beside it.
#
#   edge-proxy/src/bench/run.sh [ROUNDS] [SECONDS]        3 rounds of 5 seconds by default
#
# The proxies are pinned to core 0 (one event loop, one worker, one thread), the generators and a C origin to core 1; 64 connections are
# kept, or 16 with 8 streams each in HTTP/2; every server is warmed up (WARMUP seconds a row, 30 by default: what a JVM shows depends on
# it); rounds are interleaved. ROWS chooses what is measured: 1k 1k-browser 100k 10m tls-1k tls-1k-browser h2-1k handshake gzip (50 KiB of
# HTML, by all at level 5). SERVERS chooses who. With P99=yes five rounds follow in which requests come at times of their own (open loop),
# at 70 % of what the slowest has answered of row 1k in a second: the 99th percentile counts from there. With START=yes the node is started
# anew in the end, and its requests per second are shown for the first minute after readyz. The node is started with edge.yml beside this. Traffic stays on loopback, in a network
# namespace of its own where this user may make one.
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-3}
seconds=${2:-5}
warmup=${WARMUP:-30}
rows=${ROWS:-"1k 1k-browser 100k 10m tls-1k tls-1k-browser h2-1k handshake gzip"}
chosen=${SERVERS:-"anycastle nginx haproxy"}
base=${PORT:-8390}
bench=src/bench
out=$PWD/target/bench
pids=""
servers=""
mkdir -p "$out"

fail() { echo "run.sh: $*" >&2; exit 1; }
command -v gcc >/dev/null || fail "gcc is missing; on Debian: apt-get install gcc libc6-dev"
command -v taskset >/dev/null || fail "taskset is missing; on Debian: apt-get install util-linux"
command -v openssl >/dev/null || fail "openssl is missing; on Debian: apt-get install openssl"
[ "$(nproc)" -ge 2 ] || fail "two cores are needed, one for the proxy and one for the generator"
edge=$PWD/../edge
if [ -z "${BENCH_BUILT:-}" ]; then
  "$edge" --version >/dev/null || fail "the node cannot be built, see the log that is named above"
  export BENCH_BUILT=yes
  # A network of its own, where this user may make one: nothing else sends there.
  if command -v ip >/dev/null && unshare --net true 2>/dev/null; then
    # shellcheck disable=SC2016 # expanded in the namespace
    exec unshare --net sh -c 'ip link set lo up; exec "$0" "$@"' "$PWD/$bench/run.sh" "$rounds" "$seconds"
  fi
fi
gcc -O2 -w $bench/c/origin.c -o "$out/origin"
gcc -O2 -w $bench/c/hload.c -o "$out/hload" -lssl -lcrypto 2>"$out/hload.log" ||
  fail "OpenSSL's headers are missing; on Debian: apt-get install libssl-dev"
[ -s "$out/tls.pem" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$out/tls.key" \
  -out "$out/tls.pem" -days 3650 -subj /CN=bench.local -addext subjectAltName=DNS:bench.local 2>"$out/openssl.log"

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

load() { # PORT ROW SECONDS -> answers, errors; a server's TLS port is its plain one and 1
  port=$1; row=$2; time=$3
  set -- -H bench.local -w 0 -d "$time" -c 64
  case $row in
    h2-1k)
      taskset -c 1 h2load -D "$time" -c 16 -m 8 -H ':authority: bench.local' --connect-to "127.0.0.1:$((port + 1))" \
        "https://bench.local/1k" 2>"$out/h2load.log" |
        sed -n 's/^requests: .* \([0-9]*\) succeeded, \([0-9]*\) failed.*/\1 \2/p'
      return ;;
    gzip) set -- "$@" -p "$port" -u /50k.html -z ;;
    handshake) set -- "$@" -p $((port + 1)) -u /1k -T -N ;;
    tls-1k) set -- "$@" -p $((port + 1)) -u /1k -T ;;
    tls-1k-browser) set -- "$@" -p $((port + 1)) -u /1k -T -B ;;
    *-browser) set -- "$@" -p "$port" -u "/${row%-browser}" -B ;;
    *) set -- "$@" -p "$port" -u "/$row" ;;
  esac
  taskset -c 1 "$out/hload" "$@" | sed 's/.*"reqs":\([0-9]*\),"errs":\([0-9]*\).*/\1 \2/'
}

origin=$base
start 1 origin "$out/origin" "$origin"
next=$((base + 2))
for server in $chosen; do
  case $server in
    anycastle)
      rm -rf "$out/data"
      sed "s#@data@#$out/data#; s#@folder@#$out#g; s#@http@#$next#; s#@https@#$((next + 1))#; s#@admin@#$((base + 9))#; s#@origin@#$origin#" \
        $bench/edge.yml >"$out/edge.yml"
      start 0 anycastle "$edge" run --config "$out/edge.yml"
      edge_pid=$pid
      until ANYCASTLE_DATA=$out/data "$edge" zone add bench.local --server "http://127.0.0.1:$((base + 9))" >"$out/zone.log" 2>&1; do
        kill -0 "$pid" 2>/dev/null || fail "the node ended, see $out/anycastle.log"
        sleep 0.5
      done
      ANYCASTLE_DATA=$out/data "$edge" record add bench.local A 127.0.0.1 --proxied \
        --server "http://127.0.0.1:$((base + 9))" >"$out/zone.log" ;;
    nginx)
      command -v nginx >/dev/null || { echo "run.sh: nginx is not installed" >&2; continue; }
      cat >"$out/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $out/nginx.pid; error_log stderr error;
events { worker_connections 4096; }
http {
  client_body_temp_path $out/body; proxy_temp_path $out/temp; fastcgi_temp_path $out/f; uwsgi_temp_path $out/u; scgi_temp_path $out/s;
  log_format json escape=json '{"time":"\$time_iso8601","ray":"\$request_id","client":"\$remote_addr","scheme":"\$scheme","method":"\$request_method",'
    '"host":"\$host","path":"\$request_uri","protocol":"\$server_protocol","tls":"\$ssl_protocol","status":\$status,"bytes":\$body_bytes_sent,'
    '"bytes_in":"\$request_length","duration":\$request_time,"origin":"\$upstream_addr","connect":"\$upstream_connect_time",'
    '"first_byte":"\$upstream_header_time","user_agent":"\$http_user_agent","referer":"\$http_referer"}';
  gzip on; gzip_comp_level 5; gzip_proxied any;
  access_log $out/nginx-access.log json buffer=64k; keepalive_requests 100000000;
  ssl_certificate $out/tls.pem; ssl_certificate_key $out/tls.key; ssl_protocols TLSv1.2 TLSv1.3;
  upstream origin { server 127.0.0.1:$origin; keepalive 64; keepalive_requests 100000000; }
  server { listen 127.0.0.1:$next; listen 127.0.0.1:$((next + 1)) ssl http2;
    location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host \$host;
      proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto \$scheme; proxy_pass http://origin; } } }
CONF
      start 0 nginx nginx -c "$out/nginx.conf" ;;
    haproxy)
      command -v haproxy >/dev/null || { echo "run.sh: HAProxy is not installed" >&2; continue; }
      cat "$out/tls.pem" "$out/tls.key" >"$out/haproxy.pem"
      cat >"$out/haproxy.cfg" <<CONF
global
  nbthread 1
  maxconn 4096
  tune.comp.maxlevel 5
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  timeout connect 10s
  timeout client 60s
  timeout server 60s
frontend edge
  bind 127.0.0.1:$next
  bind 127.0.0.1:$((next + 1)) ssl crt $out/haproxy.pem alpn h2,http/1.1
  option forwardfor
  compression algo gzip
  compression type text/html
  default_backend origin
backend origin
  http-reuse always
  server origin 127.0.0.1:$origin pool-max-conn 64
CONF
      start 0 haproxy haproxy -db -f "$out/haproxy.cfg" ;;
    *) fail "no server: $server" ;;
  esac
  servers="$servers $server:$pid:$next"
  next=$((next + 2))
done

for server in $servers; do
  name=${server%%:*}; address=${server##*:}; tries=0
  until [ "$(load "$address" 1k 1 2>/dev/null | cut -d' ' -f1)" -gt 0 ] 2>/dev/null; do
    tries=$((tries + 1)); [ $tries -lt 60 ] || fail "$name does not answer, see $out/$name.log"
  done
  for row in $rows; do load "$address" "$row" "$warmup" >/dev/null; done
done

tick=$((1000000 / $(getconf CLK_TCK)))
echo "warm-up ${warmup}s per row"
printf '%-6s %-15s %-10s %12s %12s %8s\n' round row proxy "us/request" "requests/s" errors
round=1
while [ $round -le "$rounds" ]; do
  for row in $rows; do
    for server in $servers; do
      name=${server%%:*}; rest=${server#*:}; group=${rest%%:*}; address=${server##*:}
      before=$(cpu "$group")
      result=$(load "$address" "$row" "$seconds")
      after=$(cpu "$group")
      echo "$result" | awk -v r=$round -v p="$row" -v n="$name" -v t=$(((after - before) * tick)) -v s="$seconds" \
        '{ printf "%-6s %-15s %-10s %12.1f %12.0f %8d\n", r, p, n, ($1 ? t / $1 : 0), $1 / s, $2 }'
    done
  done
  round=$((round + 1))
done | tee "$out/rounds.txt"
echo
awk -v servers="$servers" -v rows="$rows" '
  { v[$2, $3, ++n[$2, $3]] = $4 }
  function median(row, name,   i, j, t, m) {
    m = n[row, name]
    for (i = 1; i <= m; i++) for (j = i + 1; j <= m; j++) if (v[row, name, j] < v[row, name, i]) {
      t = v[row, name, i]; v[row, name, i] = v[row, name, j]; v[row, name, j] = t }
    return v[row, name, int((m + 1) / 2)]
  }
  END {
    k = split(rows, row, " "); m = split(servers, server, " ")
    printf "%-16s", "median us"
    for (j = 1; j <= m; j++) { split(server[j], part, ":"); name[j] = part[1]; printf "%12s", name[j] }
    printf "%14s\n", "x nginx"
    for (i = 1; i <= k; i++) {
      printf "%-16s", row[i]
      for (j = 1; j <= m; j++) { us[name[j]] = median(row[i], name[j]); printf "%12.1f", us[name[j]] }
      printf "%14s\n", (us["nginx"] > 0 && us["anycastle"] > 0) ? sprintf("%.2f", us["anycastle"] / us["nginx"]) : "-"
    }
  }' "$out/rounds.txt"

if [ -n "${P99:-}" ]; then
  rate=$(awk -v servers="$servers" '
    $2 == "1k" && (!seen[$3]++ || $5 < rps[$3]) { rps[$3] = $5 }
    END { for (name in rps) if (!least || rps[name] < least) least = rps[name]; printf "%d", least * 0.7 }' "$out/rounds.txt")
  [ "$rate" -gt 0 ] || fail "P99 needs the row 1k"
  echo
  echo "p99 in us at $rate requests a second"
  for round in 1 2 3 4 5; do
    for server in $servers; do
      printf '%s %s ' "$round" "${server%%:*}"
      taskset -c 1 "$out/hload" -H bench.local -w 1 -d "$seconds" -c 64 -p "${server##*:}" -u /1k -R "$rate" |
        sed 's/.*"errs":\([0-9]*\),.*"p50":\([0-9]*\),"p99":\([0-9]*\).*/\3 \2 \1/'
    done
  done | tee "$out/p99.txt" | awk '{ printf "%-6s %-10s p99 %6d  p50 %6d  errors %d\n", $1, $2, $3, $4, $5 }'
  sort -k2,2 -k3,3n "$out/p99.txt" | awk '{ n[$2]++; if (n[$2] == 3) printf "median %-10s p99 %6d\n", $2, $3 }'
fi

if [ -n "${START:-}" ]; then
  [ "${servers#*anycastle}" != "$servers" ] || fail "START needs the node"
  kill "$edge_pid"
  while kill -0 "$edge_pid" 2>/dev/null; do sleep 0.1; done
  start 0 anycastle "$edge" run --config "$out/edge.yml"
  until curl -sf "http://127.0.0.1:$((base + 9))/readyz" >/dev/null; do
    kill -0 "$pid" 2>/dev/null || fail "the node ended, see $out/anycastle.log"
    sleep 0.05
  done
  echo
  echo "requests a second after readyz"
  taskset -c 1 "$out/hload" -H bench.local -w 0 -d 60 -c 64 -p $((base + 2)) -u /1k -v 2>&1 >"$out/start.json" |
    sed -n 's/^t=\([0-9]*\) rps \([0-9]*\).*/\1 \2/p' | tee "$out/start.txt" |
    awk '{ rps[$1] = $2; last = $1 } END { for (t = last - 20; t <= last; t++) { sum += rps[t]; n++ }
      for (t = 1; t <= 10; t++) printf "second %2d %8d %5.0f %%\n", t, rps[t], 100 * rps[t] * n / sum
      printf "last 20   %8d\n", sum / n }'
fi
