#!/bin/sh
# Makes target/anycastle-linux-ARCH.tar.gz, the distribution with its own Java runtime, and target/packages/deb, the files and control
# files that jdeb makes the Debian package of. Equal input gives equal output. usage: build.sh ARCH VERSION TIME (ISO 8601)
set -eu
arch=$1
version=$2
time=$3
here=$(cd "$(dirname "$0")" && pwd)
module=$(cd "$here/../.." && pwd)
dist=$module/target/anycastle/anycastle
runtime=$module/target/runtime
work=$module/target/packages

rm -rf "$work"
mkdir -p "$work/anycastle" "$work/deb/control" "$work/deb/root"

# What takes no account of who builds, and when.
pack() {
  tar --sort=name --owner=root:0 --group=root:0 --numeric-owner --mtime="$time" --mode=u=rwX,go=rX "$@"
}

# The archive: the distribution and the runtime, hard-linked here.
cp -al "$dist/." "$work/anycastle"
rm -f "$work/anycastle/anycastle.aot" "$work/anycastle/.built"
cp -al "$runtime" "$work/anycastle/runtime"
pack -C "$work" -cf - anycastle | gzip -n -6 >"$work/archive"
mv "$work/archive" "$module/target/anycastle-linux-$arch.tar.gz"

# The package: the same in Debian's places.
root=$work/deb/root
home=$root/usr/lib/anycastle
doc=$root/usr/share/doc/anycastle
mkdir -p "$root/usr/bin" "$root/usr/lib/systemd/system" "$root/usr/share" "$root/etc/anycastle" "$root/etc/default" "$doc"
cp -al "$work/anycastle" "$home"
rm -rf "$home/share" "$home/LICENSE" "$home/docs" "$home/anycastle.service"
ln -s ../lib/anycastle/edge "$root/usr/bin/edge"
ln -s /etc/default/anycastle "$home/defaults"
cp "$here/defaults" "$root/etc/default/anycastle"
cp "$here/edge.yml" "$root/etc/anycastle/edge.yml"
# The unit's first lines say how to install it by hand.
sed -e '/^#.*\/opt\/anycastle/d' -e '/^# systemd unit/d' -e 's|^Documentation=.*|Documentation=man:edge(1) man:edge.yml(5)|' \
  -e 's|/opt/anycastle/edge |/usr/bin/edge |' "$dist/anycastle.service" >"$root/usr/lib/systemd/system/anycastle.service"
if grep -q /opt/ "$root/usr/lib/systemd/system/anycastle.service"; then
  echo "build.sh: the package's unit still names /opt" >&2
  exit 1
fi
cp -r "$dist/share/." "$root/usr/share"
find "$root/usr/share/man" -type f -exec gzip -n -9 {} +
cp -r "$dist/docs" "$doc/manual"
cp "$here/copyright" "$doc/copyright"
printf 'anycastle (%s) stable; urgency=medium\n\n  * What an upgrade asks for is in the manual, on the page backup-upgrade.\n\n -- Anycastle <anycastle@localhost>  %s\n' \
  "$(echo "$version" | tr - "~")" "$(date -u -d "$time" '+%a, %d %b %Y %H:%M:%S +0000')" | gzip -n -9 >"$doc/changelog.gz"

# The C library that the runtime's and the jars' native parts ask for; the newest symbol tells.
cp "$here"/deb/* "$work/deb/control"
libc=$(find "$home/runtime" -type f \( -name '*.so' -o -path '*/bin/*' \) -exec grep -aoh 'GLIBC_2\.[0-9]*' {} + | sort -uV | tail -n 1)
sed -i "s/@LIBC@/${libc#GLIBC_}/" "$work/deb/control/control"
pack -C "$root" -cf "$work/deb/data.tar" .
