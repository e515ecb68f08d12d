#!/usr/bin/env bash
# Runs what `attentionscope code --framework pytorch` writes, for every reference case, in real PyTorch:
#   bash tests/tools/listings_in_pytorch.sh [BUILD]
# On Debian it installs python3-torch where that is missing: 141 MB to fetch, 604 MB on disk, about a minute. That is
# why tests/run.sh runs these listings only where PyTorch is there already. BUILD is build/release unless told.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=${1:-$root/build/release}/app/attentionscope
[ -x "$program" ] || { echo "listings_in_pytorch.sh: no program at $program; build it first"; exit 2; }

python=""
find_python() {
  for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c "import numpy, torch" 2>/dev/null; then python=$candidate; return 0; fi
  done
  return 1
}
if ! find_python; then
  command -v apt-get >/dev/null || { echo "listings_in_pytorch.sh: install PyTorch first"; exit 2; }
  as_root=()
  if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
  ${as_root[@]+"${as_root[@]}"} apt-get -q update
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install python3-torch
  find_python || { echo "listings_in_pytorch.sh: PyTorch was installed but cannot be imported"; exit 2; }
fi
"$python" "$root/tests/app/code/run_listings.py" "$program" pytorch "$root"/tests/golden/forward/*.json
