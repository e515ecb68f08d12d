#!/usr/bin/env bash
# Does the check that the project stands alone see what it should?
set -euo pipefail

check=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/stands_alone.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree/core"
echo '// shared/ and work are ordinary words; so is homework/' >"$tree/core/a.h"
bash "$check" "$tree" >/dev/null || { echo "a correct tree was refused"; exit 1; }

refuses() {
  echo "$1" >"$tree/core/b.cpp"
  if bash "$check" "$tree" >/dev/null; then echo "not seen: $1"; exit 1; fi
}
# Put together from parts, so that the check does not find this file.
refuses "// see ../share""d/NOTES.md"
refuses "open(\"/wor""k/main\")"
refuses "TEST_CASE(\"a\" * doctest::ski""p())"
refuses "takes ‹""N› seconds"
echo "every seeded fault was seen"
