#pragma once
// A word that changed its place: what is selected stays on the word it was on.

#include <optional>

#include "app/session/edit.h"
#include "app/session/view.h"

namespace attn::session {

/// The word at `from` went to `to`; those between made room.
struct MovedWord {
  TokenSide side = TokenSide::queries;
  std::size_t from = 0;
  std::size_t to = 0;

  MovedWord back() const { return {side, to, from}; }
  /// Where the word at `row` of that side is afterwards.
  std::size_t operator()(std::size_t row) const;
};

/// Nothing for an edit that moves no word.
std::optional<MovedWord> moved_word(const Edit& edit);

/// Selection, the asking words drawn together and the trail of explanations go with their words. `input` is
/// the one before or after the move: both have as many words.
void follow(View& view, const MovedWord& moved, const Input& input);

}  // namespace attn::session
