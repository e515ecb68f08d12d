#!/usr/bin/env bash
# Does the check of the dependency rule see what it should? A small tree with one fault at a time.
set -euo pipefail

check=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/dependencies.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/core/io "$tree"/app/{session,lessons,panels,gpu}
echo '#include "core/io/scenario.h"' >"$tree/app/session/document.h"
echo '#include <imgui.h>' >"$tree/app/panels/scores.cpp"

bash "$check" "$tree" >/dev/null || { echo "a correct tree was refused"; exit 1; }

# refuses FILE INCLUDE: the include in that file must be named, by file and line
refuses() {
  printf '\n%s\n' "$2" >"$tree/$1"
  if output=$(bash "$check" "$tree"); then echo "not seen: $2 in $1"; exit 1; fi
  case $output in "$1:2: "*) ;; *) echo "wrong message for $2 in $1: $output"; exit 1 ;; esac
  rm "$tree/$1"
}
refuses core/io/a.cpp '#include <imgui.h>'
refuses core/io/a.cpp '#include <GLFW/glfw3.h>'
refuses app/session/a.cpp '#include <epoxy/gl.h>'
refuses app/session/a.h '  #  include "imgui_internal.h"'
refuses app/lessons/a.cpp '#include <GL/gl.h>'
refuses core/io/a.h '#include "app/session/document.h"'
refuses app/session/a.h '#include "app/gpu/backend.h"'
refuses app/gpu/a.h '#include "app/session/document.h"'
refuses app/session/a.h '#include "app/lessons/lesson.h"'
refuses app/lessons/a.h '#include "app/panels/scores.h"'
refuses app/gpu/a.h '#include "app/panels/panel.h"'
refuses app/panels/a.cpp '#include "../session/document.h"'

rm -r "$tree/core" "$tree/app"
if bash "$check" "$tree" >/dev/null; then echo "an empty tree was called correct"; exit 1; fi
echo "every seeded fault was seen"
