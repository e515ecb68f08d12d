#!/usr/bin/env bash
# Pictures of the window against tests/golden/pictures:  bash tests/tools/pictures.sh [--update] [BUILD]
# BUILD is a configured build folder (build/release). With --update the references are drawn anew: look at every
# one of them, and at `git diff --stat`, before they are committed.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
update=no
if [ "${1:-}" = --update ]; then update=yes; shift; fi
build=${1:-build/release}
if [ ! -f "$build/CMakeCache.txt" ]; then
  echo "pictures.sh: $build is no build folder; first: cmake --preset release" >&2
  exit 2
fi

cmake --build "$build" --target test_pictures
test=$build/tests/app/panels/test_pictures
if [ $update = no ]; then exec "$test"; fi
ATTN_UPDATE_PICTURES=1 "$test"
echo "Drawn anew; look at each:"
ls tests/golden/pictures/*.png
