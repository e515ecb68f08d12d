#include "core/attention/explain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/attention.h"
#include "core/attention/compare.h"
#include "tests/core/attention/golden_case.h"
#include "tests/core/attention/random_input.h"

namespace attn {
namespace {

using test::Random;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// What an operation makes of its children, written here a second time on purpose.
double combine(Operation operation, const std::vector<ExplainNode>& children, double own_value) {
  double result = children.empty() ? 0.0 : children[0].value;
  const auto fold = [&](const auto& step) {
    for (std::size_t i = 1; i < children.size(); ++i) result = step(result, children[i].value);
    return result;
  };
  switch (operation) {
    case Operation::copy:
      return result;
    case Operation::sum:
      return fold([](double a, double b) { return a + b; });
    case Operation::difference:
      return fold([](double a, double b) { return a - b; });
    case Operation::product:
      return fold([](double a, double b) { return a * b; });
    case Operation::quotient:
      return fold([](double a, double b) { return a / b; });
    case Operation::maximum:
      return fold([](double a, double b) { return std::max(a, b); });
    case Operation::exponential:
      return std::exp(result);
    case Operation::square_root:
      return std::sqrt(result);
    case Operation::tangent:
      return std::tanh(result);
    case Operation::sine:
      return std::sin(result);
    case Operation::cosine:
      return std::cos(result);
    case Operation::nothing:
    case Operation::dropped:
      return 0.0;
    case Operation::given:
    case Operation::replaced:
      break;
  }
  return own_value;
}

bool agree(double a, double b, double scale) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return true;
  return std::abs(a - b) <= 1e-12 * std::max(1.0, scale);
}

using KeyNumbers = std::array<std::size_t, 11>;
KeyNumbers numbers_of(const ExplainKey& key) {
  const ParameterRef parameter = key.parameter.value_or(ParameterRef{});
  return {static_cast<std::size_t>(key.role),
          index(key.cell.stage),
          key.cell.head,
          key.cell.row,
          key.cell.column,
          key.term,
          key.part,
          key.parameter ? 1U : 0U,
          static_cast<std::size_t>(parameter.id),
          parameter.row,
          parameter.column};
}

/// Walks trees down to their leaves, every number once, and checks each node against its children.
class Walker {
 public:
  explicit Walker(Explainer& explainer) : explainer_(explainer) {}

  void walk(const ExplainNode& root) {
    std::vector<ExplainNode> open = {root};
    while (!open.empty()) {
      const ExplainNode node = open.back();
      open.pop_back();
      if (!seen_.insert(numbers_of(node.key)).second) continue;
      const std::vector<ExplainNode> children = explainer_.children(node, 0, node.n_children);
      check(node, children);
      open.insert(open.end(), children.begin(), children.end());
    }
  }
  std::size_t n_nodes() const { return seen_.size(); }
  bool saw(Role role) const { return (roles_ & bit(role)) != 0; }
  bool saw(Operation operation) const { return operations_.contains(operation); }

 private:
  static std::uint64_t bit(Role role) { return std::uint64_t{1} << static_cast<unsigned>(role); }

  void check(const ExplainNode& node, const std::vector<ExplainNode>& children) {
    roles_ |= bit(node.role);
    operations_.insert(node.operation);
    const bool right_count = children.size() == node.n_children;
    const bool leaf_is_given = children.empty() == (node.operation == Operation::given);
    const bool named = node.cell.has_value() == (node.role == Role::cell) &&
                       node.parameter.has_value() == (node.role == Role::parameter_cell);
    double scale = std::abs(node.value);
    for (const ExplainNode& child : children) {
      if (std::isfinite(child.value)) scale = std::max(scale, std::abs(child.value));
    }
    const double combined = combine(node.operation, children, node.value);
    if (right_count && leaf_is_given && named && agree(combined, node.value, scale)) return;
    const std::string stage(name(node.key.cell.stage));
    INFO("role ", static_cast<int>(node.role), " of ", stage, " [", node.key.cell.head, "][",
         node.key.cell.row, ",", node.key.cell.column, "] term ", node.key.term);
    CHECK(right_count);
    CHECK(leaf_is_given);
    CHECK(named);
    CHECK(combined == node.value);
  }

  Explainer& explainer_;
  std::set<KeyNumbers> seen_;
  std::set<Operation> operations_;
  std::uint64_t roles_ = 0;
};

struct Traces {
  Arrays<double> exact;
  Arrays<float> found;
  Arrays<double> bound;
};

Traces traces_of(const Input& input) {
  Traces traces;
  const Dimensions d = validate(input);
  forward<double>(input, d, traces.exact);
  forward<float>(input, d, traces.found);
  traces.bound = error_bounds(input, traces.exact);
  return traces;
}

double largest_finite(std::span<const double> values) {
  double largest = 1.0;
  for (const double value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  return largest;
}

/// Every cell of every stage: the explained value is the float64 one, and float32 is within its bound of it.
void check_values(const Input& input, Explainer& explainer) {
  const Traces traces = traces_of(input);
  for (const Stage stage : stages_of(input)) {
    const StageShape shape = traces.exact.shape(stage);
    const double scale = largest_finite(std::as_const(traces.exact).all(stage));
    std::size_t wrong = 0;
    CellRef worst;
    for (std::size_t h = 0; h < shape.heads; ++h) {
      for (std::size_t i = 0; i < shape.rows; ++i) {
        for (std::size_t j = 0; j < shape.columns; ++j) {
          const CellRef cell = {stage, h, i, j};
          const double value = explainer.cell(cell).value;
          const double found = static_cast<double>(traces.found.at(cell));
          const bool exact = agree(value, traces.exact.at(cell), scale);
          // To the bound comes what float64 itself rounds: it may be all there is where float32 is exact.
          const bool near =
              value == found || std::abs(value - found) <= traces.bound.at(cell) + 1e-12 * scale;
          if (exact && near) continue;
          ++wrong;
          worst = cell;
        }
      }
    }
    INFO(name(stage), " [", worst.head, "][", worst.row, ",", worst.column, "]");
    CHECK(wrong == 0);
  }
}

void walk_all_cells(const Input& input, Explainer& explainer, Walker& walker) {
  for (const Stage stage : stages_of(input)) {
    const StageShape shape = shape_of(stage, input, explainer.dimensions());
    for (std::size_t h = 0; h < shape.heads; ++h) {
      for (std::size_t i = 0; i < shape.rows; ++i) {
        for (std::size_t j = 0; j < shape.columns; ++j) walker.walk(explainer.cell({stage, h, i, j}));
      }
    }
  }
}

Input three_words() {
  Input input;
  input.tokens = test::numbered_tokens(3);
  input.x = SharedMatrix(Matrix{{1, 2}, {2, 3}, {3, 4}});
  return input;
}

/// Values of all children.
std::vector<double> values_of(Explainer& explainer, const ExplainNode& node) {
  std::vector<double> values;
  for (const ExplainNode& child : explainer.children(node, 0, node.n_children)) values.push_back(child.value);
  return values;
}

doctest::Approx four_decimals(double value) {
  return doctest::Approx(value).epsilon(0).scale(1).epsilon(5e-5);
}

TEST_CASE("every cell of every reference case is explained by its float64 value, near the float32 trace") {
  for (const test::GoldenCase& golden : test::read_golden_cases("forward")) {
    CAPTURE(golden.name);
    Explainer explainer(golden.input);
    check_values(golden.input, explainer);
  }
}

TEST_CASE("every node of every reference case is what its operation makes of its children") {
  for (const test::GoldenCase& golden : test::read_golden_cases("forward")) {
    CAPTURE(golden.name);
    Explainer explainer(golden.input);
    Walker walker(explainer);
    const std::uint64_t bytes = trace_bytes(golden.input, explainer.dimensions(), 1);
    if (bytes < 3000) {
      walk_all_cells(golden.input, explainer, walker);
    } else {  // large: one tree down to the inputs
      walker.walk(explainer.cell({Stage::output, 0, 1, 1}));
    }
    CHECK(walker.n_nodes() > stages_of(golden.input).size());
  }
}

TEST_CASE("any combination of settings is explained down to the inputs") {
  for (std::uint64_t number = 200; number < 260; ++number) {
    CAPTURE(number);
    Random random(number);
    const bool with_source = random.coin();
    const test::RandomShape shape;
    const Config config =
        test::random_config(random, shape.n_queries, with_source ? shape.n_keys : shape.n_queries);
    const Input input = test::random_input(config, with_source, random);
    Explainer explainer(input);
    check_values(input, explainer);
    Walker walker(explainer);
    walk_all_cells(input, explainer, walker);
    CHECK(walker.saw(Role::parameter_cell));
  }
}

TEST_CASE("three words: the share of the third word, from the output down to the vectors") {
  Explainer explainer(three_words());
  const ExplainNode share = explainer.cell({Stage::weights, 0, 0, 2});
  CHECK(share.value == four_decimals(0.9503));
  CHECK(share.operation == Operation::quotient);
  REQUIRE(share.n_children == 2);

  const ExplainNode exponential = explainer.child(share, 0);
  CHECK(exponential.role == Role::exponential);
  CHECK(exponential.value == 1.0);
  const ExplainNode shifted = explainer.child(exponential, 0);
  CHECK(shifted.role == Role::shifted);
  CHECK(values_of(explainer, shifted) == std::vector<double>{11, 11});
  const ExplainNode maximum = explainer.child(shifted, 1);
  CHECK(maximum.operation == Operation::maximum);
  CHECK(values_of(explainer, maximum) == std::vector<double>{5, 8, 11});

  const ExplainNode sum = explainer.child(share, 1);
  CHECK(sum.role == Role::exponential_sum);
  CHECK(sum.value == four_decimals(1.0523));  // e⁻⁶ + e⁻³ + 1
  CHECK(explainer.child(sum, 0).value == std::exp(-6.0));
  CHECK(explainer.child(sum, 1).value == std::exp(-3.0));

  // 11 = 1·3 + 2·4, through masked and scaled, which change nothing here
  ExplainNode score = explainer.child(shifted, 0);
  for (const Stage stage : {Stage::masked, Stage::scaled}) {
    CHECK(score.cell == CellRef{stage, 0, 0, 2});
    CHECK(score.operation == Operation::copy);
    score = explainer.child(score, 0);
  }
  CHECK(score.cell == CellRef{Stage::scores, 0, 0, 2});
  CHECK(values_of(explainer, score) == std::vector<double>{3, 8});
  const ExplainNode second = explainer.child(score, 1);
  CHECK(values_of(explainer, second) == std::vector<double>{2, 4});
  const ExplainNode k = explainer.child(second, 1);
  CHECK(k.cell == CellRef{Stage::k, 0, 2, 1});
  REQUIRE(k.operation == Operation::sum);  // 3·0 + 4·1: the identity has its products
  const ExplainNode own = explainer.child(k, 1);
  CHECK(explainer.child(own, 1).parameter == ParameterRef{ParameterId::w_k, 1, 1});
  CHECK(explainer.child(own, 1).value == 1.0);
  CHECK(values_of(explainer, explainer.child(k, 0)) == std::vector<double>{3, 0});
  const ExplainNode x = explainer.child(own, 0);
  CHECK(x.cell == CellRef{Stage::x, 0, 2, 1});
  CHECK(x.operation == Operation::given);
  CHECK(x.value == 4.0);
}

TEST_CASE("three words: the first output is the words' values, weighted") {
  Explainer explainer(three_words());
  const ExplainNode output = explainer.cell({Stage::output, 0, 0, 0});
  CHECK(output.value == doctest::Approx(2.948).epsilon(1e-3));
  const ExplainNode concat = explainer.child(explainer.child(output, 0), 0);
  CHECK(concat.cell == CellRef{Stage::concat, 0, 0, 0});
  const ExplainNode head = explainer.child(concat, 0);
  CHECK(head.cell == CellRef{Stage::head_outputs, 0, 0, 0});
  REQUIRE(head.n_children == 3);
  const ExplainNode third = explainer.child(head, 2);
  CHECK(third.role == Role::weighted_value);
  CHECK(third.value == four_decimals(0.9503 * 3));
  CHECK(explainer.child(third, 0).cell == CellRef{Stage::weights, 0, 0, 2});
  CHECK(explainer.child(third, 1).cell == CellRef{Stage::v, 0, 2, 0});
}

TEST_CASE("scale and temperature appear only where they are set") {
  Input input = three_words();
  const CellRef cell = {Stage::scaled, 0, 0, 2};
  const auto values = [&] {
    Explainer explainer(input);
    return values_of(explainer, explainer.cell(cell));
  };
  CHECK(Explainer(input).cell(cell).operation == Operation::copy);
  input.config.temperature = 4;
  CHECK(values() == std::vector<double>{11, 4});
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  CHECK(values() == std::vector<double>{11, std::sqrt(2.0), 4});
  CHECK(Explainer(input).cell(cell).operation == Operation::quotient);
  input.config.temperature = 1;
  CHECK(values() == std::vector<double>{11, std::sqrt(2.0)});
  input.config.scale = {Scale::Kind::number, 0.5};
  Explainer number(input);
  CHECK(number.cell(cell).operation == Operation::product);
  CHECK(number.child(number.cell(cell), 1).role == Role::scale_number);
  CHECK(number.cell(cell).value == 5.5);
  input.config.temperature = 4;
  CHECK(values() == std::vector<double>{5.5, 4});
  Explainer both(input);
  CHECK(values_of(both, both.child(both.cell(cell), 0)) == std::vector<double>{11, 0.5});
}

TEST_CASE("a hidden score says what it was, and an empty row that there is nothing to share") {
  Input input = three_words();
  input.config.mask.allow =
      std::make_shared<const AllowMatrix>(AllowMatrix{3, 3, {1, 1, 0, 0, 0, 0, 1, 1, 1}});
  {
    Explainer explainer(input);
    const ExplainNode hidden = explainer.cell({Stage::masked, 0, 0, 2});
    CHECK(hidden.operation == Operation::replaced);
    CHECK(hidden.value == -kInfinity);
    CHECK(values_of(explainer, hidden) == std::vector<double>{11});
    const ExplainNode no_share = explainer.cell({Stage::weights, 0, 0, 2});
    CHECK(no_share.operation == Operation::quotient);  // exp(−∞) ÷ sum
    CHECK(no_share.value == 0.0);
    const ExplainNode empty = explainer.cell({Stage::weights, 0, 1, 0});
    CHECK(empty.operation == Operation::nothing);
    CHECK(values_of(explainer, empty) == std::vector<double>{-kInfinity});
    CHECK(explainer.cell({Stage::output, 0, 1, 0}).value == 0.0);
  }
  input.config.mask.hidden_value = 0.0;  // the usual mistake: a row of zeros is shared evenly
  Explainer explainer(input);
  const ExplainNode replaced = explainer.cell({Stage::masked, 0, 1, 0});
  CHECK(replaced.operation == Operation::replaced);
  CHECK(replaced.value == 0.0);
  CHECK(explainer.cell({Stage::weights, 0, 1, 0}).value == doctest::Approx(1.0 / 3.0));
  input.config.mask.hidden_value.reset();
  input.config.normalise = Normalise::none;
  Explainer unnormalised(input);
  CHECK(unnormalised.cell({Stage::weights, 0, 0, 2}).operation == Operation::nothing);
  CHECK(unnormalised.cell({Stage::weights, 0, 0, 1}).operation == Operation::copy);
}

TEST_CASE("without the maximum removed, the explanation overflows where float32 does") {
  Input input = three_words();
  input.x = SharedMatrix(Matrix{{0, 0}, {0, 10}, {-20, 0}});  // scores of word 2: 0, 100, 0
  input.config.normalise = Normalise::softmax_without_max;
  input.config.mask.causal = true;
  Arrays<float> trace;
  forward<float>(input, validate(input), trace);
  Explainer explainer(input);
  const ExplainNode overflown = explainer.cell({Stage::weights, 0, 1, 1});
  CHECK(std::isnan(trace.at({Stage::weights, 0, 1, 1})));
  CHECK(std::isnan(overflown.value));
  CHECK(values_of(explainer, overflown) == std::vector<double>{kInfinity, kInfinity});
  CHECK(explainer.cell({Stage::weights, 0, 1, 2}).value == 0.0);  // hidden, whatever the sum
  // Too small for float32 as well: every exponential is 0, and 0 ÷ 0 stands for what can be seen.
  input.config.scale = {Scale::Kind::number, -10.0};
  input.x = SharedMatrix(Matrix{{0, 0}, {5, 5}, {5, 5}});
  input.config.mask.allow =
      std::make_shared<const AllowMatrix>(AllowMatrix{3, 3, {1, 1, 1, 0, 1, 1, 1, 1, 1}});
  forward<float>(input, validate(input), trace);
  Explainer underflown(input);
  CHECK(std::isnan(trace.at({Stage::weights, 0, 1, 1})));
  CHECK(std::isnan(underflown.cell({Stage::weights, 0, 1, 1}).value));
  CHECK(trace.at({Stage::weights, 0, 1, 0}) == 0.0F);
  CHECK(underflown.cell({Stage::weights, 0, 1, 0}).operation == Operation::nothing);
}

TEST_CASE("softmax over the queries explains columns") {
  Input input = three_words();
  input.config.softmax_axis = SoftmaxAxis::queries;
  Explainer explainer(input);
  const ExplainNode share = explainer.cell({Stage::weights, 0, 0, 1});
  const ExplainNode exponential = explainer.child(share, 0);
  const ExplainNode maximum = explainer.child(explainer.child(exponential, 0), 1);
  CHECK(values_of(explainer, maximum) == std::vector<double>{8, 13, 18});
  CHECK(explainer.child(maximum, 2).cell == CellRef{Stage::masked, 0, 2, 1});
}

TEST_CASE("dropout says what it removed and what it divides by") {
  Input input = three_words();
  input.config.dropout = Dropout{0.5, 1};
  Explainer explainer(input);
  std::size_t n_removed = 0;
  for (std::size_t cell = 0; cell < 9; ++cell) {
    const ExplainNode node = explainer.cell({Stage::dropped, 0, cell / 3, cell % 3});
    const double weight = explainer.cell({Stage::weights, 0, cell / 3, cell % 3}).value;
    CHECK(explainer.child(node, 0).value == weight);
    if (node.operation == Operation::dropped) {
      ++n_removed;
      CHECK(node.value == 0.0);
    } else {
      CHECK(node.value == weight / 0.5);
    }
  }
  CHECK(n_removed > 0);
  CHECK(n_removed < 9);
}

TEST_CASE("the cosine of a zero vector is 0 by definition") {
  Input input = three_words();
  input.x = SharedMatrix(Matrix{{0, 0}, {3, 4}, {4, 3}});
  input.config.score = Score::cosine;
  Explainer explainer(input);
  const ExplainNode zero = explainer.cell({Stage::scores, 0, 0, 1});
  CHECK(zero.operation == Operation::nothing);
  CHECK(zero.value == 0.0);
  CHECK(values_of(explainer, explainer.child(zero, 0)) == std::vector<double>{0, 5});
  const ExplainNode cosine = explainer.cell({Stage::scores, 0, 1, 2});
  CHECK(cosine.value == 24.0 / 25.0);
  CHECK(values_of(explainer, cosine) == std::vector<double>{24, 25});
}

TEST_CASE("an identity with a bias is a sum of products and the bias") {
  Input input = three_words();
  input.parameters[ParameterId::b_q] = SharedMatrix(Matrix(1, 2, 0.25F));
  Explainer explainer(input);
  const ExplainNode q = explainer.cell({Stage::q, 0, 1, 1});
  CHECK(q.operation == Operation::sum);
  CHECK(values_of(explainer, q) == std::vector<double>{0, 3, 0.25});
  CHECK(explainer.child(q, 2).parameter == ParameterRef{ParameterId::b_q, 0, 1});
}

TEST_CASE("features attend to features: every step is explained, with identities and without") {
  Random random(21);
  Config config;
  config.attend_over = AttendOver::features;
  for (const bool identities : {false, true}) {
    Input input = test::random_input(config, false, random);
    if (identities) {
      for (const ParameterId id : {ParameterId::w_q, ParameterId::w_v, ParameterId::w_o, ParameterId::b_o}) {
        input.parameters[id].reset();
      }
    }
    Explainer explainer(input);
    check_values(input, explainer);
    Walker walker(explainer);
    walk_all_cells(input, explainer, walker);
    CHECK(walker.saw(Operation::copy));
  }
}

TEST_CASE("the trees know every operation and name every step") {
  std::set<Operation> operations;
  std::set<Role> roles;
  std::vector<test::GoldenCase> cases = test::read_golden_cases("forward");
  for (const test::GoldenCase& golden : cases) {
    Explainer explainer(golden.input);
    if (trace_bytes(golden.input, explainer.dimensions(), 1) > 3000) continue;
    Walker walker(explainer);
    walk_all_cells(golden.input, explainer, walker);
    for (std::size_t i = 0; i <= static_cast<std::size_t>(Operation::dropped); ++i) {
      if (walker.saw(static_cast<Operation>(i))) operations.insert(static_cast<Operation>(i));
    }
    for (std::size_t i = 0; i <= static_cast<std::size_t>(Role::head_count); ++i) {
      if (walker.saw(static_cast<Role>(i))) roles.insert(static_cast<Role>(i));
    }
  }
  CHECK(operations.size() == static_cast<std::size_t>(Operation::dropped) + 1);
  CHECK(roles.size() == static_cast<std::size_t>(Role::head_count) + 1);
}

TEST_CASE("long sums are read in pages, and the pages are the children") {
  Explainer explainer(three_words());
  const ExplainNode sum = explainer.child(explainer.cell({Stage::weights, 0, 0, 2}), 1);
  REQUIRE(sum.n_children == 3);
  const std::vector<ExplainNode> page = explainer.children(sum, 1, 10);
  REQUIRE(page.size() == 2);
  CHECK(page[0].key == explainer.child(sum, 1).key);
  CHECK(page[1].value == explainer.child(sum, 2).value);
  CHECK(explainer.children(sum, 3, 1).empty());
  CHECK(explainer.children(sum, 0, 0).empty());
}

TEST_CASE("a cell that does not exist is refused with what was expected") {
  Explainer explainer(three_words());
  CHECK_THROWS_WITH_AS(explainer.cell({Stage::biased, 0, 0, 0}),
                       "explain: expected a stage of this scenario, found biased", std::out_of_range);
  CHECK_THROWS_WITH_AS(explainer.cell({Stage::weights, 0, 0, 3}),
                       "explain: expected a cell of weights, 1 × 3 × 3, found [0][0,3]", std::out_of_range);
  CHECK_THROWS_AS(explainer.cell({Stage::weights, 1, 0, 0}), std::out_of_range);
  CHECK_THROWS_AS(explainer.cell({Stage::weights, 0, 3, 0}), std::out_of_range);
  CHECK_THROWS_WITH_AS(explainer.child(explainer.cell({Stage::x, 0, 0, 0}), 0),
                       "explain: expected a child below 0, found 0", std::out_of_range);
}

TEST_CASE("an explainer that goes on from another one's input says what a new one says") {
  for (const Position position : {Position::none, Position::sinusoidal, Position::rope}) {
    for (const bool with_source : {false, true}) {
      Random random(7);
      Config config;
      config.position = position;
      const Input first = test::random_input(config, with_source, random);
      std::vector<Input> changes(4, first);
      changes[0].x = first.x.with_cell(1, 0, 9.0f);
      changes[1].parameters[ParameterId::w_k] = SharedMatrix(Matrix(first.key_x().columns(), 2, 0.25f));
      changes[2].parameters[ParameterId::b_v].reset();
      changes[3].config.mask.causal = true;
      if (with_source) changes[0].source->x = first.source->x.with_cell(2, 1, -3.0f);
      Explainer before(first);
      const auto all_cells = [](const Input& input, const auto& each) {
        const Dimensions d = validate(input);
        for (const Stage stage : stages_of(input)) {
          const StageShape shape = shape_of(stage, input, d);
          for (std::size_t h = 0; h < shape.heads; ++h)
            for (std::size_t i = 0; i < shape.rows; ++i)
              for (std::size_t j = 0; j < shape.columns; ++j) each(CellRef{stage, h, i, j});
        }
      };
      all_cells(first, [&](const CellRef& cell) { before.cell(cell); });
      for (const Input& changed : changes) {
        Explainer on(changed, before);
        Explainer anew(changed);
        std::size_t different = 0;
        all_cells(changed, [&](const CellRef& cell) {
          different += on.cell(cell).value == anew.cell(cell).value ? 0 : 1;
        });
        CHECK(different == 0);
      }
    }
  }
}

TEST_CASE("an explainer can be moved and keeps its input") {
  Explainer first(three_words());
  const double value = first.cell({Stage::output, 0, 2, 1}).value;
  Explainer second(std::move(first));
  CHECK(second.cell({Stage::output, 0, 2, 1}).value == value);
  Explainer third(three_words());
  third = std::move(second);
  CHECK(third.input().x.rows() == 3);
  CHECK(third.dimensions().d_k == 2);
}

}  // namespace
}  // namespace attn
