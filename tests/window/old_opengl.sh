#!/usr/bin/env bash
# With OpenGL 4.1, as on a Mac, the window still opens and computes on the CPU. Without a display there is one line.
source "$(dirname "${BASH_SOURCE[0]}")/drive.sh"

export MESA_GL_VERSION_OVERRIDE=4.1
start
wait_for "the CPU computes" state_has '"backend":"CPU"'
stop_program

start --backend gpu
wait_for "the CPU takes over" state_has '"backend":"CPU"'
stop_program
unset MESA_GL_VERSION_OVERRIDE

code=0
message=$(DISPLAY= WAYLAND_DISPLAY= "$program" 2>&1) || code=$?
[ "$code" = 1 ] || fail "without a display: exit code $code, expected 1"
[ "$(wc -l <<<"$message")" = 1 ] || fail "without a display: expected one line, found: $message"
echo "OpenGL 4.1: CPU; no display: $message"
