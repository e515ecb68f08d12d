#pragma once
// Where a word stands: for finding it in a long text.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/document.h"
#include "core/attention/stage.h"

namespace attn::session {

struct TokenPlace {
  std::size_t index = 0;
  bool of_source = false;  ///< on the key/value side of cross-attention
  std::string label;
};

/// Every token that contains what was typed, capital letters of English not minded, in order, the source's
/// last. Nothing for an empty text.
std::vector<TokenPlace> find_tokens(const Input& input, std::string_view typed);

/// The cell to select for a token, in the stage of `from`: its row where the rows of that stage are tokens of
/// its side, else its column, else its row of x.
CellRef cell_of(const Document& document, const CellRef& from, const TokenPlace& place);

}  // namespace attn::session
