#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes a container image of the Debian packages, as the tar that `docker load` and `podman load` read. Neither is
# needed. What the command taskwatch needs besides, bash and coreutils with their libraries, is taken from this Debian by apt-get.
# Of the same packages it makes the same bytes.
#
#   image.sh <folder of the packages of taskwatch> <version> <architecture, as Debian calls it> <folder for work>
set -euo pipefail
release=$1 version=$2 architecture=$3 work=$4
# The time of all files, as of all else that is released.
readonly TIME=2026-01-01T00:00:00Z
readonly NEEDED=(bash coreutils libacl1 libattr1 libc6 libgcc-s1 libgmp10 libpcre2-8-0 libselinux1 libtinfo6 zlib1g)

rm -rf "$work"
mkdir -p "$work"/{packages,root,image}

(cd "$work/packages" && apt-get -q -o APT::Sandbox::User= -o Acquire::Retries=0 download "${NEEDED[@]}")
for package in "$work"/packages/*.deb "$release"/taskwatch*.deb; do
    dpkg-deb -x "$package" "$work/root"
done
cd "$work/root"
rm -rf usr/share/{man,info,locale,lintian,bash-completion,zsh} usr/lib/systemd etc/{skel,default}
find usr/share/doc -type f ! -name copyright -delete
mkdir -p etc/taskwatch proc sys tmp var/lib/taskwatch root
chmod 1777 tmp
ln -s /etc/taskwatch var/lib/taskwatch/etc
echo 'root:x:0:0:root:/root:/bin/bash' >etc/passwd
echo 'root:x:0:' >etc/group

cd "$work/image"
tar -C "$work/root" --sort=name --mtime="$TIME" --owner=0 --group=0 --numeric-owner \
    --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime -cf layer.tar .
layer=$(sha256sum layer.tar | cut -d' ' -f1)
cat >config.json <<EOF
{"architecture":"$architecture","os":"linux","created":"$TIME",
 "config":{"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","HOME=/root","LC_ALL=C.UTF-8"],
  "Entrypoint":["/usr/bin/taskwatch"],"Cmd":["run","--base","/var/lib/taskwatch"],
  "Volumes":{"/var/lib/taskwatch":{}},"StopSignal":"SIGTERM"},
 "rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},
 "history":[{"created":"$TIME","created_by":"taskwatch $version"}]}
EOF
config=$(sha256sum config.json | cut -d' ' -f1)
mv config.json "$config.json"
echo "[{\"Config\":\"$config.json\",\"RepoTags\":[\"taskwatch:$version\"],\"Layers\":[\"layer.tar\"]}]" >manifest.json
tar --sort=name --mtime="$TIME" --owner=0 --group=0 --numeric-owner -cf - . |
    gzip -9n >"$release/taskwatch-$version-image-$architecture.tar.gz"
