# Sourced first on a throw-away copy of a machine: no JDK is there, nobody is asked, and a stand-in for systemd starts units as they say.
rm -rf /usr/lib/jvm/* /opt/java* /opt/jdk* /usr/java /usr/bin/java /usr/sbin/policy-rc.d
unset JAVA_HOME EDGE_JAVA_OPTS EDGE_AOT_CACHE EDGE_HOME ANYCASTLE_DATA ANYCASTLE_SERVER ANYCASTLE_TOKEN
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
echo 'APT::Get::Assume-Yes "true";' >/etc/apt/apt.conf.d/99nobody-is-asked
mkdir -p /run/systemd/system

mv /usr/bin/systemctl /usr/bin/systemctl.real # apt's PATH leads to no other place
cat >/usr/bin/systemctl <<'SYSTEMCTL'
#!/bin/sh
# systemd's part on a machine where it does not run: a unit's command, as its user, in its folder, with its capability and nothing of
# the environment. What is about the file system alone, the real command does.
set -eu
given="$*"
while case ${1:-} in --*) true ;; *) false ;; esac; do shift; done
verb=$1
shift
while case ${1:-} in --*) true ;; *) false ;; esac; do shift; done
name=${1:-}
name=${name%.service}
pid=/run/$name.pid
of() { sed -n "s/^$1=//p" "$(ls /etc/systemd/system/"$name".service /usr/lib/systemd/system/"$name".service 2>/dev/null | head -n 1)"; }
active() { [ -r "$pid" ] && kill -0 "$(cat "$pid")" 2>/dev/null; }
stop() {
  active || return 0
  kill -TERM "$(cat "$pid")"
  while active; do sleep 0.1; done
}
start() {
  user=$(of User)
  install -d -o "$user" -g "$user" -m "$(of StateDirectoryMode)" "/var/lib/$(of StateDirectory)"
  : >"/run/$name.log"
  cd "$(of WorkingDirectory)"
  # shellcheck disable=SC2046 # the command is split as systemd splits it
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin setsid setpriv --reuid "$user" --regid "$user" --clear-groups \
    --bounding-set -all,+net_bind_service --inh-caps -all,+net_bind_service --ambient-caps -all,+net_bind_service \
    --no-new-privs $(of ExecStart) >"/run/$name.log" 2>&1 </dev/null &
  echo $! >"$pid"
}
case $verb in
  start) active || start ;;
  restart) stop; start ;;
  stop) stop ;;
  is-active) active ;;
  daemon-reload) ;;
  # shellcheck disable=SC2086 # as it was given
  *) SYSTEMD_OFFLINE=1 exec systemctl.real $given ;;
esac
SYSTEMCTL
chmod 755 /usr/bin/systemctl
trap 'systemctl stop anycastle' EXIT

fail() {
  echo "$1"
  tail -n 30 /run/anycastle.log 2>/dev/null || true
  exit 1
}

# The service's own word that it serves.
await_ready() {
  for _ in $(seq 600); do
    grep -q 'ready, ' /run/anycastle.log && return
    systemctl is-active anycastle || break
    sleep 0.1
  done
  fail "the service is not ready"
}

# A command, and what its output holds.
expect() {
  local output
  output=$(eval "$2" 2>&1) || fail "'$2' failed: $output"
  case $output in *"$1"*) ;; *) fail "'$2' printed no '$1' but: $output" ;; esac
}
