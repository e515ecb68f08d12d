#!/usr/bin/env bash
# clang-tidy over the sources, or over some of them:  bash tests/tools/tidy.sh [FILE.cpp…]
# Needs a configured build folder (ATTN_BUILD, build/release) and the package clang-tidy. Minutes for the whole tree.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${ATTN_BUILD:-$root/build/release}
cd "$root"
[ -f "$build/compile_commands.json" ] || { echo "tidy.sh: $build has no compile_commands.json; configure it first"; exit 1; }

if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(find core app -name '*.cpp' | sort); fi
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p "$build" 2>/dev/null ||
  { echo "clang-tidy has something to say"; exit 1; }
echo "${#files[@]} files are clean"
