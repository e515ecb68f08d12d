#!/usr/bin/env bash
# A real drag of word x1 from (1, 2) to (2, 1): what the window then shows is what `trace` gives for that scenario.
source "$(dirname "${BASH_SOURCE[0]}")/drive.sh"

cp "$(dirname "${BASH_SOURCE[0]}")/../../assets/scenarios/three_words.json" "$folder/dragged.json"
start "$folder/dragged.json"

# The tips of x1 (1, 2) and x3 (3, 4) tell how many pixels one unit has.
read -r x1 y1 <<<"$(centre 'vectors.arrow[x][0]')"
read -r x3 y3 <<<"$(centre 'vectors.arrow[x][2]')"
move_to "$x1" "$y1"
press
drag_to $((x1 + (x3 - x1) / 2)) $((y1 + (y1 - y3) / 2)) 12
wait_for "the words follow while the button is down" state_has '"gesture":true'
release
wait_for "one undo step" state_has '"undo":1,'

moved=$(grep -o '"x":\[\[[^]]*\]' "$state" | head -n 1 | tr -d '":[]x' | tr ',' ' ')
agree "$moved" "2 1" 0.03

key ctrl+s
wait_for "saved" state_has '"unsaved":false'
agree "$(weights_of_window)" "$(weights_of_trace "$folder/dragged.json")" 1e-5

key ctrl+z
wait_for "undone" state_has '"x":[[1,2],[2,3],[3,4]]'
echo "x1 was dragged to ($moved); the window and trace agree"
