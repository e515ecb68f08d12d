#pragma once
// The words of a scenario, one row each: its label, its vector, and what a person does to it as a whole
// (rename, add, take out, move by handle or keys).

#include <cstddef>
#include <optional>
#include <string>

#include "app/panels/scenario_column.h"
#include "app/session/edit.h"
#include "app/widgets/widget_id.h"

namespace attn::ui {

using session::TokenSide;

/// A place in one of the two sequences.
struct WordPlace {
  TokenSide side = TokenSide::queries;
  std::size_t row = 0;
  bool operator==(const WordPlace&) const = default;
};

/// What the words' tab keeps from frame to frame; nothing of it is saved.
struct WordsMemory {
  struct Drag {
    WordPlace from;
    std::size_t to = 0;
    bool moved = false;
  };
  WordPlace current;                  ///< the word that the buttons above speak of
  std::optional<WordPlace> adding;    ///< an empty field is open before this place
  std::optional<Drag> drag;           ///< of a whole row, by its handle or its label
  std::optional<TokenSide> sentence;  ///< the field for a sentence is open, for this side
  std::string sentence_text;
  bool names = false;  ///< features can be named where none has a name yet
  std::size_t x_page = 0;
  std::size_t source_page = 0;
};

/// "scenario.word[2]", "scenario.source_word[2]": the label of a word.
WidgetId word_widget(TokenSide side, std::size_t row);

/// Opens the empty field before `place`.
void begin_adding(PanelContext& context, WordsMemory& memory, const WordPlace& place);
/// Takes the word out, if it is not the last one, and moves the keyboard to its neighbour.
void remove_word(PanelContext& context, WordsMemory& memory, const WordPlace& place);
/// Moves the word `by` places, as far as there are places.
void move_word(PanelContext& context, WordsMemory& memory, const WordPlace& place, int by);

/// The rows of one side.
void draw_word_rows(ScenarioColumn& column, WordsMemory& memory, TokenSide side);
/// Finds out which word the keyboard is on, and takes Alt+Up, Alt+Down and Delete for it.
void use_word_keys(PanelContext& context, const Input& input, WordsMemory& memory);

}  // namespace attn::ui
