#!/bin/sh
# Builds the container image anycastle:latest from the built distribution, the Java runtime beside it, and what glibc needs.
# No base image is pulled. usage: build.sh [IMAGE]
set -eu
image=${1:-anycastle:latest}
here=$(cd "$(dirname "$0")" && pwd)
module=$(cd "$here/../.." && pwd)
dist=$module/target/anycastle/anycastle
work=$module/target/container
rm -f "$work/image"

if ! docker info >/dev/null 2>&1; then
  echo "Container image and container tests are skipped: no Docker engine answers (docker info fails)."
  exit 0
fi
[ -d "$dist/lib" ] || { echo "build.sh: $dist is missing; run 'mvn package' first" >&2; exit 1; }

[ -d "$module/target/runtime" ] || { echo "build.sh: $module/target/runtime is missing; run src/runtime/build.sh first" >&2; exit 1; }
mkdir -p "$work"
rm -rf "$work/runtime"
cp -r "$module/target/runtime" "$work/runtime"

# What the dynamic loader resolves for the runtime, plus name resolution, which glibc loads by itself.
base=$work/base
rm -rf "$base"
mkdir -p "$base/etc/anycastle" "$base/tmp" "$work/state/anycastle"
{
  find "$work/runtime/bin" "$work/runtime/lib" -type f \( -name '*.so' -o -name java \) -exec ldd {} + 2>/dev/null |
    sed -n -e 's/.*=> \(\/[^ ]*\) (.*/\1/p' -e 's/^[[:space:]]*\(\/[^ ]*ld-linux[^ ]*\) (.*/\1/p' | grep -v "^$work"
  find /lib/*-linux-gnu -name 'libresolv.so.2' -o -name 'libnss_files.so.2' -o -name 'libnss_dns.so.2'
} | grep -E '/(ld-linux[^/]*|libc|libm|libdl|libpthread|librt|libresolv|libz|libgcc_s|libnss_[a-z]*)\.so' | sort -u |
  while read -r library; do
    mkdir -p "$base$(dirname "$library")"
    cp -L "$library" "$base$library"
  done
echo 'anycastle:x:65532:65532::/var/lib/anycastle:/nonexistent' >"$base/etc/passwd"
echo 'anycastle:x:65532:' >"$base/etc/group"
echo 'hosts: files dns' >"$base/etc/nsswitch.conf"
chmod 1777 "$base/tmp"

rm -rf "$work/app"
cp -r "$dist" "$work/app"
rm -f "$work/app/anycastle.aot"
cp "$here/Dockerfile" "$work/Dockerfile"
printf '*\n!base\n!runtime\n!app\n!state\n' >"$work/.dockerignore"
DOCKER_BUILDKIT=0 docker build -q -t "$image" "$work" >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
echo "$image" >"$work/image"
echo "Built the container image $image."
