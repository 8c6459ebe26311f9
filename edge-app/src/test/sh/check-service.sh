# Runs after the README's installation commands: the unit is sound, and what it starts serves as the unit's user with its one capability.
systemd-analyze verify /etc/systemd/system/anycastle.service
[ "$(stat -c %U /var/lib/anycastle 2>/dev/null || echo anycastle)" = anycastle ]
install -d -o anycastle -g anycastle -m 0700 /var/lib/anycastle
cd /var/lib/anycastle
command=$(sed -n 's/^ExecStart=//p' /etc/systemd/system/anycastle.service)
# shellcheck disable=SC2086 # the command is split as systemd splits it
setpriv --reuid anycastle --regid anycastle --clear-groups --bounding-set -all,+net_bind_service \
  --inh-caps -all,+net_bind_service --ambient-caps -all,+net_bind_service --no-new-privs $command >/tmp/service.log 2>&1 &
service=$!
trap 'kill -TERM "$service" 2>/dev/null || true' EXIT
for _ in $(seq 300); do
  grep -q 'ready, ' /tmp/service.log && break
  kill -0 "$service" 2>/dev/null || break
  sleep 0.1
done
dig +time=2 @127.0.0.1 whatever.example.org | grep -q 'status: REFUSED' || { cat /tmp/service.log; exit 1; }
curl -sS --max-time 10 http://127.0.0.1/cdn-cgi/trace | grep -q '^colo='
kill -TERM "$service"
wait "$service" || [ $? = 143 ]
