#include "app/gpu/self_check.h"

#include <fmt/core.h>

#include <cstdint>

#include "core/attention/attention.h"
#include "core/attention/compare.h"

namespace attn::gpu {
namespace {

/// Numbers in [−1, 1) that are the same on every machine: a multiplicative generator modulo 2³².
class Numbers {
 public:
  explicit Numbers(std::uint32_t seed) : state_(2 * seed + 1) {}
  float next() {
    state_ *= 747796405u;
    return static_cast<float>(state_ >> 8) * 0x1p-23f - 1.0f;
  }
  SharedMatrix matrix(std::size_t rows, std::size_t columns) {
    Matrix m(rows, columns);
    for (std::size_t i = 0; i < rows; ++i) {
      for (float& value : m.row(i)) value = next();
    }
    return SharedMatrix(m);
  }

 private:
  std::uint32_t state_;
};

Tokens labels(std::size_t count) { return std::make_shared<const std::vector<std::string>>(count, "·"); }

struct Sizes {
  std::size_t n_queries = 1;
  std::size_t n_keys = 0;  ///< 0: self-attention
  std::size_t d_model = 1;
  std::size_t heads = 1;
  std::size_t kv_heads = 1;
  std::size_t d_k = 1;
  std::size_t d_v = 1;
  std::size_t d_out = 1;
};

/// Self- or cross-attention with every parameter and bias given.
Input full_input(const Sizes& sizes, std::uint32_t seed) {
  Numbers numbers(seed);
  Input input;
  input.tokens = labels(sizes.n_queries);
  input.x = numbers.matrix(sizes.n_queries, sizes.d_model);
  if (sizes.n_keys != 0)
    input.source = Source{labels(sizes.n_keys), numbers.matrix(sizes.n_keys, sizes.d_model)};
  input.config.heads = sizes.heads;
  input.config.kv_heads = sizes.kv_heads;
  const std::size_t q_columns = sizes.heads * sizes.d_k;
  const std::size_t k_columns = sizes.kv_heads * sizes.d_k;
  const std::size_t v_columns = sizes.kv_heads * sizes.d_v;
  Parameters& p = input.parameters;
  p[ParameterId::w_q] = numbers.matrix(sizes.d_model, q_columns);
  p[ParameterId::w_k] = numbers.matrix(sizes.d_model, k_columns);
  p[ParameterId::w_v] = numbers.matrix(sizes.d_model, v_columns);
  p[ParameterId::w_o] = numbers.matrix(sizes.heads * sizes.d_v, sizes.d_out);
  p[ParameterId::b_q] = numbers.matrix(1, q_columns);
  p[ParameterId::b_k] = numbers.matrix(1, k_columns);
  p[ParameterId::b_v] = numbers.matrix(1, v_columns);
  p[ParameterId::b_o] = numbers.matrix(1, sizes.d_out);
  return input;
}

CheckCase one_cell() { return {"one token, one feature", full_input({}, 1)}; }

CheckCase causal() {
  CheckCase c{"causal, 17 tokens", full_input({17, 0, 16, 2, 2, 8, 8, 15}, 2)};
  c.input.config.scale.kind = Scale::Kind::sqrt_dk;
  c.input.config.mask.causal = true;
  return c;
}

/// exp() of these scores would leave float32.
CheckCase large_scores() {
  CheckCase c{"large scores, 20 tokens", full_input({20, 0, 16, 1, 1, 8, 8, 4}, 12)};
  c.input.config.scale = {Scale::Kind::number, 40.0};
  return c;
}

CheckCase grouped_cross() {
  CheckCase c{"grouped heads, 15 × 33", full_input({15, 33, 17, 4, 2, 5, 3, 16}, 3)};
  Config& config = c.input.config;
  config.scale = {Scale::Kind::number, 0.3};
  config.temperature = 0.7;
  config.position = Position::alibi;
  std::vector<std::uint8_t> padding(33, 0);
  padding[0] = padding[32] = 1;
  config.mask.padding = std::make_shared<const std::vector<std::uint8_t>>(std::move(padding));
  AllowMatrix allow{15, 33, std::vector<std::uint8_t>(std::size_t{15} * 33, 1)};
  for (std::size_t j = 0; j < 33; ++j) {
    allow.visible[3 * 33 + j] = 0;           // query 3 sees nothing
    allow.visible[7 * 33 + j] = j % 3 == 0;  // query 7 sees every third key
  }
  config.mask.allow = std::make_shared<const AllowMatrix>(std::move(allow));
  return c;
}

CheckCase over_queries() {
  CheckCase c{"rotary, softmax over queries, 33 tokens", full_input({33, 0, 6, 1, 1, 16, 33, 1}, 4)};
  c.input.config.position = Position::rope;
  c.input.config.softmax_axis = SoftmaxAxis::queries;
  c.input.config.mask.window = 2;
  return c;
}

CheckCase finite_hidden() {
  CheckCase c{"hidden score of −1e9, identities", full_input({16, 0, 4, 2, 2, 2, 2, 4}, 5)};
  for (const ParameterId id : {ParameterId::w_q, ParameterId::w_k, ParameterId::w_v, ParameterId::w_o})
    c.input.parameters[id].reset();
  c.input.config.position = Position::sinusoidal;
  c.input.config.mask.causal = true;
  c.input.config.mask.hidden_value = -1e9;
  return c;
}

CheckCase additive() {
  CheckCase c{"additive", full_input({16, 3, 5, 2, 1, 4, 2, 3}, 6)};
  Numbers numbers(60);
  c.input.config.score = Score::additive;
  c.input.parameters[ParameterId::additive_w_q] = numbers.matrix(4, 17);
  c.input.parameters[ParameterId::additive_w_k] = numbers.matrix(4, 17);
  c.input.parameters[ParameterId::additive_v] = numbers.matrix(1, 17);
  return c;
}

CheckCase bilinear() {
  CheckCase c{"bilinear, dropout", full_input({15, 0, 3, 2, 1, 17, 1, 2}, 7)};
  Numbers numbers(70);
  c.input.config.score = Score::bilinear;
  c.input.parameters[ParameterId::bilinear] = numbers.matrix(17, 17);
  c.input.config.dropout = Dropout{0.3, (std::uint64_t{5} << 32) + 12345};
  return c;
}

CheckCase cosine_mean() {
  CheckCase c{"cosine, averaged heads, no softmax", full_input({17, 0, 4, 3, 3, 5, 4, 4}, 8)};
  c.input.config.score = Score::cosine;
  c.input.config.normalise = Normalise::none;
  c.input.config.combine = Combine::mean;
  c.input.config.mask.causal = true;
  c.input.parameters[ParameterId::w_o].reset();
  return c;
}

CheckCase features() {
  CheckCase c{"over features", full_input({33, 0, 17, 1, 1, 17, 17, 15}, 9)};
  c.input.config.kv_heads.reset();
  c.input.config.attend_over = AttendOver::features;
  for (const ParameterId id : {ParameterId::b_v}) c.input.parameters[id].reset();
  return c;
}

/// What disagrees in one case, empty when nothing does.
std::string disagreement(Backend& backend, const Input& input) {
  const Dimensions d = validate(input);
  Arrays<double> exact;
  forward<double>(input, d, exact);
  const Arrays<double> bounds = error_bounds(input, exact);
  RunResult result;
  try {
    result = backend.run(input, {});
  } catch (const RunError& error) {  // the input is right: numbers out of range are the device's
    return error.what();
  }
  const Arrays<float>* found = result.trace->whole();
  if (found == nullptr) return "its numbers cannot be read back";
  for (const Stage stage : stages_of(input)) {
    const StageError error = compare_stage(stage, *found, exact, bounds);
    if (error.within()) continue;
    const CellRef& cell = error.worst;
    return fmt::format("{}[{}][{},{}] is {}, expected {} ({:.3g} × the bound)", name(stage), cell.head,
                       cell.row, cell.column, error.found, error.expected, error.ratio);
  }
  return {};
}

/// Widths and lengths of whole quads, more than a tile of 64 and not of 128.
CheckCase aligned() {
  CheckCase c{"68 tokens, quads", full_input({68, 0, 20, 2, 1, 12, 8, 72}, 10)};
  c.input.config.scale.kind = Scale::Kind::sqrt_dk;
  return c;
}

void check_all(Backend& backend, const std::vector<CheckCase>& cases, const std::string& how) {
  for (const CheckCase& check : cases) {
    const std::string problem = disagreement(backend, check.input);
    if (!problem.empty()) throw BackendLost(fmt::format("self-check '{}{}': {}", check.name, how, problem));
  }
}

/// Numbers that leave float32 have to be noticed.
void check_refusal(Backend& backend) {
  Input input = full_input({17, 0, 4, 1, 1, 2, 2, 2}, 11);
  Matrix x(17, 4);
  x(16, 3) = 1e25f;
  input.x = SharedMatrix(x);
  try {
    backend.run(input, {});
  } catch (const RunError&) {
    return;
  }
  throw BackendLost("self-check 'a score past float32': scores[0][16,16] is not refused");
}

}  // namespace

std::vector<CheckCase> check_cases() {
  return {one_cell(),      causal(),   large_scores(), grouped_cross(), over_queries(),
          finite_hidden(), additive(), bilinear(),     cosine_mean(),   features()};
}

void self_check(Backend& backend) {
  check_all(backend, check_cases(), "");
  check_refusal(backend);
}

void self_check_products(Backend& backend, const ProductTile& tile) {
  std::vector<CheckCase> cases = {aligned()};
  // How operands lie is the same code in every tile: the first is tried in all ways.
  if (tile == product_tiles()[1]) cases = {aligned(), causal(), features()};
  check_all(backend, cases, ", tile " + text(tile));
}

}  // namespace attn::gpu
