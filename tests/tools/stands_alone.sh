#!/usr/bin/env bash
# The project stands alone: nothing in it speaks of a place outside it, and no test is switched off.
#   bash tests/tools/stands_alone.sh [ROOT]
set -euo pipefail

root=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
cd "$root"

# Written with brackets, so that this file does not find itself.
outside='(^|[^A-Za-z0-9_.-])[.][.]/share[d]|/wor[k]/|/tm[p]/b-|/roo[t]/'
unmeasured='[‹][A-Za-z]+[›]'
switched_off='doctest::ski[p]|doctest::may_fai[l]|doctest::should_fai[l]|DISABLE[D] (TRUE|ON)'

files=$(find . \( -name .git -o -path './build*' -o -name .cache \) -prune -o -type f -print |
  grep -vE '\.(png|npz|npy|bin)$|/tests/golden/|/corpus/' | sort)
if [ -z "$files" ]; then echo "no file found under $root"; exit 1; fi

found=0
search() {
  local hits
  hits=$(echo "$files" | tr '\n' '\0' | xargs -0 grep -nIE "$2" || true)
  if [ -n "$hits" ]; then
    echo "$1:"
    echo "$hits" | cut -c 1-200
    found=1
  fi
}
search "a place outside the project" "$outside"
search "a test that is switched off" "$switched_off"
search "a number still to be measured" "$unmeasured"
if [ $found != 0 ]; then exit 1; fi
echo "$(echo "$files" | wc -l) files speak of nothing outside"
