#!/usr/bin/env bash
# Runs a command on a display of its own:  bash tests/tools/xvfb.sh [-s 1920x1080] COMMAND…
# Xvfb chooses a free number by itself, so that tests can run side by side; its end is the command's end.
set -euo pipefail

size=1440x900
if [ "${1:-}" = -s ]; then size=$2; shift 2; fi
if [ $# = 0 ]; then echo "usage: xvfb.sh [-s WIDTHxHEIGHT] COMMAND…" >&2; exit 2; fi
command -v Xvfb >/dev/null || { echo "xvfb.sh: Xvfb is not installed" >&2; exit 1; }

folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp +extension GLX 3>"$folder/display" 2>"$folder/log" &
server=$!
# It writes the number once it accepts connections.
for _ in $(seq 300); do
  if [ -s "$folder/display" ]; then break; fi
  if ! kill -0 "$server" 2>/dev/null; then break; fi
  sleep 0.05
done
if [ ! -s "$folder/display" ]; then
  echo "xvfb.sh: Xvfb did not start: $(tail -n 1 "$folder/log")" >&2
  exit 1
fi
unset WAYLAND_DISPLAY
code=0
DISPLAY=:$(cat "$folder/display") "$@" || code=$?
exit $code
