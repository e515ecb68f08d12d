#!/usr/bin/env bash
# The dependency rule:  core ← {gpu, lexicon ← session} ← lessons ← panels ← main
#   bash tests/tools/dependencies.sh [ROOT]
# Says which include breaks it, one line each, and exits 1.
set -euo pipefail

root=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
cd "$root"

# What a folder may include of the project, as path prefixes; the first line whose folder fits is taken.
allowed_of() {
  case $1 in
    core/*) echo 'core/' ;;
    app/lexicon/*) echo 'core/ app/lexicon/' ;;
    app/session/*) echo 'core/ app/lexicon/ app/session/' ;;
    app/locale/*) echo 'core/ app/session/ app/locale/' ;;
    # The fonts implement what text is measured with.
    app/platform/*) echo 'core/ app/session/ app/platform/ app/widgets/text.h' ;;
    app/code/*) echo 'core/ app/session/ app/code/' ;;
    app/gpu/*) echo 'core/ app/platform/ app/gpu/' ;;
    app/lessons/*) echo 'core/ app/session/ app/lessons/' ;;
    app/widgets/*) echo 'core/ app/code/ app/lexicon/ app/session/ app/locale/ app/platform/ app/widgets/' ;;
    app/panels/*) echo 'core/ app/code/ app/lexicon/ app/session/ app/lessons/ app/locale/ app/platform/ app/widgets/ app/panels/' ;;
    *) echo 'core/ app/' ;;
  esac
}

# Where neither a window nor OpenGL may be known.
is_windowless() {
  case $1 in core/* | app/code/* | app/lexicon/* | app/session/* | app/lessons/* | app/locale/*) true ;; *) false ;; esac
}
window_headers='imgui|glfw|GLFW/|GL/|GLES|EGL/|epoxy/|KHR/|OpenGL/|X11/'

broken=0
complain() { echo "$1"; broken=$((broken + 1)); }

checked=0
while IFS= read -r file; do
  checked=$((checked + 1))
  allowed=$(allowed_of "$file")
  while IFS=: read -r line text; do
    [[ $text =~ ^[[:space:]]*#[[:space:]]*include[[:space:]]*[\<\"]([^\>\"]+)[\>\"] ]] || continue
    header=${BASH_REMATCH[1]}
    if is_windowless "$file" && [[ $header =~ ^($window_headers) ]]; then
      complain "$file:$line: includes '$header'; ${file%/*} knows neither window nor OpenGL"
    fi
    case $header in
      core/* | app/* | tests/*)
        fits=no
        for prefix in $allowed; do
          case $header in "$prefix"*) fits=yes ;; esac
        done
        if [ $fits = no ]; then complain "$file:$line: includes '$header'; ${file%/*} may include only: $allowed"; fi
        ;;
      *..*) complain "$file:$line: includes '$header'; paths start at the project's root" ;;
    esac
  done < <(grep -nE '^[[:space:]]*#[[:space:]]*include' "$file" || true)
done < <(find core app -type f \( -name '*.h' -o -name '*.cpp' \) 2>/dev/null | sort)

if [ $checked = 0 ]; then echo "no source file found under $root"; exit 1; fi
if [ $broken != 0 ]; then echo "$broken includes against the dependency rule"; exit 1; fi
echo "$checked files keep the dependency rule"
