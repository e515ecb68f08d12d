#!/usr/bin/env bash
# Does the check of the translations see what it should?
set -euo pipefail

check=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/catalogue.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/app" "$tree/assets/locale"
cat >"$tree/app/a.cpp" <<'END'
auto a = tr("raw scores"), b = context.say("row {row} asks", fmt::arg("row", 1)), c = message("{0} is long and "
  "goes on", {name}), d = ATTN_MESSAGE("two\nlines");
END
write() {
  cat >"$tree/assets/locale/zh.po" <<END
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\n"

msgid "raw scores"
msgstr "原始得分"

msgid "row {row} asks"
msgstr "第 {row} 行提问"

msgid "{0} is long and goes on"
msgstr "{0} 很长"

msgid "two\n"
"lines"
msgstr "两\n"
"行"
END
}
write
bash "$check" "$tree" || { echo "a whole catalogue was refused"; exit 1; }

refuses() {
  write
  sed -i "$2" "$tree/assets/locale/zh.po"
  if output=$(bash "$check" "$tree"); then echo "not seen: $1"; exit 1; fi
  case $output in *"$1"*) ;; *) echo "wrong message for '$1': $output"; exit 1 ;; esac
}
refuses "not translated" 's/原始得分//'
refuses "fuzzy" 's/^msgid "raw/#, fuzzy\n&/'
refuses "other arguments" 's/第 {row}/第 {line}/'
refuses "missing" 's/^msgid "raw scores"/msgid "new scores"/'
refuses "not used" 's/^msgid "raw scores"/msgid "new scores"/'
refuses "end-of-line" 's/原始得分"/原始得分/'
echo "every seeded fault was seen"
