#!/bin/sh
# Runs a shell script as root on a throw-away copy of this machine's file system, so that what it installs stays nowhere.
# The copy is an overlay in a mount namespace of its own. usage: on-a-copy.sh FOLDER SCRIPT (the script runs in FOLDER)
set -eu
folder=$1
script=$2
user=""
[ "$(id -u)" = 0 ] || user="--map-root-user --user"
# shellcheck disable=SC2016,SC2086 # expanded in the namespace; two options or none
exec unshare $user --mount --net sh -euc '
  ip link set lo up
  scratch=$(mktemp -d)
  mount -t tmpfs tmpfs "$scratch"
  mkdir "$scratch/up" "$scratch/work" "$scratch/root"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/up,workdir=$scratch/work" "$scratch/root"
  mount --rbind /proc "$scratch/root/proc"
  mount --rbind /dev "$scratch/root/dev"
  # sudo is for the reader; here everything is root already.
  mkdir -p "$scratch/root/usr/local/bin"
  printf "#!/bin/sh\nexec \"\$@\"\n" >"$scratch/root/usr/local/bin/sudo"
  chmod +x "$scratch/root/usr/local/bin/sudo"
  SYSTEMD_OFFLINE=1 exec chroot "$scratch/root" bash -euo pipefail -c "cd \"\$1\" && . \"\$2\"" bash "$1" "$2"
' sh "$folder" "$script"
