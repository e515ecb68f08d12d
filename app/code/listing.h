#pragma once
// A scenario as a complete Python program: its numbers, then one statement a stage, the stage's name its
// variable. The program computes what the engine computes, in float32, with what people use: NumPy, PyTorch,
// TensorFlow.

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/message.h"
#include "app/session/settings.h"
#include "core/attention/stage.h"
#include "core/io/scenario.h"

namespace attn::code {

using session::Framework;
inline constexpr std::array<Framework, 3> kFrameworks = {Framework::numpy, Framework::pytorch,
                                                         Framework::tensorflow};

std::string_view title(Framework framework);  ///< "NumPy", "PyTorch", "TensorFlow"
/// Nothing where there is none of that name.
std::optional<Framework> framework_from_name(std::string_view name);

/// A line of the program. Every line that a stage needs, helpers and comments above it included, names it;
/// imports, numbers and definitions of functions belong to none.
struct Line {
  std::string text;
  std::optional<Stage> stage{};
  bool operator==(const Line&) const = default;
};

struct Listing {
  std::vector<Line> lines;
  /// Whether numbers are read from Options::data_file, because they are too many to stand in the program.
  bool needs_data = false;

  /// The file: every line with its "\n".
  std::string text() const;
  /// The lines [first, last) of a stage; empty where the program has none.
  struct Range {
    std::size_t first = 0;
    std::size_t last = 0;
    bool operator==(const Range&) const = default;
  };
  Range lines_of(Stage stage) const;
};

struct Options {
  Framework framework = Framework::numpy;
  std::string language = "en";  ///< of the scenario's title
  /// What `trace -o` writes, beside the program: where long matrices are read from.
  std::string data_file = "scenario.npz";
  /// The comments in the reader's language.
  std::function<std::string(const session::Message&)> say = session::english;
};

/// A matrix with more numbers or longer rows is read from the data file.
inline constexpr std::size_t kMostNumbers = 256;
inline constexpr std::size_t kMostColumns = 16;

/// The scenario's input must have passed validate().
Listing write_listing(const io::Scenario& scenario, const Options& options);

}  // namespace attn::code
