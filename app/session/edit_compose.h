#pragma once
// Heads composed by hand, and examples made from words of the lexicon: changes of a document as data, part of
// Edit.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/document.h"
#include "app/session/message.h"
#include "core/composer/compose_head.h"
#include "core/composer/wish.h"

namespace attn::session {

/// How sharp a composed head is at first: of ten keys the wished one gets 0.997.
inline constexpr double kComposedStrength = 8.0;

/// W_Q and W_K of one head set so that it looks at something; see core/composer/compose_head.h. A match
/// without pairs compares all that match_pairs() gives. With `make_room` the columns that it needs
/// (positions, the token before, columns of the head) are added in the same step, otherwise a head without
/// them is refused.
struct ComposeHead {
  std::size_t head = 0;
  Wish wish;
  double strength = kComposedStrength;
  bool make_room = false;
};

/// W_V and W_O of one head set so that it adds one column of what it looks at to the output, or, without a
/// column, all columns of the words' own. `make_room` as above: columns of the head.
struct ComposeCopy {
  std::size_t head = 0;
  std::optional<std::size_t> column;
  bool make_room = false;
};

/// A new example with the lexicon's features, in the place of the one that is open: its words, their vectors,
/// no source, scale ÷ √d_k, and either one head without parameters of its own or four composed heads (the
/// previous word, the first word, pronoun → living, action → living) whose outputs are added.
struct MakeExample {
  std::vector<std::string> tokens;
  std::string language = "en";  ///< of the names of the features: "zh", else English
  bool composed_heads = false;
};

/// @name One document after the other; each throws EditRefused
/// @{
Document changed(const Document& document, const ComposeHead& edit);
Document changed(const Document& document, const ComposeCopy& edit);
Document changed(const Document& document, const MakeExample& edit);
/// @}

/// @name What Undo calls them
/// @{
Message label_of(const ComposeHead& edit);
Message label_of(const ComposeCopy& edit);
Message label_of(const MakeExample& edit);
/// @}

/// What would be added by `make_room`, as a sentence for a button; nothing where nothing is missing, or where
/// what is missing cannot be added.
std::optional<Message> room_of(const Document& document, const ComposeHead& edit);
std::optional<Message> room_of(const Document& document, const ComposeCopy& edit);

/// The reason in one line.
Message explained(const Hindrance& hindrance);

}  // namespace attn::session
