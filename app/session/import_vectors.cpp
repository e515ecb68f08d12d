#include "app/session/import_vectors.h"

#include <fmt/format.h>

namespace attn::session {
namespace {

constexpr std::size_t kWidestX = 16384;  ///< columns of x that a scenario file may have

}  // namespace

Matrix one_hot_values(std::size_t m, std::size_t g) {
  Matrix v = pick(m, 0, m);
  for (std::size_t head = 1; head < g; ++head) v = beside(v, pick(m, 0, m));
  return v;
}

void put_vectors(Input& input, const Matrix& q, const Matrix& k, const Matrix& v, bool may_be_self,
                 std::vector<Message>& notes) {
  const Matrix keys_and_values = beside(k, v);
  const std::size_t width = q.columns() + keys_and_values.columns();
  const bool self = may_be_self && q.rows() == k.rows() && width <= kWidestX;
  std::size_t at = 0;
  if (self) {
    input.x = SharedMatrix(beside(q, keys_and_values));
    input.parameters[ParameterId::w_q] = SharedMatrix(pick(width, 0, q.columns()));
    at = q.columns();
    notes.push_back(message(
        "x was not given: each row of x is q, k and v side by side, and W_Q, W_K and W_V pick them out. "
        "Scores, attention weights and outputs are those of the file."));
  } else {
    input.x = SharedMatrix(q);
    input.source = Source{nullptr, SharedMatrix(keys_and_values)};
    notes.push_back(message(
        "x was not given: x is q, the source holds k and v side by side, and W_K and W_V pick them out. "
        "Scores, attention weights and outputs are those of the file."));
  }
  const std::size_t rows = self ? width : keys_and_values.columns();
  if (rows > kWidestX) {
    throw io::FormatError(
        fmt::format("expected k and v of {} columns together at most, found {}", kWidestX, rows));
  }
  input.parameters[ParameterId::w_k] = SharedMatrix(pick(rows, at, k.columns()));
  input.parameters[ParameterId::w_v] = SharedMatrix(pick(rows, at + k.columns(), v.columns()));
}

}  // namespace attn::session
