#!/usr/bin/env bash
# The real mouse pulls an attention weight up and the words move to make it true; the trace of the saved scenario
# agrees. With only W_Q and W_K free the middle word never gets more than a third, and the window says so.
source "$(dirname "${BASH_SOURCE[0]}")/drive.sh"

# Pulls a cell up by so many pixels and lets go when the pull has come to rest.
pull_up() {
  local x y
  read -r x y <<<"$(centre "$1")"
  move_to "$x" "$y"
  press
  drag_to "$x" $((y - $2)) 20
  sleep 0.5
}

weight() { weights_of_window | awk -v n="$1" '{ print $n }'; }
weight_above() { awk -v w="$(weight "$1")" -v t="$2" 'BEGIN { exit !(w > t) }'; }

cp "$(dirname "${BASH_SOURCE[0]}")/../../assets/scenarios/three_words.json" "$folder/pulled.json"
start "$folder/pulled.json"
pull_up 'heatmap.cell[weights][0][0,0]' 300
wait_for "α₁₁ is above 0.6" weight_above 1 0.6
release
wait_for "one undo step" state_has '"undo":1,'
key ctrl+s
wait_for "saved" state_has '"unsaved":false'
agree "$(weights_of_window)" "$(weights_of_trace "$folder/pulled.json")" 1e-5
echo "α of x1 for x1 was pulled to $(weight 1); trace agrees"

key ctrl+z
wait_for "undone" state_has '"undo":0,'
click 'scenario.freedom[2]'
wait_for "only W_Q and W_K are free" state_has '"freedom":"w_q_and_w_k"'
pull_up 'heatmap.cell[weights][0][0,1]' 300
wait_for "the bound is told" state_has '"bound":0.3333'
if weight_above 2 0.33334; then fail "the middle word got more than a third: $(weight 2)"; fi
release
echo "with W_Q and W_K alone x2 gets $(weight 2)"
