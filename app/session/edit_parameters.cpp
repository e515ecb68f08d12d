#include "app/session/edit_parameters.h"

#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "app/session/edit.h"
#include "core/attention/philox.h"

namespace attn::session {
namespace {

std::string name_of(ParameterId id) { return std::string(display_name(id)); }

SharedMatrix random_values(ParameterShape shape, ParameterId id, std::size_t fan, std::uint64_t seed) {
  constexpr std::uint32_t kStream = 1;  // 0 is dropout's
  const double deviation = 1.0 / std::sqrt(static_cast<double>(fan));
  const auto which = static_cast<std::uint32_t>(id);
  Matrix values(shape.rows, shape.columns);
  for (std::size_t i = 0; i < shape.rows; ++i) {
    for (std::size_t j = 0; j < shape.columns; ++j) {
      const std::array<std::uint32_t, 4> counter = {static_cast<std::uint32_t>(j),
                                                    static_cast<std::uint32_t>(i), which, kStream};
      values(i, j) = static_cast<float>(philox_normal(seed, counter) * deviation);
    }
  }
  return SharedMatrix(values);
}

SharedMatrix identity_values(ParameterShape shape, ParameterId id) {
  if (is_bias(id) || id == ParameterId::additive_v) {
    throw EditRefused(message("{0} is a vector: it cannot be the identity", {name_of(id)}));
  }
  if (shape.rows != shape.columns) {
    throw EditRefused(message("{0} is {1} × {2}: only a square matrix can be the identity",
                              {name_of(id), std::to_string(shape.rows), std::to_string(shape.columns)}));
  }
  Matrix values(shape.rows, shape.columns);
  for (std::size_t i = 0; i < shape.rows; ++i) values(i, i) = 1.0f;
  return SharedMatrix(values);
}

}  // namespace

std::size_t fan_in(const Dimensions& d, ParameterId id) {
  switch (id) {
    case ParameterId::b_q:
      return d.d_model;
    case ParameterId::b_k:
    case ParameterId::b_v:
      return d.d_source;
    case ParameterId::b_o:
      return d.d_concat;
    case ParameterId::additive_v:
      return d.d_additive;
    default:
      return parameter_shape(d, id).rows;
  }
}

bool is_bias(ParameterId id) {
  return id == ParameterId::b_q || id == ParameterId::b_k || id == ParameterId::b_v || id == ParameterId::b_o;
}

bool is_projection(ParameterId id) {
  return id == ParameterId::w_q || id == ParameterId::w_k || id == ParameterId::w_v || id == ParameterId::w_o;
}

bool takes_part(const Input& input, ParameterId id) {
  switch (id) {
    case ParameterId::bilinear:
      return input.config.score == Score::bilinear;
    case ParameterId::additive_w_q:
    case ParameterId::additive_w_k:
    case ParameterId::additive_v:
      return input.config.score == Score::additive;
    case ParameterId::b_v:
      return input.config.attend_over == AttendOver::tokens;
    default:
      return true;
  }
}

Document changed(const Document& document, const FillParameter& e) {
  Input input = document.input();
  std::optional<SharedMatrix>& value = input.parameters[e.id];
  if (!value && !takes_part(input, e.id)) {
    throw EditRefused(e.id == ParameterId::b_v
                          ? message("{0} takes no part in attention over features", {name_of(e.id)})
                          : message("{0} takes no part in this score", {name_of(e.id)}));
  }
  const Dimensions& d = document.dimensions();
  const ParameterShape shape = parameter_shape(d, e.id);
  SharedMatrix filled;
  if (e.fill == ParameterFill::random) {
    if (e.seed >= (std::uint64_t{1} << 53)) {
      throw EditRefused(message("The seed must be a whole number below 2^53"));
    }
    filled = random_values(shape, e.id, fan_in(d, e.id), e.seed);
  } else if (e.fill == ParameterFill::identity) {
    filled = identity_values(shape, e.id);
    if (is_projection(e.id)) {
      // Files say "identity" for it.
      value.reset();
      return document.with_input(std::move(input));
    }
  } else {
    filled = SharedMatrix(Matrix(shape.rows, shape.columns));
  }
  if (!value || !equal_values(*value, filled)) value = std::move(filled);
  return document.with_input(std::move(input));
}

Message label_of(const Input&, const FillParameter& e) {
  switch (e.fill) {
    case ParameterFill::random:
      return message("{0} at random", {name_of(e.id)});
    case ParameterFill::identity:
      return message("{0} as the identity", {name_of(e.id)});
    case ParameterFill::zeros:
      break;
  }
  return message("{0} of zeros", {name_of(e.id)});
}

}  // namespace attn::session
