# For the tests of the real window: starts the program on the display of tests/tools/xvfb.sh, moves the real mouse
# and keys with xdotool, and reads what the program says of itself with --state. To be sourced:
#
#   source "$(dirname "$0")/drive.sh"; start [FILE]
#
# ATTENTIONSCOPE is the program. Every wait ends: a test that hangs fails with the last state.
set -euo pipefail

program=${ATTENTIONSCOPE:?the program to test}
folder=$(mktemp -d)
state=$folder/state.json
pid=
trap 'stop_program; rm -rf "$folder"' EXIT

# Settings of whoever runs the test stay out of it, and so do desktop services.
export XDG_CONFIG_HOME=$folder/config XDG_CACHE_HOME=$folder/cache LC_ALL=C.UTF-8 LANG=C.UTF-8 LANGUAGE=en

stop_program() { if [ -n "$pid" ]; then kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; pid=; fi; }

fail() {
  echo "FAILED: $*"
  if [ -s "$folder/log" ]; then echo "The program said:"; tail -n 20 "$folder/log"; fi
  if [ -s "$state" ]; then grep -v '^"widgets"' "$state" | cut -c 1-400; fi
  exit 1
}

# wait_for DESCRIPTION COMMAND…: until the command succeeds, at most ten seconds.
wait_for() {
  local what=$1
  shift
  for _ in $(seq 200); do
    if "$@"; then return; fi
    if [ -n "$pid" ] && ! kill -0 "$pid" 2>/dev/null; then
      local code=0
      wait "$pid" || code=$?
      pid=
      fail "the program ended with exit code $code while waiting: $what"
    fi
    sleep 0.05
  done
  fail "waited in vain: $what"
}

start() {
  rm -f "$state"
  "$program" "$@" --state "$state" >"$folder/log" 2>&1 &
  pid=$!
  wait_for "the first frame" test -s "$state"
  window=$(timeout 20 xdotool search --sync --onlyvisible --name 'AttentionScope' | head -n 1)
  xdotool windowfocus --sync "$window" 2>/dev/null || true
}

# value TEXT: the line of the state that begins with "TEXT": without its name and its comma.
value() { sed -n "s/^\"$1\":\(.*\)/\1/p" "$state" | sed 's/,$//' | head -n 1; }
state_has() { grep -qF -- "$1" "$state"; }

# centre WIDGET: "x y" of its middle, in pixels.
centre() {
  local rect
  rect=$(grep -oF "\"$1\": [" "$state" >/dev/null && grep -o "\"$(printf '%s' "$1" | sed 's/[][]/\\&/g')\": \[[^]]*\]" "$state" | head -n 1 | sed 's/.*: \[//; s/\]//; s/,//g') ||
    fail "no widget is called $1"
  awk '{ printf "%d %d\n", ($1 + $3) / 2 + 0.5, ($2 + $4) / 2 + 0.5 }' <<<"$rect"
}
has_widget() { grep -qF "\"$1\": [" "$state"; }

move_to() { xdotool mousemove --window "$window" "$1" "$2"; sleep 0.04; }
press() { sleep 0.06; xdotool mousedown 1; sleep 0.06; }
release() { sleep 0.06; xdotool mouseup 1; sleep 0.06; }
click() { local x y; read -r x y <<<"$(centre "$1")"; move_to "$x" "$y"; press; release; }
# Through the X server, as a keyboard does it: events sent to a window carry no modifiers.
key() { xdotool key "$@"; sleep 0.06; }

# drag_to X Y STEPS: the button is down already.
drag_to() {
  local x0 y0 i
  read -r x0 y0 <<<"$(xdotool getmouselocation --shell | awk -F= '/^X|^Y/ { printf "%s ", $2 }')"
  for i in $(seq "$3"); do move_to $((x0 + ($1 - x0) * i / $3)) $((y0 + ($2 - y0) * i / $3)); done
}

# weights FILE: the attention weights that `trace` gives for a scenario, as one line of numbers.
weights_of_trace() {
  "$program" trace "$1" | awk '/^weights\[0\]/ { on = 1; next } /^$/ { on = 0 } on && n++ { for (i = 2; i <= NF; i++) printf "%s ", $i }'
}
# The same of the window.
weights_of_window() { grep -o '"weights":\[\[\[[^:]*' "$state" | head -n 1 | sed 's/"weights"//; s/,"[a-z_]*"$//' | tr -d ':[]' | tr ',' ' '; }

# agree NUMBERS NUMBERS TOLERANCE
agree() {
  awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN {
    n = split(a, x, " "); m = split(b, y, " ")
    if (n == 0 || n != m) { print "counts differ: " n " and " m; exit 1 }
    for (i = 1; i <= n; i++) { d = x[i] - y[i]; if (d < 0) d = -d; if (!(d <= t)) { print "number " i ": " x[i] " and " y[i]; exit 1 } }
  }' || fail "$1 and $2 differ by more than $3"
}
