#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Writes what other programs of a system find below /usr/share: the manual page and the completions.
#
#   share.sh <the command taskwatch> <the folder to be made>
set -euo pipefail
taskwatch=$1 share=$2

mkdir -p "$share"/{man/man1,bash-completion/completions,zsh/vendor-completions}
"$taskwatch" man | gzip -9n >"$share/man/man1/taskwatch.1.gz"
"$taskwatch" completion bash >"$share/bash-completion/completions/taskwatch"
"$taskwatch" completion zsh >"$share/zsh/vendor-completions/_taskwatch"
