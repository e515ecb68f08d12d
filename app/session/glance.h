#pragma once
// A small look into a file or an example before it is opened: title, words, attention weights of the first
// heads. Computed by the program, off the window's thread, and only where it takes a moment.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/session/message.h"
#include "core/attention/matrix.h"
#include "core/io/scenario.h"

namespace attn::session {

struct GlanceLimits {
  std::uint64_t file_bytes = std::uint64_t{64} << 20;
  double operations = 1.0e9;  ///< of the forward pass
  std::uint64_t trace_bytes = std::uint64_t{512} << 20;
  std::size_t heads = 4;
};

struct Glance {
  io::LocalisedText title;
  io::LocalisedText description;
  std::optional<Input> input;  ///< absent where there is a problem
  Dimensions dimensions;
  std::vector<Matrix> weights;  ///< of the first heads
  std::vector<Message> notes;   ///< of an import
  std::optional<Message> problem;
  bool other_kind = false;  ///< the problem: a file that never was meant as a scenario
};

/// Runs the scenario on the CPU. Never throws: what is wrong or too large is the glance's `problem`.
Glance glance_of(io::Scenario scenario, const GlanceLimits& limits = {});
/// The same of a file, scenario or arrays.
Glance glance_of(const std::filesystem::path& file, const GlanceLimits& limits = {});

/// One thread that makes glances one after the other and keeps them.
class Glances {
 public:
  Glances();
  ~Glances();  ///< waits for the one that is being made
  Glances(const Glances&) = delete;
  Glances& operator=(const Glances&) = delete;

  /// The glance under this key, or null while it is being made by calling `make` on the thread. What was
  /// asked for last is made first.
  std::shared_ptr<const Glance> get(const std::string& key, const std::function<Glance()>& make);
  /// The glance of a file as it is now: a changed file has another.
  std::shared_ptr<const Glance> of_file(const std::filesystem::path& file);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<std::string, std::function<Glance()>>> waiting_;
  std::map<std::string, std::shared_ptr<const Glance>> made_;
  std::string making_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace attn::session
