#include "app/session/edit_masks.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "app/session/edit.h"

namespace attn::session {
namespace {

void require_tokens(const Input& input) {
  if (input.config.attend_over == AttendOver::features) {
    throw EditRefused(message("Attention over features has no mask"));
  }
}

void require_key(const Dimensions& d, std::size_t key) {
  if (key < d.n_keys) return;
  throw EditRefused(message("There is no word {0}", {std::to_string(key + 1)}));
}

}  // namespace

bool allowed(const MaskConfig& mask, std::size_t query, std::size_t key) {
  return !mask.allow || mask.allow->visible[query * mask.allow->columns + key] != 0;
}

bool padded(const MaskConfig& mask, std::size_t key) { return mask.padding && (*mask.padding)[key] != 0; }

Document changed(const Document& document, const PaintMask& e) {
  Input input = document.input();
  require_tokens(input);
  const Dimensions& d = document.dimensions();
  auto allow = std::make_shared<AllowMatrix>();
  if (input.config.mask.allow) {
    *allow = *input.config.mask.allow;
  } else {
    *allow = {d.n_queries, d.n_keys, std::vector<std::uint8_t>(d.n_queries * d.n_keys, 1)};
  }
  for (const MaskCell& cell : e.cells) {
    require_key(d, cell.key);
    if (cell.query >= d.n_queries) {
      throw EditRefused(message("There is no word {0}", {std::to_string(cell.query + 1)}));
    }
    allow->visible[cell.query * d.n_keys + cell.key] = e.visible ? 1 : 0;
  }
  const bool all_visible = std::ranges::count(allow->visible, 0) == 0;
  input.config.mask.allow = all_visible ? nullptr : std::move(allow);
  return document.with_input(std::move(input));
}

Document changed(const Document& document, const PadKeys& e) {
  Input input = document.input();
  require_tokens(input);
  const Dimensions& d = document.dimensions();
  auto padding = std::make_shared<std::vector<std::uint8_t>>(d.n_keys, std::uint8_t{0});
  if (input.config.mask.padding) *padding = *input.config.mask.padding;
  for (const std::size_t key : e.keys) {
    require_key(d, key);
    (*padding)[key] = e.hidden ? 1 : 0;
  }
  const bool none_hidden = std::ranges::count(*padding, 0) == std::ssize(*padding);
  input.config.mask.padding = none_hidden ? nullptr : std::move(padding);
  return document.with_input(std::move(input));
}

Message label_of(const Input&, const PaintMask& e) {
  return e.visible ? message("Show cells") : message("Hide cells");
}

Message label_of(const Input& before, const PadKeys& e) {
  if (e.keys.size() == 1 && e.keys[0] < before.key_tokens()->size()) {
    const std::string& word = (*before.key_tokens())[e.keys[0]];
    return e.hidden ? message("Hide {0}", {word}) : message("Show {0}", {word});
  }
  return message("Padding");
}

}  // namespace attn::session
