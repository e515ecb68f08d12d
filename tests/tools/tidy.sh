#!/usr/bin/env bash
# clang-tidy over the sources, or over some of them:  bash tests/tools/tidy.sh [--quick] [FILE.cpp…]
# Configures build/tidy (ATTN_BUILD sets another folder); needs the package clang-tidy. The whole tree takes an hour of
# two cores, because of the static analyzer; --quick leaves that out.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${ATTN_BUILD:-$root/build/tidy}
left_out=
if [ "${1:-}" = --quick ]; then
  left_out=-clang-analyzer-*
  shift
fi
cd "$root"
# Without precompiled headers: those are g++'s, and clang cannot read them. The whole tree in pieces of several files,
# which share what their headers cost; .clang-tidy counts the sources among the headers that it reports.
joined=OFF
if [ $# = 0 ]; then
  joined=ON
  left_out=$left_out,-bugprone-suspicious-include  # how files are joined
fi
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DATTN_PRECOMPILE=OFF -DCMAKE_UNITY_BUILD="$joined" >/dev/null

if [ $# -gt 0 ]; then
  files=("$@")
else
  mapfile -t files < <(sed -nE 's/^ *"file": "(.*)".*/\1/p' "$build/compile_commands.json" |
    grep -E "^$root/(core|app)/|^$build/.*/Unity/" | grep -vE "/attn_[a-z_]*(files|catalogues|scenarios|shaders|words)\.dir/|^$build/tests/" | sort -u)
fi
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet "--checks=$left_out" \
  --extra-arg=-Wno-unknown-warning-option -p "$build" 2>/dev/null ||
  { echo "clang-tidy has something to say"; exit 1; }
echo "${#files[@]} files are clean"
