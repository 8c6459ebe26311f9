#!/bin/sh
# Measures what a large store costs a node: its load (disk to DNS answer table) in wall and CPU time, its size on disk and
# in memory, that of the answer table, and one change in it, alone and while a thread asks all the time; for one zone of
# many names and for many zones of 100 names. Then the whole node, Hazelcast included, is started on such a disk: how long
# until DNS answers, its live heap, and imports of 100,000 more records: how long each takes, and how long DNS makes a
# client wait meanwhile at most.
#
#   edge-app/src/bench/load.sh [RECORDS] [UPDATES]        1,000,000 records and 20,000 changes by default
#
# Each load is a JVM of its own with the options of the distribution, so that nothing is warm. JAVA_OPTS adds options to it.
# The node uses the ports 5397 and 8097 of loopback. For exact figures run it on an idle machine.
set -eu
cd "$(dirname "$0")/../.."
records=${1:-1000000}
updates=${2:-20000}
out=target/bench
fail() { echo "load.sh: $*" >&2; exit 1; }

java=$(../edge --java-home)/bin/java
mkdir -p "$out/classes"
(cd .. && mvn -q -B -o -pl edge-dns -am compile) >"$out/maven.log" 2>&1 ||
  (cd .. && mvn -q -B -pl edge-dns -am compile) >"$out/maven.log" 2>&1 || fail "the build failed, see $PWD/$out/maven.log"
[ -s "$out/classpath" ] || (cd .. && mvn -q -B -pl edge-dns -am compile \
  org.apache.maven.plugins:maven-dependency-plugin:build-classpath -Dmdep.includeScope=runtime \
  -Dmdep.outputFile="$PWD/edge-app/$out/classpath") >"$out/maven.log" 2>&1 || fail "the class path could not be built, see $PWD/$out/maven.log"
classpath="$out/classes:../edge-core/target/classes:../edge-dns/target/classes:$(cat "$out/classpath")"
"${java}c" -d "$out/classes" -cp "$classpath" src/bench/java/io/anycastle/app/bench/LoadBench.java

shape() { # ZONES NAMES
  echo "$1 zones of $2 names"
  rm -rf "$out/store"
  "$java" ${JAVA_OPTS:-} -cp "$classpath" io.anycastle.app.bench.LoadBench make "$out/store" "$1" "$2"
  "$java" @src/dist/jvm.options ${JAVA_OPTS:-} -cp "$classpath" io.anycastle.app.bench.LoadBench load "$out/store" "$updates"
  rm -rf "$out/store"
}

# The heap in KiB that is live after a collection.
live() { # PID
  "${java%java}jcmd" "$1" GC.run >/dev/null
  # As G1 tells it, and as Shenandoah does.
  used=$("${java%java}jcmd" "$1" GC.heap_info | sed -n 's/.*heap .*used \([0-9]*\)K.*/\1/p; s/.* \([0-9]*\)M used.*/\1 * 1024/p' | head -n 1)
  [ -n "$used" ] || fail "the collector's heap cannot be read; JAVA_OPTS=-XX:+UseG1GC takes one that can"
  echo $((used))
}

node() {
  echo "the whole node, one zone of $records names"
  command -v dig >/dev/null || fail "dig is missing; on Debian: apt-get install bind9-dnsutils"
  "$java" ${JAVA_OPTS:-} -cp "$classpath" io.anycastle.app.bench.LoadBench make "$out/store" 1 "$records" >/dev/null
  cat >"$out/edge.yml" <<YML
data: $PWD/$out/store
dns:
  listen: [{address: 127.0.0.1, port: 5397}]
http:
  listen: [{address: 127.0.0.1, port: 0, public-port: 80}]
admin:
  listen: [{address: 127.0.0.1, port: 8097}]
cluster:
  port: 0
YML
  ../edge version >/dev/null # builds what is to be built
  begin=$(date +%s%N)
  EDGE_JAVA_OPTS=${JAVA_OPTS:-} ../edge run --config "$out/edge.yml" >"$out/node.log" 2>&1 &
  node=$!
  until dig +time=1 +tries=1 @127.0.0.1 -p 5397 "host-1.zone0.example" 2>/dev/null | grep -q 'status: NOERROR'; do
    kill -0 "$node" 2>/dev/null || fail "the node ended, see $PWD/$out/node.log"
    sleep 0.05 # asking all the time would take one of the node's cores
  done
  echo "start to first DNS answer: $((($(date +%s%N) - begin) / 1000000)) ms"
  # Hazelcast joins after DNS serves and then takes the store into its maps: until the heap stays as it is.
  before=0
  now=$(live "$node")
  while [ $((now - before)) -gt $((now / 200)) ] || [ $((before - now)) -gt $((now / 200)) ]; do
    sleep 5
    before=$now
    now=$(live "$node")
  done
  echo "heap: $((now / 1024)) MiB live, $((now * 1024 / records)) bytes a record"
  import 5
}

admin() { # PATH, CURL OPTIONS...
  path=$1
  shift
  curl -sS --fail-with-body -H "Authorization: Bearer $(cat "$out/store/admin.token")" "$@" "http://127.0.0.1:8097/client/v4/$path"
}

import() { # HOW MANY TIMES
  zone=$(admin "zones?name=zone0.example" | sed 's/.*"id":"\([0-9a-f]\{32\}\)","name":"zone0.example".*/\1/')
  rm -f "$out/imported"
  "$java" -XX:+UseSerialGC -cp "$classpath" io.anycastle.app.bench.LoadBench ask 5397 "$out/imported" &
  asker=$!
  sleep 2 # what asks is warm then
  for i in $(seq "$1"); do
    seq 100000 | sed "s/.*/new-$i-&.zone0.example. 300 IN A 192.0.2.1/" >"$out/import.txt"
    begin=$(date +%s%N)
    admin "zones/$zone/dns_records/import" -F "file=@$out/import.txt" >"$out/import.log"
    echo "import of 100000 records: $((($(date +%s%N) - begin) / 1000000)) ms"
  done
  : >"$out/imported"
  wait "$asker"
}
node=""
asker=""
finish() {
  for process in $node $asker; do
    kill "$process" 2>/dev/null && wait "$process" || true
  done
  rm -rf "$out/store"
}
trap finish EXIT
shape 1 "$records"
shape $((records / 100)) 100
node
