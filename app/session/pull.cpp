#include "app/session/pull.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "app/session/pull_gauge.h"
#include "app/session/pull_part.h"
#include "app/session/pull_reason.h"
#include "app/session/pull_variables.h"
#include "core/attention/attention.h"
#include "core/attention/error.h"
#include "core/update/update.h"

namespace attn::session {
namespace {

constexpr double kTight = 1e-6;        ///< where the solver stops: below what float32 inputs resolve mostly
constexpr double kArrived = 5e-5;      ///< what counts as arrived: the same four decimals
constexpr int kSlowSteps = 5;          ///< so many steps in a row that hardly help are the end
constexpr double kHardlyHelps = 1e-4;  ///< of the distance that is left

double norm(const std::vector<double>& v) {
  double sum = 0.0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum);
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = a[i] - b[i];
  return result;
}

double distance(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += d * d;
  }
  return std::sqrt(sum);
}

/// Solves A y = b for a small symmetric positive definite A, by elimination; A and b are used up.
std::vector<double> solve(MatrixD a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = a(i, k) / a(k, k);
      for (std::size_t j = k; j < n; ++j) a(i, j) -= factor * a(k, j);
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j) b[k] -= a(k, j) * b[j];
    b[k] /= a(k, k);
  }
  return b;
}

/// Largest eigenvalue of a small symmetric matrix that has no negative ones, by the power method.
double largest_eigenvalue(const MatrixD& a) {
  std::vector<double> v(a.rows(), 1.0);
  // A start that no eigenvector of a matrix at hand is likely to be orthogonal to.
  for (std::size_t i = 0; i < v.size(); ++i) v[i] += 0.37 * static_cast<double>(i);
  double value = 0.0;
  for (int round = 0; round < 60; ++round) {
    std::vector<double> next(v.size(), 0.0);
    for (std::size_t i = 0; i < v.size(); ++i) {
      for (std::size_t j = 0; j < v.size(); ++j) next[i] += a(i, j) * v[j];
    }
    const double length = norm(next);
    value = length / norm(v);
    if (length == 0.0) return 0.0;
    for (double& x : next) x /= length;
    v = std::move(next);
  }
  return value;
}

/// What variables.pick() reads. `source_row` of a part of self-attention is the pulled word itself.
GradientWish wish_of(PullFreedom freedom, const Input& pressed, const PullTarget& target) {
  const bool all_words = freedom == PullFreedom::all_words;
  const bool features = pressed.config.attend_over == AttendOver::features;
  GradientWish wish;
  wish.parameters.fill(false);
  const auto add = [&](ParameterId id) { wish.parameters[static_cast<std::size_t>(id)] = true; };
  if (freedom == PullFreedom::w_q_and_w_k) {
    add(ParameterId::w_q);
    add(ParameterId::w_k);
  } else if (freedom == PullFreedom::w_v) {
    add(ParameterId::w_v);
  }
  if (all_words || features) return wish;
  const bool moves_a_key = freedom == PullFreedom::this_word && !pressed.source;
  wish.source_row = moves_a_key ? target.row : pressed.key_x().rows();
  return wish;
}

}  // namespace

std::string_view name(Stiffness stiffness) {
  static constexpr std::array<std::string_view, 3> kNames = {"loose", "stiff", "saturated"};
  return kNames[static_cast<std::size_t>(stiffness)];
}

std::string_view name(PullObstacle obstacle) {
  static constexpr std::array<std::string_view, 7> kNames = {"none", "hidden", "no_rival", "after",
                                                             "flat", "hull",   "range"};
  return kNames[static_cast<std::size_t>(obstacle)];
}

std::string_view name(PullEnd end) {
  static constexpr std::array<std::string_view, 5> kNames = {"moving", "arrived", "nothing_free", "held_back",
                                                             "step_limit"};
  return kNames[static_cast<std::size_t>(end)];
}

void check_goal(const PullTarget& target, const std::vector<double>& goal) {
  if (goal.size() != target.size()) {
    throw std::invalid_argument(
        fmt::format("pull: expected a goal of {} numbers, found {}", target.size(), goal.size()));
  }
  if (!std::ranges::all_of(goal, [](double value) { return std::isfinite(value); })) {
    throw std::invalid_argument("pull: expected a goal of finite numbers, found one that is not");
  }
}

struct PullSolver::State {
  State(Input input, PullTarget target, PullFreedom freedom)
      : pressed(std::move(input)),
        whole_d(validate(pressed)),
        gauge_of_whole(pressed, whole_d, target),
        part(pressed, whole_d, target),
        pressed_part(part.of(pressed)),
        d(validate(pressed_part)),
        gauge(pressed_part, d, part.target()),
        variables(pressed, whole_d, freedom, target.row),
        wish(wish_of(freedom, pressed, target)),
        arrays(std::make_unique<Arrays<double>>()),
        trial_arrays(std::make_unique<Arrays<double>>()) {
    forward<double>(pressed_part, d, *arrays);
    if (part.narrows() && freedom == PullFreedom::this_word) {
      moving.queries = {0};
      if (!pressed.source) moving.keys = {target.row};
      trial_arrays->assign(*arrays);
    }
    report.target = std::move(target);
    report.freedom = freedom;
    report.start = gauge.values(*arrays);
    const bool over_tokens = pressed.config.attend_over == AttendOver::tokens;
    if (report.target.stage == Stage::weights && freedom == PullFreedom::w_q_and_w_k && over_tokens) {
      bound = limit_by_parameters(pressed, report.target.row, report.target.columns[0]);
    }
    report.range = reachable_range(pressed_part, d, part.target(), *arrays);
    restart(report.start);
  }

  /// The forward pass of a part. Where one word alone is free, the other keys are as at the press.
  void compute(const Input& input, Arrays<double>& into) const {
    if (moving.queries.empty()) return forward<double>(input, d, into);
    update<double>(input, moving, into);
  }

  void restart(std::vector<double> goal) {
    best = pressed;
    best_part = pressed_part;
    values = variables.pressed();
    compute(pressed_part, *arrays);
    goal_leads = gauge.leads_of_goal(goal);
    report.goal = std::move(goal);
    report.limit = bound && report.goal[0] > bound->bound ? bound : std::nullopt;
    report.end = PullEnd::moving;
    report.steps = 0;
    slow_steps = 0;
    // A word moves by about its own length at most at first; a projection by its own size.
    double size = 0.0;
    for (const float v : values) size += static_cast<double>(v) * static_cast<double>(v);
    largest_radius = 4.0 * (1.0 + std::sqrt(size));
    radius = largest_radius / 16.0;
    settle();
  }

  /// After every change of `arrays`: reads where the pull stands, and prepares the next step.
  void settle() {
    report.reached = gauge.values(*arrays);
    report.distance = norm(difference(report.goal, report.reached));
    report.moved = distance(values, variables.pressed());
    report.room = gauge.room(*arrays);
    // A projection of the values moves an output past any softmax.
    const bool past_softmax = report.freedom == PullFreedom::w_v && report.target.stage != Stage::weights;
    report.stiffness = past_softmax ? Stiffness::loose : gauge.stiffness(report.room);
    residual = difference(goal_leads, gauge.leads(*arrays));
    linearise();
    if (report.distance <= kTight * scale()) {
      report.end = PullEnd::arrived;
    } else if (slope_of_lead == 0.0) {
      report.end = within_reach() ? PullEnd::arrived : PullEnd::nothing_free;
    }
    say_why();
  }

  /// What keeps the pull from its goal.
  void say_why() {
    report.obstacle = PullObstacle::none;
    if (report.end == PullEnd::arrived) return;
    PullReport of_part = report;
    of_part.target = part.target();
    report.obstacle = obstacle_before(pressed_part, d, of_part, *arrays);
    if (report.end == PullEnd::nothing_free && report.obstacle == PullObstacle::none)
      report.obstacle = PullObstacle::flat;
  }

  void linearise() {
    const std::size_t m = gauge.size();
    jacobian.clear();
    for (std::size_t i = 0; i < m; ++i) {
      jacobian.push_back(variables.pick(
          part.whole_gradients(backward<double>(best_part, *arrays, gauge.seed(*arrays, i), wish))));
    }
    normal = MatrixD(m, m);
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j <= i; ++j) normal(i, j) = normal(j, i) = dot(jacobian[i], jacobian[j]);
    }
    slope_of_lead = std::sqrt(largest_eigenvalue(normal));
    report.give = slope_of_lead * gauge.slope(*arrays);
  }

  double scale() const {
    return report.target.stage == Stage::weights ? 1.0 : std::max(1.0, norm(report.goal));
  }
  bool within_reach() const { return report.distance <= kArrived * scale(); }

  /// The shortest step that removes the residual to first order, damped until it fits into the radius:
  /// Δ = Jᵀ (J Jᵀ + λ I)⁻¹ r.
  std::vector<double> step() const {
    double trace = 0.0;
    for (std::size_t i = 0; i < gauge.size(); ++i) trace += normal(i, i);
    std::vector<double> y;
    double damping = 1e-12 * trace;
    for (int tries = 0; tries < 60; ++tries, damping *= 10.0) {
      MatrixD damped = normal;
      for (std::size_t i = 0; i < gauge.size(); ++i) damped(i, i) += damping;
      y = solve(std::move(damped), residual);
      double squared = 0.0;
      for (std::size_t i = 0; i < gauge.size(); ++i) {
        for (std::size_t j = 0; j < gauge.size(); ++j) squared += y[i] * normal(i, j) * y[j];
      }
      if (squared <= radius * radius) break;
    }
    std::vector<double> delta(variables.size(), 0.0);
    for (std::size_t i = 0; i < gauge.size(); ++i) {
      for (std::size_t j = 0; j < delta.size(); ++j) delta[j] += y[i] * jacobian[i][j];
    }
    return delta;
  }

  /// The forward pass of a trial, or false where it leaves float32.
  bool compute_trial(const Input& input) {
    try {
      compute(input, *trial_arrays);
      return true;
    } catch (const RunError&) {
      return false;
    }
  }

  void stop_here() {
    report.end = within_reach() ? PullEnd::arrived : PullEnd::held_back;
    say_why();
  }

  void take_step() {
    ++report.steps;
    const std::vector<double> delta = step();
    std::vector<float> trial_values(values.size());
    bool moved = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      trial_values[i] = static_cast<float>(static_cast<double>(values[i]) + delta[i]);
      moved = moved || trial_values[i] != values[i];
      if (!std::isfinite(trial_values[i])) return shrink(delta);
    }
    if (!moved) return stop_here();  // shorter than float32 resolves

    Input trial = variables.with(trial_values);
    Input trial_part = part.of(trial);
    const double before = norm(residual);
    if (!compute_trial(trial_part)) return shrink(delta);
    const double after = norm(difference(goal_leads, gauge.leads(*trial_arrays)));
    if (!(after < before)) return shrink(delta);

    if (after < 0.75 * before) radius = std::min(2.0 * radius, largest_radius);
    slow_steps = after > (1.0 - kHardlyHelps) * before ? slow_steps + 1 : 0;
    std::swap(arrays, trial_arrays);
    values = std::move(trial_values);
    best = std::move(trial);
    best_part = std::move(trial_part);
    settle();
    if (report.end == PullEnd::moving && slow_steps == kSlowSteps) stop_here();
  }

  void shrink(const std::vector<double>& delta) {
    radius = std::min(radius, norm(delta)) / 4.0;
    if (radius < 1e-9 * largest_radius) stop_here();
  }

  Input pressed;
  Dimensions whole_d;
  PullGauge gauge_of_whole;  ///< a wrong target is refused in the words of the whole input
  PullPart part;
  Input pressed_part;
  Dimensions d;  ///< of the part
  PullGauge gauge;
  FreeVariables variables;
  GradientWish wish;
  MovedWords moving;  ///< of the part, where they are all that is free
  std::optional<PullLimit> bound;
  PullReport report;
  Input best;
  Input best_part;
  std::vector<float> values;                     ///< the free numbers of `best`
  std::unique_ptr<Arrays<double>> arrays;        ///< forward pass of `best`
  std::unique_ptr<Arrays<double>> trial_arrays;  ///< of the step being tried
  std::vector<double> goal_leads;
  std::vector<double> residual;               ///< what the leads lack
  std::vector<std::vector<double>> jacobian;  ///< d lead / d free, one row a lead
  MatrixD normal;                             ///< J Jᵀ
  double slope_of_lead = 0.0;                 ///< largest singular value of the Jacobian
  double radius = 0.0;                        ///< a step is at most this long
  double largest_radius = 0.0;
  int slow_steps = 0;
};

PullSolver::PullSolver(Input pressed, PullTarget target, PullFreedom freedom)
    : state_(std::make_unique<State>(std::move(pressed), std::move(target), freedom)) {}
PullSolver::~PullSolver() = default;
PullSolver::PullSolver(PullSolver&&) noexcept = default;
PullSolver& PullSolver::operator=(PullSolver&&) noexcept = default;

void PullSolver::set_goal(std::vector<double> goal) {
  check_goal(state_->report.target, goal);
  state_->restart(state_->gauge.possible(std::move(goal)));
}

bool PullSolver::advance(int max_steps, std::chrono::steady_clock::time_point deadline) {
  State& s = *state_;
  for (int i = 0; i < max_steps && s.report.end == PullEnd::moving; ++i) {
    if (std::chrono::steady_clock::now() >= deadline) break;
    s.take_step();
    if (s.report.end == PullEnd::moving && s.report.steps >= kMaxSteps) {
      s.report.end = s.within_reach() ? PullEnd::arrived : PullEnd::step_limit;
      s.say_why();
    }
  }
  return s.report.end == PullEnd::moving;
}

const Input& PullSolver::input() const { return state_->best; }
const PullReport& PullSolver::report() const { return state_->report; }

}  // namespace attn::session
