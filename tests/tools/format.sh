#!/usr/bin/env bash
# Is every source formatted as .clang-format says?  bash tests/tools/format.sh [--fix]
# Formatting differs between versions: clang-format 14 (Debian 12) is the one that decides.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tool=$(command -v clang-format-14 || command -v clang-format || true)
if [ -z "$tool" ]; then echo "clang-format is not installed"; exit 1; fi

mapfile -t files < <(find core app tests -type f \( -name '*.h' -o -name '*.cpp' \) | sort)
if [ ${#files[@]} = 0 ]; then echo "no source file found"; exit 1; fi
if [ "${1:-}" = --fix ]; then
  "$tool" -i "${files[@]}"
else
  # The first line of each file that differs is enough.
  if ! "$tool" --dry-run -Werror --ferror-limit=1 "${files[@]}" 2>&1 | { ! grep 'error:'; }; then
    echo "to format them: bash tests/tools/format.sh --fix"
    exit 1
  fi
  echo "${#files[@]} files are formatted"
fi
