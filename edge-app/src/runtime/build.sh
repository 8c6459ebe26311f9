#!/bin/sh
# Makes target/runtime, a Java runtime of the modules in the file beside this one, with jlink of the JDK that builds. It is made anew
# only when the JDK or the list has changed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
module=$(cd "$here/../.." && pwd)
dist=$module/target/anycastle/anycastle
runtime=$module/target/runtime
made_of=$module/target/runtime.of
[ -x "$dist/edge" ] || { echo "build.sh: $dist is missing; run 'mvn package' first" >&2; exit 1; }

jdk=$("$dist/edge" --java-home)
[ -x "$jdk/bin/jlink" ] || { echo "build.sh: $jdk has no jlink; set JAVA_HOME to a JDK 25" >&2; exit 1; }
if ! cat "$jdk/release" "$here/modules" | cmp -s - "$made_of"; then
  rm -rf "$runtime" "$made_of"
  "$jdk/bin/jlink" --add-modules "$(grep -v '^#' "$here/modules" | paste -sd, -)" \
    --strip-debug --no-man-pages --no-header-files --compress zip-6 --output "$runtime"
  cat "$jdk/release" "$here/modules" >"$made_of"
fi
