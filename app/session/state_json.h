#pragma once
// What the session shows, as JSON, so that a test or a tool can read what a person would see.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace attn::session {

class Session;

/// Stages with more numbers than this are given by their shape alone.
inline constexpr std::size_t kStateCells = 4096;

/// One object: revision, current, file, unsaved, document (tokens, x, parameters, settings), trace (each
/// small stage as heads × rows × columns, null for −∞), selection, head, playhead, pull, notices, history,
/// question, status. `widgets` is JSON text that the window adds under that name; empty: left out.
std::string state_json(const Session& session, std::string_view widgets = {});

/// Writes the state each time it changed, whole file or nothing, at most every `interval`.
class StateFile {
 public:
  explicit StateFile(std::filesystem::path path,
                     std::chrono::milliseconds interval = std::chrono::milliseconds(50));

  /// To be called every frame. True when it wrote the file. Throws std::runtime_error with one line when
  /// the file cannot be written.
  bool update(const Session& session, std::string_view widgets = {},
              std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());
  /// Whether a change waits for the interval to pass: the window must not fall asleep.
  bool waiting() const { return waiting_; }

 private:
  std::filesystem::path path_;
  std::chrono::milliseconds interval_;
  std::optional<std::chrono::steady_clock::time_point> written_at_;
  std::string written_;
  bool waiting_ = false;
};

}  // namespace attn::session
