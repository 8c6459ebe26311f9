# Around the commands of the manual's section on the container image.
if docker container inspect edge >/dev/null 2>&1; then
  echo "a container called edge is here already"
  exit 1
fi
trap 'docker rm -f edge >/dev/null 2>&1 || true; docker volume rm -f edge-data >/dev/null 2>&1 || true' EXIT

fail() {
  echo "$1"
  docker logs --tail 30 edge || true
  exit 1
}

expect() {
  local output
  output=$(eval "$2" 2>&1) || fail "'$2' failed: $output"
  case $output in *"$1"*) ;; *) fail "'$2' printed no '$1' but: $output" ;; esac
}

after_start() {
  for _ in $(seq 600); do
    if docker logs edge 2>&1 | grep -q 'ready, '; then return; fi
    [ "$(docker inspect -f '{{.State.Running}}' edge)" = true ] || break
    sleep 0.1
  done
  fail "the container is not ready"
}

after_use() {
  [ "$(docker inspect -f '{{.State.OOMKilled}}' edge)" = false ] || fail "it took more memory than it may"
}

after_stop() {
  ! docker container inspect edge >/dev/null 2>&1 || fail "the container is still there"
}
