#!/usr/bin/env bash
# clang-tidy over the sources, or over some of them:  bash tests/tools/tidy.sh [FILE.cpp…]
# Configures build/tidy (ATTN_BUILD sets another folder); needs the package clang-tidy. Half an hour for the whole tree.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${ATTN_BUILD:-$root/build/tidy}
cd "$root"
# Without precompiled headers: those are g++'s, and clang cannot read them.
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DATTN_PRECOMPILE=OFF >/dev/null

if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(find core app -name '*.cpp' | sort); fi
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p "$build" 2>/dev/null ||
  { echo "clang-tidy has something to say"; exit 1; }
echo "${#files[@]} files are clean"
