#include "app/session/reshape.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

#include "app/session/edit.h"

namespace attn::session {
namespace {

/// 256 MiB of one parameter: more cannot be looked at.
constexpr std::size_t kMostInParameter = std::size_t{1} << 26;

/// Which old row (column) a new one continues; nothing: it is new.
using Origin = std::function<std::optional<std::size_t>(std::size_t)>;

Origin first(std::size_t count) {
  return [count](std::size_t i) { return i < count ? std::optional(i) : std::nullopt; };
}

/// Heads side by side, `from_width` each, become heads of `to_width`; `head_from` is the head that a new one
/// continues.
Origin heads(std::size_t from_width, std::size_t to_width, const Origin& head_from) {
  return [=](std::size_t i) -> std::optional<std::size_t> {
    const std::optional<std::size_t> head = head_from(i / to_width);
    const std::size_t within = i % to_width;
    if (!head || within >= from_width) return std::nullopt;
    return *head * from_width + within;
  };
}

/// What stands where nothing stood before.
enum class Fill { zero, identity, as_it_is };

bool is_identity(const SharedMatrix& m) {
  for (std::size_t i = 0; i < m.rows(); ++i) {
    for (std::size_t j = 0; j < m.columns(); ++j) {
      if (m(i, j) != (i == j ? 1.0f : 0.0f)) return false;
    }
  }
  return true;
}

struct Change {
  ParameterShape to;
  Origin row;
  Origin column;
  Fill fill = Fill::zero;
};

SharedMatrix carried_over(const SharedMatrix& old, const Change& change) {
  const bool continues_identity =
      change.fill == Fill::identity || (change.fill == Fill::as_it_is && is_identity(old));
  Matrix result(change.to.rows, change.to.columns);
  for (std::size_t i = 0; i < change.to.rows; ++i) {
    const std::optional<std::size_t> row = change.row(i);
    for (std::size_t j = 0; j < change.to.columns; ++j) {
      const std::optional<std::size_t> column = change.column(j);
      if (row && column) {
        result(i, j) = old(*row, *column);
      } else if (continues_identity && i == j) {
        result(i, j) = 1.0f;
      }
    }
  }
  return SharedMatrix(result);
}

class Reshaper {
 public:
  Reshaper(Input& input, const Dimensions& from, const Dimensions& to)
      : input_(input), from_(from), to_(to) {}

  void run() {
    const Origin query_heads = first(from_.n_heads);
    // The key/value head that the first query head of a new group read.
    const Origin kv_heads = [from = from_, to = to_](std::size_t kv) -> std::optional<std::size_t> {
      return std::min(from.kv_head(std::min(kv * (to.n_heads / to.n_kv_heads), from.n_heads - 1)),
                      from.n_kv_heads - 1);
    };
    const Origin q = heads(from_.d_k, to_.d_k, query_heads);
    const Origin k = heads(from_.d_k, to_.d_k, kv_heads);
    const Origin v = heads(from_.d_v, to_.d_v, kv_heads);
    const bool one_head = from_.n_heads == 1 && to_.n_heads == 1;
    const Fill fill = one_head ? Fill::as_it_is : Fill::zero;
    projection(ParameterId::w_q, {parameter_shape(to_, ParameterId::w_q), first(from_.d_model), q, fill});
    projection(ParameterId::w_k, {parameter_shape(to_, ParameterId::w_k), first(from_.d_source), k, fill});
    projection(ParameterId::w_v, {parameter_shape(to_, ParameterId::w_v), first(from_.d_source), v, fill});
    const bool side_by_side = from_.d_concat == from_.n_heads * from_.d_v;
    const Origin outputs = side_by_side ? heads(from_.d_v, to_.d_v, query_heads) : first(from_.d_v);
    const Origin d_out = input_.parameters[ParameterId::w_o] ? first(from_.d_out) : outputs;
    projection(ParameterId::w_o, {parameter_shape(to_, ParameterId::w_o), outputs, first(from_.d_out), fill});
    const Origin only = first(1);
    given(ParameterId::b_q, {parameter_shape(to_, ParameterId::b_q), only, q});
    given(ParameterId::b_k, {parameter_shape(to_, ParameterId::b_k), only, k});
    given(ParameterId::b_v, {parameter_shape(to_, ParameterId::b_v), only, v});
    given(ParameterId::b_o, {parameter_shape(to_, ParameterId::b_o), only, d_out});
    given(ParameterId::bilinear,
          {parameter_shape(to_, ParameterId::bilinear), first(from_.d_k), first(from_.d_k), Fill::identity});
    for (const ParameterId id : {ParameterId::additive_w_q, ParameterId::additive_w_k})
      given(id, {parameter_shape(to_, id), first(from_.d_k), first(from_.d_additive), Fill::as_it_is});
    additive_v();
  }

 private:
  static void check_size(const ParameterShape& shape) {
    if (shape.columns == 0 || shape.rows <= kMostInParameter / shape.columns) return;
    throw EditRefused(message("A parameter of {0} × {1} numbers is too large here",
                              {std::to_string(shape.rows), std::to_string(shape.columns)}));
  }

  void given(ParameterId id, const Change& change) {
    std::optional<SharedMatrix>& value = input_.parameters[id];
    if (!value || same_shape(id)) return;
    check_size(change.to);
    value = carried_over(*value, change);
  }

  /// W_Q, W_K, W_V, W_O: absent, it is the identity, and stays so where that is possible.
  void projection(ParameterId id, const Change& change) {
    std::optional<SharedMatrix>& value = input_.parameters[id];
    if (same_shape(id)) return;
    if (!value && change.to.rows == change.to.columns) return;
    check_size(change.to);
    value =
        carried_over(value ? *value : SharedMatrix(identity_matrix(parameter_shape(from_, id).rows)), change);
  }

  bool same_shape(ParameterId id) const {
    const ParameterShape before = parameter_shape(from_, id);
    const ParameterShape after = parameter_shape(to_, id);
    return before.rows == after.rows && before.columns == after.columns;
  }

  void additive_v() {
    std::optional<SharedMatrix>& v = input_.parameters[ParameterId::additive_v];
    if (!v || from_.d_additive == to_.d_additive) return;
    const std::span<const float> old = v->row(0);
    const bool ones = std::ranges::all_of(old, [](float value) { return value == 1.0f; });
    Matrix row(1, to_.d_additive, ones ? 1.0f : 0.0f);
    for (std::size_t j = 0; j < std::min(old.size(), to_.d_additive); ++j) row(0, j) = old[j];
    v = SharedMatrix(row);
  }

  Input& input_;
  const Dimensions& from_;
  const Dimensions& to_;
};

}  // namespace

void reshape_parameters(Input& input, const Dimensions& from, const Dimensions& to) {
  Reshaper(input, from, to).run();
}

SharedMatrix with_columns(const SharedMatrix& m, std::size_t columns) {
  if (m.columns() == columns) return m;
  return carried_over(m, {{m.rows(), columns}, first(m.rows()), first(m.columns())});
}

}  // namespace attn::session
