#!/usr/bin/env bash
# A lesson answered in the window with a real mouse: a word by its arrow, a cell in the map, a look at the glossary
# and back, always with the same places for the buttons.
source "$(dirname "${BASH_SOURCE[0]}")/drive.sh"

cat >"$folder/mine.toml" <<'TOML'
format = "attention-lesson"
version = 1
title = { en = "Mine" }
minutes = 5
documents = []
scenario = "three_words"
[teacher]
goal = { en = "g" }
usual_wrong_answer = { en = "u" }
ask_the_class = { en = "a" }
[[step]]
id = "word"
text = { en = "See {term:vector}." }
show = ["vectors"]
only = []
question = { kind = "pick", what = "token", ask = { en = "The longest?" }, answer = "2" }
[[step]]
id = "cell"
text = { en = "Look." }
show = ["pipeline", "heatmap"]
only = []
question = { kind = "pick", what = "cell", ask = { en = "Which?" }, answer = "[1, 2]" }
[[step]]
id = "last"
text = { en = "Done." }
TOML
start "$folder/mine.toml"
wait_for "the lesson" has_widget 'lesson.help'
answered() { ! has_widget 'lesson.help'; }
next=$(centre lesson.next)

click 'lesson.term[0]'
wait_for "the glossary" has_widget 'dialog.filter'
key Escape
closed() { ! has_widget 'dialog.filter'; }
wait_for "the lesson again" closed

click 'vectors.arrow[x][0]'
sleep 0.3
if answered; then fail "x1 is not the longest"; fi
click 'vectors.arrow[x][2]'
wait_for "the arrow answers" answered

click 'lesson.next'
wait_for "the second step" has_widget 'heatmap.cell[weights][0][1,2]'
test "$(centre lesson.next)" = "$next" || fail "the button was at $next and is at $(centre lesson.next)"
click 'heatmap.cell[weights][0][1,2]'
wait_for "the cell answers" answered
state_has '"x":[[1,2],[2,3],[3,4]]' || fail "the words were to stay as they are"
echo "an arrow and a cell answered; the buttons stayed at $next"
