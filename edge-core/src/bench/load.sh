#!/bin/sh
# Measures what a large store costs a node: its load (disk to DNS answer table) in wall and CPU time, its size on disk and
# in memory, and one change in it, for one zone of many names and for many zones of 100 names.
#
#   edge-core/src/bench/load.sh [RECORDS] [UPDATES]        1,000,000 records and 20,000 changes by default
#
# Each load is a JVM of its own, so that nothing is warm. JAVA_OPTS adds options to it. For exact figures run it on an idle
# machine.
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
  -Dmdep.outputFile="$PWD/edge-core/$out/classpath") >"$out/maven.log" 2>&1 || fail "the class path could not be built, see $PWD/$out/maven.log"
classpath="$out/classes:target/classes:../edge-dns/target/classes:$(cat "$out/classpath")"
"${java}c" -d "$out/classes" -cp "$classpath" $(find src/bench/java -name '*.java')

shape() { # ZONES NAMES
  echo "$1 zones of $2 names"
  rm -rf "$out/store"
  "$java" ${JAVA_OPTS:-} -cp "$classpath" io.anycastle.core.store.LoadBench make "$out/store" "$1" "$2"
  "$java" ${JAVA_OPTS:-} -cp "$classpath" io.anycastle.core.store.LoadBench load "$out/store" "$updates"
  rm -rf "$out/store"
}
trap 'rm -rf "$out/store"' EXIT
shape 1 "$records"
shape $((records / 100)) 100
