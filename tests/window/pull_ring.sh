#!/usr/bin/env bash
# The real mouse pulls the output ring of x1 towards x1 while all words may move: the output comes after, and the
# trace of the saved scenario agrees. Esc takes a second pull back.
source "$(dirname "${BASH_SOURCE[0]}")/drive.sh"

output_of_x1() { grep -o '"output":\[\[\[[^]]*' "$state" | head -n 1 | sed 's/.*\[//' | tr ',' ' '; }
first_below() { awk -v w="$(output_of_x1)" -v t="$1" 'BEGIN { split(w, n, " "); exit !(n[1] < t) }'; }

cp "$(dirname "${BASH_SOURCE[0]}")/../../assets/scenarios/three_words.json" "$folder/ring.json"
start "$folder/ring.json"
click 'scenario.freedom[1]'
wait_for "all words may move" state_has '"freedom":"all_words"'

# The tips of x1 (1, 2) and x3 (3, 4) tell how many pixels one unit has.
read -r x1 y1 <<<"$(centre 'vectors.arrow[x][0]')"
read -r x3 y3 <<<"$(centre 'vectors.arrow[x][2]')"
unit=$(((x3 - x1) / 2))
read -r rx ry <<<"$(centre 'vectors.ring[0]')"
move_to "$rx" "$ry"
press
drag_to $((rx - unit)) $((ry + unit)) 10
wait_for "the output of x1 has come from 2.95 below 2.2" first_below 2.2
release
wait_for "one undo step" state_has '"undo":1,'
state_has '"stage":"output","head":0,"row":0' || fail "it was not the output of x1 that was pulled"
key ctrl+s
wait_for "saved" state_has '"unsaved":false'
agree "$(weights_of_window)" "$(weights_of_trace "$folder/ring.json")" 1e-5
reached=$(output_of_x1)

read -r rx ry <<<"$(centre 'vectors.ring[0]')"
move_to "$rx" "$ry"
press
drag_to $((rx + unit / 2)) "$ry" 6
wait_for "a pull is under way" state_has '"gesture":true'
key Escape
wait_for "it is taken back" state_has '"gesture":false'
release
agree "$(output_of_x1)" "$reached" 1e-6
state_has '"undo":1,' || fail "the pull that was taken back left an undo step"
echo "the output of x1 was pulled to ($reached); the window and trace agree"
