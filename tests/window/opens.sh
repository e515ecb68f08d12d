#!/usr/bin/env bash
# The window opens with its example, sleeps when nothing happens, speaks both languages, asks before work is lost.
source "$(dirname "${BASH_SOURCE[0]}")/drive.sh"

start
state_has '"tokens":["x1","x2","x3"]' || fail "the three words are not there"
for widget in topbar.undo 'pipeline.stage[weights]' 'scenario.x[0,0]' 'heatmap.cell[weights][0][0,2]' 'vectors.arrow[x][0]'; do
  has_widget "$widget" || fail "no widget is called $widget"
done

# Ticks of processor time; an idle window has none to show.
ticks() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; }
sleep 1
before=$(ticks)
sleep 2
used=$(($(ticks) - before))
if [ "$used" -gt 2 ]; then fail "the idle window used $used ticks in 2 s"; fi

click 'topbar.language[1]'
wait_for "Chinese" state_has '"language":"zh"'
click 'topbar.theme[1]'
wait_for "dark" state_has '"theme":"dark"'
click 'scenario.mask[1]'
wait_for "the causal mask" state_has '"causal":true'

# A number typed in place.
click 'scenario.x[0,1]'
xdotool type --delay 30 '5'
key Return
wait_for "the number that was typed" state_has '"x":[[1,5],'

key ctrl+q
wait_for "the question about unsaved work" state_has '"question":"unsaved_work"'
click 'dialog.answer[1]'
code=0
wait "$pid" || code=$?
pid=
[ $code = 0 ] || fail "exit code $code"
echo "opens, sleeps ($used ticks in 2 s), speaks, asks, closes"
