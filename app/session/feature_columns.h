#pragma once
// Columns that are added to x so that heads can be composed from them: one-hot positions ("#1", "#2", …) and
// the features of the token before ("←living", …). What a scenario computes stays the same until they are
// used.

#include <cstddef>
#include <string_view>
#include <vector>

#include "app/session/document.h"
#include "core/composer/wish.h"

namespace attn::session {

/// More tokens than this get no one-hot positions.
inline constexpr std::size_t kMostPositions = 512;

/// "#7"
bool names_position(std::string_view name);
/// "←living"
bool names_previous(std::string_view name);

/// The columns of the key side that are neither positions nor features of the token before: the words' own.
std::vector<std::size_t> content_columns(const Document& document);

/// Which columns a match compares: each column of content with the "←" column of its name. Empty where one of
/// these is missing, or where there is a source.
std::vector<ColumnPair> match_pairs(const Document& document);

/// @name With more columns
/// Parameters get rows of zeros for the new columns, identities are written out first; queries, keys, values
/// and output keep their numbers, but for sinusoids, which depend on the width of x. Columns of the same kind
/// that are there already are renewed. Throw EditRefused.
/// @{

/// One-hot positions on both sides, as many as the longer one has tokens.
Document with_position_columns(const Document& document);
/// For every column of content one with the value at the token before, all of one token brought to length 1,
/// zeros for the first token. Length 1 makes the most alike, not the longest, vector win a dot product.
/// Self-attention only.
Document with_previous_columns(const Document& document);

/// Heads of d_k columns at least, new ones 0. With the scale 1/√d_k, W_Q and b_Q grow so that scaled scores
/// stay.
Document with_head_width(const Document& document, std::size_t d_k);
/// The same of d_v; an identity W_O is written out first, so that the output keeps its width.
Document with_value_width(const Document& document, std::size_t d_v);
/// @}

}  // namespace attn::session
