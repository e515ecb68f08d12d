#!/usr/bin/env bash
# The file of --state cannot be written any more: the window says so and stays, with the work that is in it.
source "$(dirname "${BASH_SOURCE[0]}")/drive.sh"

start
rm "$state"
mkdir "$state"  # no file can take its place
said() { grep -qF "$state: cannot be written: Is a directory" "$folder/log"; }
key Right
wait_for "the reason is said" said
key Right
sleep 0.3
kill -0 "$pid" 2>/dev/null || fail "the window ended"
if [ "$(wc -l <"$folder/log")" != 1 ]; then fail "the reason is not one line"; fi
rmdir "$state"
echo "the window stays when its state cannot be written"
