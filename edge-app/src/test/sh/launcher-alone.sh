# Sourced as root on a throw-away copy of a machine, in a folder with the launcher alone: what it says where something is missing.
said() {
  out=$(env -u JAVA_HOME HOME=/nonexistent ./edge version 2>&1) && { echo "it ran: $out"; exit 1; }
  case $out in "edge: "*"$1"*) ;; *) echo "expected '$1' in: $out"; exit 1 ;; esac
  [ "$(echo "$out" | wc -l)" = 1 ] || { echo "more than a line: $out"; exit 1; }
}
rm -f "$(command -v mvn)"
said "nothing is built yet and Maven (mvn) is not installed"
rm -rf /usr/lib/jvm/* /opt/java* /opt/jdk* /usr/java
said "no Java 25 or newer found"
