#!/bin/sh
# Measures three real nodes in a cluster on this machine, which share its cores and its disk: how long a change takes from the API call to
# the changed DNS answer of all three, alone and while each answers 10,000 queries a second; an import; a start from the node's own disk
# after kill -9; reconciling what was missed; an empty node. Loopback only, ports 12,000 to 30,000.
#
#   edge-app/src/bench/cluster.sh [RECORDS]        1,000,000 records by default; wants 12 GB of memory for those
set -eu
cd "$(dirname "$0")/../../.."
./edge version >/dev/null
exec "$(./edge --java-home)/bin/java" -Xmx512m edge-app/src/bench/java/io/anycastle/app/ClusterFigures.java "${1:-1000000}"
