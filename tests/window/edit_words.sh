#!/usr/bin/env bash
# The real keyboard types words, in Chinese too, the real mouse drags a row and paints the mask; the trace of the
# saved scenario agrees with what the window shows.
source "$(dirname "${BASH_SOURCE[0]}")/drive.sh"

# A field takes a frame or two to open. xdotool lends a key to a character that no key has, and takes it back soon
# after: one at a time, since a window that draws slowly would see the key without its character.
type_word() { sleep 0.5; xdotool type --delay 200 "$1"; sleep 0.2; }
gone() { ! has_widget "$1"; }

cp "$(dirname "${BASH_SOURCE[0]}")/../../assets/scenarios/three_words.json" "$folder/words.json"
start "$folder/words.json"
click 'scenario.word[0]'
type_word 猫
key Return
wait_for "a word in Chinese" state_has '"tokens":["猫","x2","x3"]'

click 'scenario.add'
wait_for "the field for a new word" has_widget 'scenario.new_word'
type_word queen
key Return
wait_for "a new word" state_has '"tokens":["猫","queen","x2","x3"]'
key Escape
wait_for "the field is closed" gone 'scenario.new_word'

read -r x0 y0 <<<"$(centre 'scenario.handle[0]')"
read -r x1 y1 <<<"$(centre 'scenario.handle[3]')"
move_to "$x0" "$y0"
press
drag_to "$x1" "$y1" 10
release
wait_for "the row was dragged to the end" state_has '"tokens":["queen","x2","x3","猫"]'
key alt+Up
wait_for "and one up by keys" state_has '"tokens":["queen","x2","猫","x3"]'

click 'heatmap.paint'
wait_for "the brush" has_widget 'heatmap.padding[0]'
read -r x0 y0 <<<"$(centre 'heatmap.cell[weights][0][1,0]')"
read -r x1 y1 <<<"$(centre 'heatmap.cell[weights][0][1,2]')"
move_to "$x0" "$y0"
press
drag_to "$x1" "$y1" 10
release
# Only x3 is left for x2 to look at.
only_last() { weights_of_window | awk '{ exit !($5 == 0 && $6 == 0 && $7 == 0 && $8 == 1) }'; }
wait_for "x2 sees x3 alone" only_last
wait_for "one step more" state_has '"undo":5,'

key ctrl+s
wait_for "saved" state_has '"unsaved":false'
agree "$(weights_of_window)" "$(weights_of_trace "$folder/words.json")" 1e-5
echo "typed, dragged, painted and saved; trace agrees"
