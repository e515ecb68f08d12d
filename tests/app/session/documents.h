#pragma once
// Documents, sessions and folders that the tests of the session start from.

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "app/session/document.h"
#include "app/session/edit.h"
#include "app/session/message.h"
#include "app/session/session.h"
#include "core/attention/attention.h"
#include "core/io/scenario.h"
#include "tests/support/inputs.h"

namespace attn::tests {

inline session::Document document_of(Input input) {
  io::Scenario scenario;
  scenario.input = std::move(input);
  return session::Document(std::move(scenario));
}

/// What a person reads who tries this edit and is refused; empty where it is possible.
inline std::string refusal(const session::Document& document, const session::Edit& edit) {
  const auto problem = session::problem_of(document, edit);
  return problem ? session::english(*problem) : "";
}

/// A parameter that the document has.
inline Matrix matrix(const session::Document& document, ParameterId id) {
  return document.input().parameters[id]->dense();
}

inline void write(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

/// The attention weight of one cell, computed here and now.
inline double weight(const session::Document& document, std::size_t head, std::size_t query,
                     std::size_t key) {
  Arrays<float> arrays;
  forward(document.input(), document.dimensions(), arrays);
  return static_cast<double>(arrays.head(Stage::weights, head)(query, key));
}

/// All numbers of one stage, computed here and now.
inline std::vector<float> values_of(const session::Document& document, Stage stage) {
  Arrays<float> arrays;
  forward(document.input(), document.dimensions(), arrays);
  const std::span<const float> all = arrays.all(stage);
  return {all.begin(), all.end()};
}

/// x1, x2, x3 at (1,2), (2,3), (3,4).
inline session::Document three_word_document() { return document_of(three_words()); }

/// Everything computed on the calling thread, settings kept nowhere.
inline session::SessionOptions direct_options() {
  const std::shared_ptr<Backend> cpu = make_cpu_backend();
  session::SessionOptions options;
  options.backends = {cpu};
  options.runner.direct = cpu;
  return options;
}

/// Posts and applies in one frame.
inline void act(session::Session& s, session::Action action) {
  s.post(std::move(action));
  s.apply_posted();
}

/// One number of x.
inline float x(const session::Session& s, std::size_t row, std::size_t column) {
  return s.document().input().x(row, column);
}

/// One number of the trace, which must be that of the document.
inline float cell(const session::Session& s, const CellRef& c) {
  REQUIRE(s.trace_is_current());
  return s.trace()->read_cell(c).values(0, 0);
}

/// Two words on the axes, as a file.
inline constexpr const char* kTwoWords =
    R"({"format": "attention-scenario", "version": 1, "tokens": ["a", "b"], "x": [[1, 0], [0, 1]]})";

/// A folder of its own for a test; gone afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() / fmt::format("attn_session_{}_{}", getpid(), count++);
    std::filesystem::create_directories(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A variable of the environment for the length of a test; no value: it is not set.
class Variable {
 public:
  Variable(const char* name, std::optional<std::string> value) : name_(name) {
    if (const char* const before = std::getenv(name)) before_ = before;
    set(value);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { set(before_); }

 private:
  void set(const std::optional<std::string>& value) {
    if (value) {
      setenv(name_, value->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace attn::tests
