#include "app/session/pull_part.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace attn::session {
namespace {

/// With the bias of each.
struct Projection {
  ParameterId weight;
  ParameterId bias;
};
constexpr std::array kProjections = {Projection{ParameterId::w_q, ParameterId::b_q},
                                     Projection{ParameterId::w_k, ParameterId::b_k},
                                     Projection{ParameterId::w_v, ParameterId::b_v}};

/// Columns [first, first + count) of a parameter; of the identity with `rows` rows where it is absent.
SharedMatrix columns_from(const std::optional<SharedMatrix>& m, std::size_t rows, std::size_t first,
                          std::size_t count) {
  Matrix part(m ? m->rows() : rows, count);
  for (std::size_t i = 0; i < part.rows(); ++i) {
    for (std::size_t c = 0; c < count; ++c)
      part(i, c) = m ? (*m)(i, first + c) : i == first + c ? 1.0f : 0.0f;
  }
  return SharedMatrix(part);
}

}  // namespace

PullPart::PullPart(const Input& whole, const Dimensions& d, const PullTarget& target)
    : d_(d), whole_target_(target), target_(target), self_(!whole.source) {
  const Config& config = whole.config;
  narrows_ = d.n_queries > kWholeQueries && config.attend_over == AttendOver::tokens &&
             config.softmax_axis == SoftmaxAxis::keys && config.position == Position::none &&
             !present(Stage::dropped, whole);
  if (!narrows_) return;
  target_.row = 0;
  target_.head = 0;
  const MaskConfig& mask = config.mask;
  if (!mask.causal && !mask.window && !mask.padding && !mask.allow) return;
  AllowMatrix allow{1, d.n_keys, std::vector<std::uint8_t>(d.n_keys)};
  for (std::size_t j = 0; j < d.n_keys; ++j) allow.visible[j] = visible(mask, target.row, j) ? 1 : 0;
  mask_.allow = std::make_shared<const AllowMatrix>(std::move(allow));
  mask_.hidden_value = mask.hidden_value;
}

bool PullPart::has_values() const {
  return whole_target_.stage == Stage::output || whole_target_.stage == Stage::head_outputs;
}

PullPart::Columns PullPart::columns_of(ParameterId id) const {
  const std::size_t head = whole_target_.head;
  if (id == ParameterId::w_q || id == ParameterId::b_q) return {head * d_.d_k, d_.d_k};
  if (id == ParameterId::w_k || id == ParameterId::b_k) return {d_.kv_head(head) * d_.d_k, d_.d_k};
  return {d_.kv_head(head) * d_.d_v, d_.d_v};
}

Input PullPart::of(const Input& whole) const {
  if (!narrows_) return whole;
  Input part = whole;
  const std::size_t row = whole_target_.row;
  part.source = Source{whole.key_tokens(), whole.key_x()};
  part.tokens = std::make_shared<const std::vector<std::string>>(1, whole.tokens->at(row));
  Matrix query(1, d_.d_model);
  std::ranges::copy(whole.x.row(row), query.row(0).begin());
  part.x = SharedMatrix(query);
  part.config.mask = mask_;
  if (!one_head()) return part;
  part.config.heads = 1;
  part.config.kv_heads.reset();
  part.config.combine = Combine::concat;
  // What is not asked for: outputs of one head behind the target, and values where the target lies before
  // them.
  part.parameters[ParameterId::w_o].reset();
  part.parameters[ParameterId::b_o].reset();
  // The scale by √d_k stays that of the whole: d_k is the same.
  for (const auto& [weight, bias] : kProjections) {
    const bool of_values = weight == ParameterId::w_v;
    if (of_values && !has_values()) {
      part.parameters[weight] = SharedMatrix(Matrix(d_.d_source, 1));
      part.parameters[bias].reset();
      continue;
    }
    const auto [first, count] = columns_of(weight);
    const std::size_t rows = weight == ParameterId::w_q ? d_.d_model : d_.d_source;
    part.parameters[weight] = columns_from(whole.parameters[weight], rows, first, count);
    if (part.parameters[bias]) part.parameters[bias] = columns_from(whole.parameters[bias], 1, first, count);
  }
  return part;
}

Gradients<double> PullPart::whole_gradients(Gradients<double> part) const {
  if (!narrows_) return part;
  Gradients<double> whole;
  if (self_) {
    whole.x = std::move(*part.source_x);
  } else {
    whole.x = MatrixD(d_.n_queries, d_.d_model);
    whole.source_x = std::move(part.source_x);
  }
  for (std::size_t c = 0; c < d_.d_model; ++c) whole.x(whole_target_.row, c) += part.x(0, c);
  for (const auto& projection : kProjections) {
    const auto id = static_cast<std::size_t>(projection.weight);
    if (!part.parameters[id]) continue;
    if (!one_head()) {
      whole.parameters[id] = std::move(part.parameters[id]);
      continue;
    }
    const ParameterShape shape = parameter_shape(d_, projection.weight);
    MatrixD& gradient = whole.parameters[id].emplace(shape.rows, shape.columns);
    if (projection.weight == ParameterId::w_v && !has_values()) continue;
    const auto [first, count] = columns_of(projection.weight);
    for (std::size_t i = 0; i < shape.rows; ++i)
      std::ranges::copy(part.parameters[id]->row(i), gradient.row(i).subspan(first, count).begin());
  }
  return whole;
}

}  // namespace attn::session
