#include "app/session/engine_runner.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "app/session/engine_worker.h"

namespace attn::session {

double estimated_operations(const Input& input, const Dimensions& d) {
  // An exponential or a tangent costs about this many multiplications.
  constexpr double kTranscendental = 10.0;
  const auto n = static_cast<double>(d.n_queries);
  const auto m = static_cast<double>(d.n_keys);
  const auto h = static_cast<double>(d.n_heads);
  const auto g = static_cast<double>(d.n_kv_heads);
  const auto d_k = static_cast<double>(d.d_k);
  const auto d_v = static_cast<double>(d.d_v);
  const auto d_model = static_cast<double>(d.d_model);
  const auto d_source = static_cast<double>(d.d_source);
  if (input.config.attend_over == AttendOver::features) {
    return 5.0 * n * d_model * d_model + kTranscendental * d_model * d_model;
  }
  const double projections = n * d_model * h * d_k + m * d_source * g * (d_k + d_v);
  const double of_a_score =
      input.config.score == Score::additive ? kTranscendental * static_cast<double>(d.d_additive) : d_k;
  const double attention = h * n * m * (of_a_score + d_v + 2.0 * kTranscendental);
  const double output = n * static_cast<double>(d.d_concat) * static_cast<double>(d.d_out);
  return projections + attention + output;
}

EngineRunner::EngineRunner(std::vector<std::shared_ptr<Backend>> backends, RunnerOptions options)
    : options_(std::move(options)) {
  if (backends.empty())
    throw std::invalid_argument("engine runner: expected at least one backend, found none");
  worker_ = std::make_unique<Worker>(std::move(backends), options_);
}

EngineRunner::~EngineRunner() = default;

void EngineRunner::request(const Document& document, std::uint64_t revision, bool preview) {
  requested_ = revision;
  preview_.reset();
  if (preview) movements_.push_back({revision, Clock::now()});
  if (options_.direct &&
      estimated_operations(document.input(), document.dimensions()) <= options_.direct_operations &&
      run_directly(document.input(), revision)) {
    worker_->cancel();  // whatever it computes is older
    return;
  }
  if (preview) preview_ = document;
  worker_->submit({document.input(), revision, preview, options_.memory_limit});
}

void EngineRunner::settle_preview() {
  if (!preview_) return;
  const Document document = *std::exchange(preview_, std::nullopt);
  const bool answered_in_full = answered_ == requested_ && !facts_.updated;
  if (!answered_in_full && requested_ > forgotten_)
    worker_->submit({document.input(), requested_, false, options_.memory_limit});
}

bool EngineRunner::run_directly(const Input& input, std::uint64_t revision) {
  Backend& backend = *options_.direct;
  try {
    RunOptions run;
    run.memory_limit = options_.memory_limit;
    run.revision = revision;
    run.measures = true;
    run.wake = options_.wake;
    take(revision, backend.run(input, run), backend.name(), backend.description());
  } catch (const BackendLost& lost) {
    status_.lost.push_back({backend.name(), lost.what()});
    options_.direct.reset();
    return false;
  } catch (const std::exception& problem) {
    fail(revision, problem.what());
  }
  return true;
}

void EngineRunner::take(std::uint64_t revision, RunResult result, std::string backend,
                        std::string description) {
  answered_ = revision;
  facts_.updated = result.updated;
  facts_.times = std::move(result.times);
  const auto movement = std::ranges::find(movements_, revision, &Movement::revision);
  if (movement != movements_.end())
    facts_.drag_seconds = std::chrono::duration<double>(Clock::now() - movement->since).count();
  std::erase_if(movements_, [&](const Movement& m) { return m.revision <= revision; });
  trace_ = std::move(result.trace);
  status_.backend = std::move(backend);
  status_.description = std::move(description);
  status_.on_cpu = std::move(result.on_cpu);
  status_.error.reset();
}

void EngineRunner::fail(std::uint64_t revision, std::string error) {
  answered_ = revision;
  facts_ = {};
  std::erase_if(movements_, [&](const Movement& m) { return m.revision <= revision; });
  status_.error = std::move(error);
}

bool EngineRunner::is_news(std::uint64_t revision, bool updated) const {
  if (revision <= forgotten_) return false;
  return revision > answered_ || (revision == answered_ && facts_.updated && !updated);
}

bool EngineRunner::collect() {
  bool changed = false;
  for (LostBackend& lost : worker_->take_lost()) {
    status_.lost.push_back(std::move(lost));
    changed = true;
  }
  std::optional<Worker::Outcome> outcome = worker_->take_outcome();
  if (!outcome || !is_news(outcome->revision, outcome->result && outcome->result->updated)) return changed;
  if (outcome->result) {
    take(outcome->revision, std::move(*outcome->result), std::move(outcome->backend),
         std::move(outcome->description));
  } else {
    fail(outcome->revision, std::move(*outcome->error));
  }
  return true;
}

void EngineRunner::cancel() {
  forgotten_ = requested_;
  worker_->cancel();
}

void EngineRunner::wait() {
  worker_->wait_until_idle();
  collect();
}

RunnerStatus EngineRunner::status() const {
  RunnerStatus status = status_;
  status.computing = requested_ > answered_ && requested_ > forgotten_;
  status.stopped = requested_ > answered_ && requested_ <= forgotten_;
  if (status.computing) status.fraction = worker_->fraction();
  return status;
}

}  // namespace attn::session
