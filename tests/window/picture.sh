#!/usr/bin/env bash
# A picture of the window is saved from its menu, and a number goes to the clipboard.
source "$(dirname "${BASH_SOURCE[0]}")/drive.sh"

start
key ctrl+shift+p
wait_for "the browser" has_widget 'dialog.name'
xdotool type --delay 20 "$folder/shot"
wait_for "what was typed" sleep 0.3
key Return
wait_for "the picture" test -s "$folder/shot.png"
head -c 8 "$folder/shot.png" | od -An -c | grep -q 'P   N   G' || fail "no PNG"
wait_for "the message" state_has "Saved $folder/shot.png"
has_widget 'dialog.name' && fail "the browser is still open"

key ctrl+g
wait_for "the gallery" has_widget 'dialog.example[0]'
key Escape
wait_for "no gallery" state_has '"dialog":null'
echo "saves a picture, shows the gallery"
