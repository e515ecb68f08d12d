#pragma once
// Edits of the words themselves: labels, order, sentences, names of features. Vectors and masks go with their
// word. Part of edit.h.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/session/message.h"
#include "app/session/word_vector.h"

namespace attn::session {

/// The label of one token, 1 to 256 bytes of UTF-8, here and below. Its vector stays unless another is given.
struct SetToken {
  TokenSide side = TokenSide::queries;
  std::size_t index = 0;
  std::string label;
  std::optional<std::vector<float>> vector;
};
/// A new token before the one at `index`; at the end where `index` is their number. Without a vector it gets
/// that of WordVectors. Every query may see it, and it may see every key, as far as the own mask goes.
struct InsertToken {
  TokenSide side = TokenSide::queries;
  std::size_t index = 0;
  std::string label;
  std::optional<std::vector<float>> vector;
};
/// Refused for the last token of a side.
struct RemoveToken {
  TokenSide side = TokenSide::queries;
  std::size_t index = 0;
};
/// Takes the token at `from` out and puts it where it then has the index `to`.
struct MoveToken {
  TokenSide side = TokenSide::queries;
  std::size_t from = 0;
  std::size_t to = 0;
};
/// All tokens of a side. The first token of a label keeps what the first one of that label had (vector,
/// masks), the second what the second had, and so on; the others are new as in InsertToken. `vectors` is
/// empty or holds one vector a label, of which an empty one means: none is given.
struct ReplaceTokens {
  TokenSide side = TokenSide::queries;
  std::vector<std::string> labels;
  std::vector<std::vector<float>> vectors;
};
/// The name of one column of x; an empty one makes it its number again. Where no column has a name of its
/// own there are none.
struct SetFeatureName {
  std::size_t column = 0;
  std::string name;
};

/// @name What each edit makes of a document. Throw EditRefused.
/// @{
Document changed(const Document& document, const SetToken& edit);
Document changed(const Document& document, const InsertToken& edit);
Document changed(const Document& document, const RemoveToken& edit);
Document changed(const Document& document, const MoveToken& edit);
Document changed(const Document& document, const ReplaceTokens& edit);
Document changed(const Document& document, const SetFeatureName& edit);

Message label_of(const Input& before, const SetToken& edit);
Message label_of(const Input& before, const InsertToken& edit);
Message label_of(const Input& before, const RemoveToken& edit);
Message label_of(const Input& before, const MoveToken& edit);
Message label_of(const Input& before, const ReplaceTokens& edit);
Message label_of(const Input& before, const SetFeatureName& edit);
/// @}

/// The name of column `column` of x: its own, or its number counted from 1.
std::string feature_name(const Document& document, std::size_t column);

}  // namespace attn::session
