#include "app/session/find_token.h"

#include "core/io/text.h"

namespace attn::session {
std::vector<TokenPlace> find_tokens(const Input& input, std::string_view typed) {
  std::vector<TokenPlace> found;
  if (typed.empty()) return found;
  const std::string wanted = io::lower_case(typed);
  const auto look = [&](const std::vector<std::string>& tokens, bool of_source) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (io::lower_case(tokens[i]).find(wanted) != std::string::npos)
        found.push_back({i, of_source, tokens[i]});
    }
  };
  look(*input.tokens, false);
  if (input.source) look(*input.source->tokens, true);
  return found;
}

CellRef cell_of(const Document& document, const CellRef& from, const TokenPlace& place) {
  const Input& input = document.input();
  CellRef cell = from;
  const bool features = is_score_like(from.stage) && input.config.attend_over == AttendOver::features;
  const bool keys = rows_are_keys(from.stage);
  if (!features && (keys == place.of_source || (keys && !input.source))) {
    cell.row = place.index;
  } else if (!features && place.of_source && is_score_like(from.stage)) {
    cell.column = place.index;
  } else {
    cell = {place.of_source ? Stage::source_x : Stage::x, 0, place.index, 0};
  }
  return cell;
}

}  // namespace attn::session
