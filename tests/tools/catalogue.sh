#!/usr/bin/env bash
# Are the translations whole?  bash tests/tools/catalogue.sh [--update] [ROOT]
# Every text that the program marks (tr, say, message, ATTN_MESSAGE) stands in every assets/locale/*.po, translated,
# not fuzzy, with the same {arguments}, and nothing else stands there. --update adds what is missing and takes out
# what is not used any more.
set -euo pipefail

update=no
if [ "${1:-}" = --update ]; then update=yes; shift; fi
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"
command -v xgettext >/dev/null || { echo "catalogue.sh: gettext is not installed"; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

find app \( -name '*.cpp' -o -name '*.h' \) | sort >"$folder/sources"
xgettext --files-from="$folder/sources" --language=C++ --from-code=UTF-8 --no-location --sort-output \
  --keyword --keyword=tr --keyword=say --keyword=message --keyword=ATTN_MESSAGE \
  --output="$folder/texts.pot" 2>"$folder/says" || { cat "$folder/says"; exit 1; }
[ -s "$folder/texts.pot" ] || { echo "no text to translate was found in app/"; exit 1; }

# A catalogue as lines of "id<TAB>translation", longer texts put together, without the header.
lines() {
  msgattrib --no-wrap --no-obsolete "$@" | awk '
    function put() { if (id != "") print id "\t" text; id = ""; text = "" }
    function inside(line) { sub(/^[^"]*"/, "", line); sub(/"$/, "", line); return line }
    /^msgid "/ { put(); id = inside($0); where = "id"; next }
    /^msgstr "/ { text = inside($0); where = "text"; next }
    /^"/ { if (where == "id") id = id inside($0); else text = text inside($0) }
    END { put() }' | sort
}
lines "$folder/texts.pot" | cut -f 1 >"$folder/wanted"

broken=0
report() {
  if [ -s "$folder/found" ]; then
    echo "$1: $2, $(wc -l <"$folder/found") texts:"
    head -n 20 "$folder/found"
    broken=1
  fi
}
count=0
for catalogue in assets/locale/*.po; do
  [ -e "$catalogue" ] || { echo "no catalogue in assets/locale"; exit 1; }
  count=$((count + 1))
  if [ $update = yes ]; then
    msgmerge --update --backup=none --no-fuzzy-matching --quiet "$catalogue" "$folder/texts.pot"
    msgattrib --no-obsolete --output-file="$catalogue" "$catalogue"
  fi
  msgfmt --check -o /dev/null "$catalogue" 2>"$folder/says" ||
    { cat "$folder/says"; broken=1; continue; }

  lines "$catalogue" >"$folder/all"
  cut -f 1 "$folder/all" >"$folder/present"
  comm -23 "$folder/wanted" "$folder/present" >"$folder/found"; report "$catalogue" "missing"
  comm -13 "$folder/wanted" "$folder/present" >"$folder/found"; report "$catalogue" "not used by the program"
  awk -F '\t' '$2 == ""' "$folder/all" >"$folder/found"; report "$catalogue" "not translated"
  lines --only-fuzzy "$catalogue" >"$folder/found"; report "$catalogue" "fuzzy"
  # {name}, {0} and {value:.4f} are arguments; each has to be on both sides.
  awk -F '\t' '
    function missing(from, in_text) {
      while (match(from, /\{[A-Za-z_0-9]+[:}]/)) {
        name = substr(from, RSTART, RLENGTH - 1)
        from = substr(from, RSTART + RLENGTH)
        if (!index(in_text, name "}") && !index(in_text, name ":")) return 1
      }
      return 0
    }
    $2 != "" && (missing($1, $2) || missing($2, $1))' "$folder/all" >"$folder/found"
  report "$catalogue" "other arguments than the English text"
done
if [ $broken != 0 ]; then exit 1; fi
echo "$count catalogues hold all $(wc -l <"$folder/wanted") texts"
