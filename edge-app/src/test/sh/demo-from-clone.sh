#!/bin/sh
# The README's first promise: a fresh clone, nothing built, "./edge demo", and the commands that it prints work when pasted.
# Everything happens in a temporary copy of the sources and in a network of its own without a way out, so Maven gets by with its local
# repository and the demo has its usual ports. usage: demo-from-clone.sh
set -eu
root=$(cd "$(dirname "$0")/../../../.." && pwd)
if [ -z "${DEMO_ALONE:-}" ]; then
  user=""
  [ "$(id -u)" = 0 ] || user="--map-root-user --user"
  # shellcheck disable=SC2016,SC2086 # expanded in the namespace; two options or none
  DEMO_ALONE=yes exec unshare $user --net sh -euc 'ip link set lo up; exec "$0"' "$root/edge-app/src/test/sh/demo-from-clone.sh"
fi

folder=$(mktemp -d)
demo=""
finish() {
  [ -z "$demo" ] || kill "$demo" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
mkdir "$folder/clone"
tar -C "$root" --exclude=target --exclude=.git -cf - . | tar -C "$folder/clone" -xf -
cd "$folder/clone"

fail() {
  echo "$1; the demo printed:"
  cat "$folder/printed"
  tail -n 30 target/build.log 2>/dev/null || true
  exit 1
}
./edge demo >"$folder/printed" 2>&1 &
demo=$!
until grep -q 'Ctrl-C ends it' "$folder/printed"; do
  kill -0 "$demo" 2>/dev/null || fail "the demo ended by itself"
  sleep 0.2
done
grep -q '^Building Anycastle' "$folder/printed" || fail "it did not say that it builds"

printed=$(sed -n 's/^  *\(\(dig\|curl\) .*\)/\1/p' "$folder/printed")
[ "$(echo "$printed" | wc -l)" = 3 ] || fail "not three commands"
answers=$(echo "$printed" | sh -e 2>&1) || fail "a printed command failed: $answers"
for expected in '^127\.0\.0\.1$' '^192\.0\.2\.2$' 'blog at 192\.0\.2\.1'; do
  echo "$answers" | grep -q "$expected" || fail "no '$expected' in: $answers"
done

data=$(sed -n 's/.*removes its data (\(.*\))\./\1/p' "$folder/printed")
[ -d "$data" ] || fail "no data folder"
kill -TERM "$demo"
wait "$demo" || [ $? = 143 ] || fail "it did not end as it should"
demo=""
[ ! -e "$data" ] || fail "the data folder was left behind"
echo "a fresh clone's demo works"
