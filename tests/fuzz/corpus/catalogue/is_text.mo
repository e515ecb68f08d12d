msgid "Undo"
msgstr "x"


