#!/usr/bin/env bash
# Line coverage of core/ and app/session/ by their tests; exits 1 below 90 %.
#   bash tests/tools/coverage.sh [--files]         --files: also a line for every file, the least covered first
# Builds into build/coverage with gcov's counters, without the program.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${ATTN_BUILD:-$root/build/coverage}
floor=90
cd "$root"
mkdir -p "$build"

quietly() { "$@" >"$build/coverage.log" 2>&1 || { tail -n 40 "$build/coverage.log"; exit 1; }; }
quietly cmake --preset coverage -B "$build" -DCMAKE_UNITY_BUILD=ON
quietly cmake --build "$build" --parallel "$(nproc)"
find "$build" -name '*.gcda' -delete
# Sources that are gone or are compiled otherwise now would count as never run.
ninja -C "$build" -t cleandead >/dev/null
find "$build" -name '*.gcno' | while read -r notes; do [ -f "${notes%.gcno}.o" ] || rm "$notes"; done
quietly ctest --test-dir "$build" --output-on-failure --no-tests=error --parallel "$(nproc)"

# gcov prints every source line as "count:number:text"; "-" is no code, "#####" never run. A line in a header or a
# template appears once for each file that compiled it, and counts as run when any of them ran it.
find "$build" -name '*.gcno' -print0 | xargs -0 gcov --stdout 2>/dev/null |
  awk -F: -v root="$root/" -v floor=$floor -v each_file="${1:-}" '
    $3 == "Source" { file = $4; sub("^" root, "", file); wanted = (file ~ /^(core|app\/session)\//); next }
    !wanted || NF < 3 { next }
    { count = $1; gsub(/[ *]/, "", count); line = $2 + 0 }
    line == 0 || count == "-" || count == "" { next }
    {
      key = file ":" line
      if (!(key in known)) { known[key] = 1; lines[file]++; all++ }
      if (count !~ /^[#=]/ && !(key in run)) { run[key] = 1; covered[file]++; all_covered++ }
    }
    END {
      if (!all) { print "no covered line found"; exit 1 }
      if (each_file == "--files")
        for (file in lines)
          printf "%6.1f %%  %5d of %5d  %s\n", 100 * covered[file] / lines[file], covered[file], lines[file], file | "sort -n"
      close("sort -n")
      percent = 100 * all_covered / all
      printf "%.1f %% of %d lines of core/ and app/session/ are covered (at least %d %% needed)\n", percent, all, floor
      exit percent < floor
    }'
