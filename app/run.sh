#!/usr/bin/env bash
# From nothing to the window:  bash app/run.sh [arguments of attentionscope]
#
# Installs what is missing, builds, and opens the three-word example. Without a display it draws the walkthrough
# as pictures and prints the trace instead. Arguments go to the program:
#   bash app/run.sh my.json                        the window on a file of yours
#   bash app/run.sh trace my.json                  any other command; --help lists them
# ATTN_BUILD sets the build folder (build/release).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${ATTN_BUILD:-$root/build/release}
example=$root/assets/scenarios/three_words.json
program=$build/app/attentionscope
log=$build/run.log
start=$SECONDS

# Everything but the program's own output goes to the error stream, so that `run.sh trace … > file` is clean.
say() { echo "$*" >&2; }
fail() { say "app/run.sh: $*"; exit 1; }

# One line saying what went wrong in a log: the first error in it, or else its last line.
reason_in() { { grep -m 1 -E '(error|Error)[: ]|^FAILED' "$1" || tail -n 1 "$1"; } | cut -c 1-300; }

# A build folder made for another source folder (a moved or copied tree) cannot be used again.
if [ -f "$build/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt"; then
  say "The build folder belongs to another copy of the sources; starting it afresh."
  rm -rf "$build"
fi
mkdir -p "$build"

say "AttentionScope"
say "[1/3] Packages"
bash "$root/third_party/packages/install.sh" >&2 || exit 1

say "[2/3] Build ($build; the first takes minutes, later ones seconds)"
generator=()
if [ ! -f "$build/CMakeCache.txt" ] && command -v ninja >/dev/null; then generator=(-G Ninja); fi
cmake -S "$root" -B "$build" ${generator[@]+"${generator[@]}"} -DCMAKE_BUILD_TYPE=Release -DCMAKE_UNITY_BUILD=ON -DATTN_TESTS=OFF >"$log" 2>&1 ||
  fail "configuring failed: $(grep -A 3 -m 1 'CMake Error' "$log" | tr -s ' \n' ' ' | cut -c 1-300) (whole log: $log)"
if [ -t 2 ]; then
  NINJA_STATUS='  %f/%t  ' cmake --build "$build" --target attentionscope --parallel >&2 ||
    fail "building failed: the messages above say where"
else
  cmake --build "$build" --target attentionscope --parallel >>"$log" 2>&1 ||
    fail "building failed: $(reason_in "$log") (whole log: $log)"
fi
say "  ready after $((SECONDS - start)) s"

# A command, an option, or a file with a display: the program's own business.
has_display=${DISPLAY:-}${WAYLAND_DISPLAY:-}
if [ "$(uname)" = Darwin ]; then has_display=yes; fi
if [ $# -gt 0 ] && { [ -n "$has_display" ] || [ ! -f "$1" ]; }; then
  say "[3/3] attentionscope $*"
  exec "$program" "$@"
fi
if [ -n "$has_display" ]; then
  say "[3/3] The window opens on the three-word example"
  exec "$program"
fi

# No display: the same walkthrough as pictures, one a stage, and the numbers as text.
file=${1:-$example}
pictures=$root/build/walkthrough
say "[3/3] No display here (neither DISPLAY nor WAYLAND_DISPLAY is set): pictures instead of a window"
rm -rf "$pictures"
mkdir -p "$pictures"
trace=$("$program" trace "$file") || exit $?
number=0
# The stages that this file has, in their order, as the headings of the trace name them: "weights[0]  3 × 3".
stages=$(sed -nE 's/^([a-z_]+)(\[[0-9]+\])?  [0-9]+ × [0-9]+$/\1/p' <<<"$trace" | awk '!seen[$0]++')
[ -n "$stages" ] || fail "the trace of $file names no stage"
while read -r stage; do
  number=$((number + 1))
  picture=$pictures/$(printf '%02d' $number)-$stage.png
  "$program" render "$file" -o "$picture" --at "$stage" </dev/null >&2 || fail "drawing the stage $stage failed"
  if [ $number = 1 ]; then say "  first picture after $((SECONDS - start)) s"; fi
done <<<"$stages"
say "  $number pictures in $pictures"
say
echo "$trace"
