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
for _ in $(seq 300); do
  dig +time=1 +tries=1 @127.0.0.1 whatever.example.org >/tmp/dig.log 2>&1 && break
  kill -0 "$service" 2>/dev/null || break
  sleep 0.1
done
grep -q 'status: REFUSED' /tmp/dig.log || { cat /tmp/service.log /tmp/dig.log; exit 1; }
curl -sS --max-time 10 http://127.0.0.1/cdn-cgi/trace | grep -q '^colo='
kill -TERM "$service"
wait "$service" || [ $? = 143 ]
