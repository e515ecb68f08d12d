#include "app/session/pull_variables.h"

#include <algorithm>
#include <utility>

namespace attn::session {
namespace {}  // namespace

FreeVariables::FreeVariables(const Input& pressed, const Dimensions& d, PullFreedom freedom, std::size_t row)
    : input_(pressed), row_(row) {
  const bool over_features = pressed.config.attend_over == AttendOver::features;
  switch (freedom) {
    case PullFreedom::this_word:
      if (!over_features) {
        Matrix values(1, d.d_model);
        std::ranges::copy(pressed.x.row(row), values.row(0).begin());
        add(Home::x_row, ParameterId::w_q, values);
        return;
      }
      [[fallthrough]];
    case PullFreedom::all_words:
      add(Home::x, ParameterId::w_q, pressed.x.dense());
      if (pressed.source) add(Home::source_x, ParameterId::w_q, pressed.source->x.dense());
      return;
    case PullFreedom::w_q_and_w_k:
      add_parameter(d, ParameterId::w_q);
      add_parameter(d, ParameterId::w_k);
      return;
    case PullFreedom::w_v:
      add_parameter(d, ParameterId::w_v);
      return;
  }
}

void FreeVariables::add(Home home, ParameterId id, const Matrix& values) {
  blocks_.push_back({home, id, pressed_.size(), values.rows(), values.columns()});
  pressed_.insert(pressed_.end(), values.values().begin(), values.values().end());
}

void FreeVariables::add_parameter(const Dimensions& d, ParameterId id) {
  const auto& given = input_.parameters[id];
  add(Home::parameter, id, given ? given->dense() : identity_matrix(parameter_shape(d, id).rows));
}

Input FreeVariables::with(const std::vector<float>& values) const {
  Input input = input_;
  for (const Block& block : blocks_) {
    const std::span<const float> numbers(values.data() + block.first, block.size());
    if (block.home == Home::x_row) {
      input.x = input.x.with_row(row_, numbers);
      continue;
    }
    Matrix matrix(block.rows, block.columns);
    std::ranges::copy(numbers, matrix.data());
    if (block.home == Home::x) {
      input.x = SharedMatrix(matrix);
    } else if (block.home == Home::source_x) {
      Source source = *input.source;
      source.x = SharedMatrix(matrix);
      input.source = std::move(source);
    } else {
      input.parameters[block.id] = SharedMatrix(matrix);
    }
  }
  return input;
}

std::vector<double> FreeVariables::pick(const Gradients<double>& gradients) const {
  std::vector<double> picked;
  picked.reserve(size());
  for (const Block& block : blocks_) {
    std::span<const double> numbers;
    switch (block.home) {
      case Home::x_row:
        numbers = gradients.x.row(row_);
        break;
      case Home::x:
        numbers = gradients.x.values();
        break;
      case Home::source_x:
        numbers = gradients.source_x->values();
        break;
      case Home::parameter:
        numbers = gradients.parameters[static_cast<std::size_t>(block.id)]->values();
        break;
    }
    picked.insert(picked.end(), numbers.begin(), numbers.end());
  }
  return picked;
}

}  // namespace attn::session
