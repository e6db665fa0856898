#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the last commit twice, in two folders with different names, and compares what is released, byte by byte.
# Exits with 0 if it is the same. Takes twice what a build without tests takes.
#
#   reproduce.sh [further arguments of mvn, such as -Ppackages]
set -euo pipefail

checkout=$(cd "$(dirname "$0")/../../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for copy in one another; do
    mkdir "$work/$copy"
    git -C "$checkout" archive HEAD | tar -x -C "$work/$copy"
    (cd "$work/$copy" && mvn -B -q pre-integration-test -pl distribution/packages -am \
        -Dmaven.test.skip=true -Dformat.skip=true "$@") >&2
    release=$work/$copy/distribution/packages/target/release
    (cd "$release" && sha256sum --check --quiet SHA256SUMS) >&2
done

if diff "$work"/{one,another}/distribution/packages/target/release/SHA256SUMS; then
    echo "the same, twice:"
    cat "$release/SHA256SUMS"
else
    echo "not the same: see the lines above" >&2
    exit 1
fi
