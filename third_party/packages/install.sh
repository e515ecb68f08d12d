#!/usr/bin/env bash
# Installs what is missing of this folder's package lists, and nothing where nothing is missing.
#   bash third_party/packages/install.sh [tests]        tests: also what only the tests need
# Debian and its relatives are tried; Homebrew, pacman and dnf are written from their catalogues and never tried.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() { echo "packages: $*" >&2; exit 1; }

# The packages that a list names, without comments.
packages_of() { sed -e 's/#.*//' "$@" | tr -s '[:space:]' '\n' | sed '/^$/d'; }

if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then system=debian
elif command -v brew >/dev/null; then system=homebrew
elif command -v pacman >/dev/null; then system=pacman
elif command -v dnf >/dev/null; then system=dnf
else fail "no known package manager (apt, Homebrew, pacman, dnf); the lists in $here name what is needed"
fi

lists=("$here/$system.txt")
if [ "${1:-}" = tests ]; then lists+=("$here/$system-tests.txt"); fi
# No mapfile, and no bare "${empty[@]}": a Mac's own bash is 3.2.
wanted=()
while read -r package; do wanted+=("$package"); done < <(packages_of "${lists[@]}")

is_installed() {
  case $system in
    debian) [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ;;
    homebrew) brew list --versions "$1" >/dev/null 2>&1 ;;
    pacman) pacman -Qq "$1" >/dev/null 2>&1 ;;
    dnf) rpm -q --whatprovides "$1" >/dev/null 2>&1 ;;
  esac
}

missing=()
for package in "${wanted[@]}"; do
  is_installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} = 0 ]; then
  echo "  nothing is missing (${#wanted[@]} packages)"
  exit 0
fi
echo "  missing, so installing: ${missing[*]}"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Quiet unless it fails; then the package manager's own last word.
quietly() {
  if ! "$@" >"$log" 2>&1 </dev/null; then
    reason=$(grep -E '^(E|error|Error):' "$log" | head -n 1 || true)
    fail "${reason:-$(tail -n 1 "$log")} (in: $*)"
  fi
}

# The rights to install: asked for in the open, and only where they are needed.
as_root=()
if [ "$(id -u)" != 0 ] && [ $system != homebrew ]; then
  command -v sudo >/dev/null || fail "no right to install and no sudo; have an administrator install: ${missing[*]}"
  ask=-v
  if [ ! -t 0 ]; then ask=-nv; fi
  sudo $ask || fail "no right to install; have an administrator install: ${missing[*]}"
  as_root=(sudo)
fi

case $system in
  debian)
    quietly ${as_root[@]+"${as_root[@]}"} apt-get -q update
    quietly ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
      -o Dpkg::Use-Pty=0 install "${missing[@]}"
    ;;
  homebrew) quietly brew install "${missing[@]}" ;;
  pacman) quietly ${as_root[@]+"${as_root[@]}"} pacman -S --needed --noconfirm "${missing[@]}" ;;
  dnf) quietly ${as_root[@]+"${as_root[@]}"} dnf install -y "${missing[@]}" ;;
esac
