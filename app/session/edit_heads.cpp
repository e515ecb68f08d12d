#include "app/session/edit_heads.h"

#include <algorithm>
#include <string>

#include "app/session/edit.h"

namespace attn::session {
namespace {

enum class Rest { zero, identity };

/// The parameter cut, or continued with zeros or the identity, to another size.
void resize(Input& input, ParameterId id, std::size_t rows, std::size_t columns, Rest fill) {
  std::optional<SharedMatrix>& value = input.parameters[id];
  if (!value || (value->rows() == rows && value->columns() == columns)) return;
  Matrix resized(rows, columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      const bool kept = i < value->rows() && j < value->columns();
      resized(i, j) = kept ? (*value)(i, j) : fill == Rest::identity && i == j ? 1.0f : 0.0f;
    }
  }
  value = SharedMatrix(resized);
}

[[noreturn]] void does_not_divide(std::size_t heads, std::size_t width, ParameterId id) {
  throw EditRefused(message("{0} heads do not divide the {1} columns of {2}",
                            {std::to_string(heads), std::to_string(width), std::string(display_name(id))}));
}

}  // namespace

Input with_heads(const Document& document, std::size_t heads) {
  const Dimensions& d = document.dimensions();
  if (heads < 1) throw EditRefused(message("At least one head is needed"));
  const std::size_t width_q = d.n_heads * d.d_k;
  const std::size_t width_k = d.n_kv_heads * d.d_k;
  const std::size_t width_v = d.n_kv_heads * d.d_v;
  if (width_q % heads != 0) does_not_divide(heads, width_q, ParameterId::w_q);
  const std::size_t d_k = width_q / heads;
  if (width_k % d_k != 0) does_not_divide(heads, width_k, ParameterId::w_k);
  // Queries and keys of a head have one width, which leaves one number of key/value heads.
  const std::size_t kv_heads = width_k / d_k;
  if (heads % kv_heads != 0) does_not_divide(heads, width_k, ParameterId::w_k);
  if (width_v % kv_heads != 0) does_not_divide(kv_heads, width_v, ParameterId::w_v);
  const std::size_t d_v = width_v / kv_heads;

  Input input = document.input();
  input.config.heads = heads;
  if (input.config.kv_heads) input.config.kv_heads = kv_heads;
  resize(input, ParameterId::bilinear, d_k, d_k, Rest::identity);
  resize(input, ParameterId::additive_w_q, d_k, d.d_additive, Rest::zero);
  resize(input, ParameterId::additive_w_k, d_k, d.d_additive, Rest::zero);
  const std::size_t d_concat = input.config.combine == Combine::mean ? d_v : heads * d_v;
  resize(input, ParameterId::w_o, d_concat, d.d_out, Rest::identity);
  // Without W_O the output is as wide as the heads side by side, or their mean; b_O follows.
  if (!input.parameters[ParameterId::w_o]) {
    resize(input, ParameterId::b_o, 1, d_concat, Rest::zero);
  }
  return input;
}

}  // namespace attn::session
