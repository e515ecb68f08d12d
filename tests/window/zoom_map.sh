#!/usr/bin/env bash
# A map of 1500 × 1500 cells under a real wheel and a real drag: the view goes where the hand goes, nothing is pulled, and
# a click takes a cell whose arithmetic is then shown.
source "$(dirname "${BASH_SOURCE[0]}")/drive.sh"

cat >"$folder/long.json" <<'JSON'
{
  "format": "attention-scenario", "version": 1,
  "tokens": {"generator": "needle", "count": 1500, "position": 900},
  "x": {"generator": "needle", "position": 900, "columns": 16, "seed": 7},
  "attention": {"mask": {"causal": true}}
}
JSON
start "$folder/long.json"
wait_for "the map" has_widget heatmap.cells
read -r x y <<<"$(centre heatmap.cells)"
x=$((x - 30))
y=$((y + 30))
move_to "$x" "$y"
for _ in $(seq 6); do xdotool click 4; sleep 0.05; done
wait_for "the small map of all of it" has_widget heatmap.overview

before=$(value selection)
press
drag_to $((x + 50)) $((y - 40)) 8
release
sleep 0.3
[ "$(value selection)" = "$before" ] || fail "a drag of the map selected something"
state_has '"undo":0,' || fail "a drag of the map changed the document"

press
release
chosen() { [ "$(value selection)" != "$before" ]; }
wait_for "a cell is chosen" chosen
row=$(value selection | sed 's/.*"row":\([0-9]*\).*/\1/')
[ "$row" -gt 700 ] && [ "$row" -lt 1100 ] || fail "row $row lies elsewhere"

# A click in its lower left corner moves the view there.
read -r ox oy <<<"$(centre heatmap.overview)"
move_to $((ox - 25)) $((oy + 30))
press
release
sleep 0.3
move_to "$x" "$y"
before=$(value selection)
press
release
wait_for "another cell is chosen" chosen
lower=$(value selection | sed 's/.*"row":\([0-9]*\).*/\1/')
[ "$lower" -gt "$row" ] || fail "row $lower is not further down than $row"
echo "row $row was chosen, and $lower after a look elsewhere"
