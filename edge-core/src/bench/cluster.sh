#!/bin/sh
# Measures three stores in one cluster: how long a change takes to be acknowledged and to be in every view, an import,
# a node that was away, and a node that starts empty. All three share this machine's cores and disk.
#
#   edge-core/src/bench/cluster.sh [RECORDS]        100,000 records by default
set -eu
cd "$(dirname "$0")/../../.."
java=$(./edge --java-home)/bin/java
out=$PWD/edge-core/target/bench
mkdir -p "$out"
mvn -q -o -B -pl edge-core test-compile dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile="$out/classpath" \
  >"$out/maven.log" 2>&1 || mvn -q -B -pl edge-core test-compile dependency:build-classpath -Dmdep.includeScope=test \
  -Dmdep.outputFile="$out/classpath" >"$out/maven.log" 2>&1 || { cat "$out/maven.log" >&2; exit 1; }
exec "$java" ${BENCH_JVM:--Xmx8g} --add-modules java.se --add-exports java.base/jdk.internal.ref=ALL-UNNAMED \
  --add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/sun.nio.ch=ALL-UNNAMED \
  --add-opens java.management/sun.management=ALL-UNNAMED --add-opens jdk.management/com.sun.management.internal=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED \
  -cp "edge-core/target/test-classes:edge-core/target/classes:$(cat "$out/classpath")${BENCH_CP:+:$BENCH_CP}" \
  io.anycastle.core.store.ClusterBench "${1:-100000}"
