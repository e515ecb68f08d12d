#include "app/session/glance.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "app/session/engine_runner.h"
#include "app/session/file_message.h"
#include "app/session/folder.h"
#include "app/session/import.h"
#include "core/attention/attention.h"

namespace attn::session {
namespace {

constexpr std::size_t kMostKept = 256;

void compute(Glance& glance, const GlanceLimits& limits) {
  const Input& input = *glance.input;
  const Dimensions& d = glance.dimensions;
  const bool large = estimated_operations(input, d) > limits.operations ||
                     trace_bytes(input, d, sizeof(float)) > limits.trace_bytes;
  if (large) {
    glance.problem =
        message("Too large to be shown before it is opened: {0} heads of {1} × {2}.",
                {std::to_string(d.n_heads), std::to_string(d.n_queries), std::to_string(d.n_keys)});
    return;
  }
  Arrays<float> arrays;
  forward(input, d, arrays);
  const std::size_t heads = std::min(arrays.shape(Stage::weights).heads, limits.heads);
  for (std::size_t h = 0; h < heads; ++h) {
    const MatrixView<const float> from = std::as_const(arrays).head(Stage::weights, h);
    Matrix weights(from.rows, from.columns);
    for (std::size_t i = 0; i < from.rows; ++i) std::ranges::copy(from.row(i), weights.row(i).begin());
    glance.weights.push_back(std::move(weights));
  }
}

/// Every scenario names its format, however wrong the rest of it is.
bool names_the_format(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  return text.find("\"attention-scenario\"") != std::string::npos;
}

}  // namespace

Glance glance_of(io::Scenario scenario, const GlanceLimits& limits) {
  Glance glance;
  glance.title = std::move(scenario.title);
  glance.description = std::move(scenario.description);
  try {
    glance.dimensions = validate(scenario.input);
    glance.input = std::move(scenario.input);
    compute(glance, limits);
  } catch (const std::exception& problem) {
    glance.problem = file_message(problem.what());
  }
  return glance;
}

Glance glance_of(const std::filesystem::path& file, const GlanceLimits& limits) {
  Glance glance;
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(file, error);
  if (!error && bytes > limits.file_bytes) {
    glance.problem = message("Too large to be shown before it is opened: {0}.", {size_text(bytes)});
    return glance;
  }
  try {
    if (!is_array_file(file)) return glance_of(io::load_scenario(file), limits);
    Imported imported =
        import_files(std::span(&file, 1), {.heads = std::nullopt, .open = std::nullopt, .compare = false});
    glance = glance_of(std::move(imported.scenario), limits);
    glance.notes = std::move(imported.notes);
  } catch (const std::exception& problem) {
    glance.problem = file_message(problem.what());
    if (!is_array_file(file) && std::filesystem::is_regular_file(file, error) && !names_the_format(file)) {
      glance.problem = message("A file of another kind: nowhere does it say {0}.", {"attention-scenario"});
      glance.other_kind = true;
    }
  }
  return glance;
}

Glances::Glances() : thread_([this] { work(); }) {}

Glances::~Glances() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::shared_ptr<const Glance> Glances::get(const std::string& key, const std::function<Glance()>& make) {
  const std::lock_guard lock(mutex_);
  if (const auto found = made_.find(key); found != made_.end()) return found->second;
  if (making_ == key) return nullptr;
  const auto queued =
      std::ranges::find(waiting_, key, &std::pair<std::string, std::function<Glance()>>::first);
  if (queued != waiting_.end()) return nullptr;
  waiting_.emplace_back(key, make);
  changed_.notify_all();
  return nullptr;
}

std::shared_ptr<const Glance> Glances::of_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  const auto time = std::filesystem::last_write_time(file, error).time_since_epoch().count();
  return get(fmt::format("file {} {} {}", bytes, time, file.string()), [file] { return glance_of(file); });
}

void Glances::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stop_ || !waiting_.empty(); });
    if (stop_) return;
    auto [key, make] = std::move(waiting_.back());
    waiting_.pop_back();
    making_ = key;
    lock.unlock();
    auto glance = std::make_shared<const Glance>(make());
    lock.lock();
    if (made_.size() >= kMostKept) made_.clear();
    made_[key] = std::move(glance);
    making_.clear();
  }
}

}  // namespace attn::session
