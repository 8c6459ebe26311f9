#!/bin/sh
# Three machines as far as their networks go: namespaces n1, n2 and n3 on one bridge, at 10.83.0.1 to 10.83.0.3, each with a loopback
# of its own. Says "ready" when they are there, and takes them away when its input ends.
set -eu
user=
[ "$(id -u)" = 0 ] || user=--map-root-user
# shellcheck disable=SC2086 # empty, or one option
exec unshare $user --mount --net sh -euc '
  mount -t tmpfs none /run
  ip link add bridge type bridge
  ip link set bridge up
  for n in 1 2 3; do
    ip netns add "n$n"
    ip link add "port$n" type veth peer name wire netns "n$n"
    ip link set "port$n" master bridge up
    ip -n "n$n" link set lo up
    ip -n "n$n" address add "10.83.0.$n/24" dev wire
    ip -n "n$n" link set wire up
  done
  echo ready
  exec cat >/dev/null
'
