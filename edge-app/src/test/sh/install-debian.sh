# Around the commands of the manual's section on the Debian package.
home=/usr/lib/anycastle

after_install() {
  [ -s $home/anycastle.aot ] || fail "no start-up cache"
  expect "in $home" "EDGE_JAVA_OPTS=-XX:AOTMode=on edge version"
  expect "$home/runtime" "edge --java-home"
  systemd-analyze verify /usr/lib/systemd/system/anycastle.service
  expect enabled "systemctl is-enabled anycastle"
  [ "$(stat -c '%U %a' /var/lib/anycastle)" = "anycastle 700" ] || fail "the data folder is not the user's alone"
  [ -r /usr/share/man/man1/edge-zone-add.1.gz ] && [ -r /usr/share/man/man5/edge.yml.5.gz ] || fail "no man pages"
  # shellcheck disable=SC2016 # expanded by the shell that completes
  expect import 'bash -c ". /usr/share/bash-completion/completions/edge; COMP_WORDS=(edge zone imp); COMP_CWORD=2; _complete_edge; echo \${COMPREPLY[@]}"'
  await_ready
  expect "anycastle" "ps -o user= -p $(cat /run/anycastle.pid)"
}

before_configure() {
  printf 'node: {colo: FRA}\ndrain-time: 0s\n' >>/etc/anycastle/edge.yml
}

after_configure() {
  await_ready
  expect "colo=FRA" "curl -sS --max-time 10 http://127.0.0.1:8080/cdn-cgi/trace"
  expect 192.0.2.1 "dig @127.0.0.1 -p 5300 www.example.com A +short"
  started_first=$(cat /run/anycastle.pid)
}

# A version that is newer.
before_check() {
  dpkg-deb -R anycastle_*.deb newer
  sed -i 's/^Version: .*/Version: 99/' newer/DEBIAN/control
  rm anycastle_*.deb
  dpkg-deb -Znone -b newer anycastle_newer.deb
}

# From here on no cache can be made.
before_upgrade() {
  export EDGE_JAVA_OPTS=-Djava.io.tmpdir=/nowhere
}

kept() {
  await_ready
  expect 192.0.2.1 "dig @127.0.0.1 -p 5300 www.example.com A +short"
  expect "colo=FRA" "curl -sS --max-time 10 http://127.0.0.1:8080/cdn-cgi/trace"
}

after_upgrade() {
  expect "99 installed" "dpkg-query -W -f='\${Version} \${db:Status-Status}' anycastle"
  [ "$(cat /run/anycastle.pid)" != "$started_first" ] || fail "the service was not started again"
  [ ! -e $home/anycastle.aot ] || fail "the old cache is still there"
  kept
}

after_remove() {
  [ ! -e $home ] && [ ! -e /usr/bin/edge ] || fail "the program is still there"
  systemctl is-active anycastle && fail "the service still runs"
  grep -q FRA /etc/anycastle/edge.yml && [ -r /etc/default/anycastle ] || fail "the configuration is gone"
  [ -s /var/lib/anycastle/admin.token ] || fail "the data is gone"
  apt install ./anycastle_newer.deb
  kept
}

after_purge() {
  for file in $home /usr/bin/edge /etc/anycastle /etc/default/anycastle /var/lib/anycastle /usr/lib/systemd/system/anycastle.service; do
    [ ! -e $file ] || fail "$file is still there"
  done
}
