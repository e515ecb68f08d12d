#!/usr/bin/env bash
# Installs what is missing of this folder's package lists, and nothing where nothing is missing.
#   bash third_party/packages/install.sh [tests]        tests: also what only the tests need
# Debian and its relatives are tried; Homebrew, pacman and dnf are written from their catalogues and never tried.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() { echo "packages: $*" >&2; exit 1; }

# The packages that a list names, without comments.
packages_of() { sed -e 's/#.*//' "$@" | tr -s '[:space:]' '\n' | sed '/^$/d'; }

# Runs a command with the rights to install, asking for them only where they are needed.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  if ! command -v sudo >/dev/null; then
    fail "no right to install and no sudo; as root, run: $*"
  fi
  if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
}

if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then system=debian
elif command -v brew >/dev/null; then system=homebrew
elif command -v pacman >/dev/null; then system=pacman
elif command -v dnf >/dev/null; then system=dnf
else fail "no known package manager (apt, Homebrew, pacman, dnf); the lists in $here name what is needed"
fi

lists=("$here/$system.txt")
if [ "${1:-}" = tests ]; then lists+=("$here/$system-tests.txt"); fi
mapfile -t wanted < <(packages_of "${lists[@]}")

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
echo "  missing, installed now: ${missing[*]}"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Quiet unless it fails; then the package manager's own last word.
quietly() {
  if ! "$@" >"$log" 2>&1 </dev/null; then
    cp "$log" "${TMPDIR:-/tmp}/attentionscope-packages.log" 2>/dev/null || true
    reason=$(grep -E '^(E:|error:|Error:|sudo:)' "$log" | tail -n 1 || true)
    fail "${reason:-$(tail -n 1 "$log")} (in: $*; whole log: ${TMPDIR:-/tmp}/attentionscope-packages.log)"
  fi
}

# The password, where one is needed, is asked for here, in the open.
if [ "$(id -u)" != 0 ] && [ -t 0 ] && [ $system != homebrew ] && command -v sudo >/dev/null; then
  sudo -v || fail "no rights to install; as root, install: ${missing[*]}"
fi

case $system in
  debian)
    quietly as_root apt-get -q update
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
      -o Dpkg::Use-Pty=0 install "${missing[@]}"
    ;;
  homebrew) quietly brew install "${missing[@]}" ;;
  pacman) quietly as_root pacman -S --needed --noconfirm "${missing[@]}" ;;
  dnf) quietly as_root dnf install -y "${missing[@]}" ;;
esac
