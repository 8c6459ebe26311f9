#!/bin/sh
# Measures what a DNS query costs: CPU time (user and system) of the server per answer, as a ratio to the cheapest responder there can be
# (the C floor), of ours and of NSD, Knot, BIND and PowerDNS where they are installed. README.md beside this tells how to read it.
#
#   edge-dns/src/bench/run.sh [--sets LIST] [--servers LIST] [--rounds 3] [--seconds 5] [--warm-up 8] [--window 128] [--rate 50000]
#     [--port 5390]
#
# Servers are pinned to core 0, the generator to core 1; every server is warmed up; rounds are interleaved. Traffic stays on loopback, in a
# network namespace of its own where this user may make one. For exact figures run it on an idle machine.
set -eu
cd "$(dirname "$0")/../.."
out=$PWD/target/bench
mkdir -p "$out"

fail() { echo "run.sh: $*" >&2; exit 1; }
command -v gcc >/dev/null || fail "gcc is missing; on Debian: apt-get install gcc libc6-dev"
command -v taskset >/dev/null || fail "taskset is missing; on Debian: apt-get install util-linux"
command -v openssl >/dev/null || fail "openssl is missing; on Debian: apt-get install openssl"
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
  built -o || built || fail "the build failed, see edge-dns/target/bench/maven.out"
  export BENCH_BUILT=yes
  # A network of its own, where this user may make one: nothing else sends there.
  if command -v ip >/dev/null && unshare --net true 2>/dev/null; then
    # shellcheck disable=SC2016 # expanded in the namespace
    exec unshare --net sh -c 'ip link set lo up; exec "$0" "$@"' "$PWD/src/bench/run.sh" "$@"
  fi
fi

gcc -O2 -Wall -Wno-unused-result -pthread src/bench/c/floor.c -o "$out/floor"
gcc -O2 -Wall -Wno-unused-result -Wno-alloc-size-larger-than src/bench/c/dnsgen.c -o "$out/dnsgen"
gcc -O2 -Wall src/bench/c/dnstcp.c -o "$out/dnstcp"
gcc -O2 -Wall -DTLS src/bench/c/dnstcp.c -o "$out/dnstls" -lssl -lcrypto 2>"$out/dnstls.log" ||
  echo "run.sh: the set dot needs OpenSSL's headers; on Debian: apt-get install libssl-dev" >&2
[ -s "$out/tls.pem" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$out/tls.key" \
  -out "$out/tls.pem" -days 3650 -subj /CN=dns.test 2>"$out/openssl.log"

exec taskset -c 1 "$java" -XX:+UseSerialGC -Xmx256m -cp "$(cat "$out/classpath")" io.anycastle.dns.bench.DnsBench \
  "$out" "$(getconf CLK_TCK)" "$@"
