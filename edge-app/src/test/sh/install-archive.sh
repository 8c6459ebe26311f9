# Around the commands of the manual's section on the archive.
before_install() {
  echo "drain-time: 0s" >>service.yml
}

after_install() {
  systemd-analyze verify /etc/systemd/system/anycastle.service
  expect "in /opt/anycastle" "EDGE_JAVA_OPTS=-XX:AOTMode=on /opt/anycastle/edge version"
  expect "/opt/anycastle/runtime" "/opt/anycastle/edge --java-home"
  await_ready
}

after_use() {
  expect "colo=" "curl -sS --max-time 10 http://127.0.0.1/cdn-cgi/trace"
  expect "anycastle" "ps -o user= -p $(cat /run/anycastle.pid)"
}

after_upgrade() {
  await_ready
  expect 192.0.2.1 "dig @127.0.0.1 www.example.com A +short"
}

after_remove() {
  [ ! -e /opt/anycastle ] || fail "the program is still there"
  [ -s /etc/anycastle/edge.yml ] && [ -s /var/lib/anycastle/admin.token ] || fail "configuration or data is gone"
}
