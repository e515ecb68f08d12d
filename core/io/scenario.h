#pragma once
// Scenario files: everything the engine needs, as teachers write it. README.md in this folder describes
// every field. Golden cases are scenarios together with what must come out.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/attention/input.h"
#include "core/attention/matrix.h"
#include "core/io/format_error.h"
#include "core/io/generator.h"

namespace attn::io {

/// A text in one language or several. Plain text, without a language, is stored under the empty tag.
struct LocalisedText {
  std::map<std::string, std::string> by_language;

  static LocalisedText plain(std::string text);
  /// The text for a tag such as "zh" or "zh-CN": that of the tag, of its first part, English, then any.
  std::string in(std::string_view language) const;
  bool empty() const { return by_language.empty(); }
  bool operator==(const LocalisedText&) const = default;
};

/// What was generated, and what came of it: written as the generator as long as nothing has been changed.
struct Generated {
  std::optional<std::pair<LabelGenerator, Tokens>> tokens;
  std::optional<std::pair<VectorGenerator, SharedMatrix>> x;
};

struct Scenario {
  LocalisedText title;
  LocalisedText description;
  std::shared_ptr<const std::vector<std::string>> feature_names;  ///< d_model labels; null when absent
  attn::Input input;
  Generated generated;         ///< of tokens and x
  Generated generated_source;  ///< of the source
  // JSON objects that the engine keeps and ignores; empty when absent.
  std::string view_json;        ///< what the window wants to remember
  std::string lock_json;        ///< what a lesson locks
  std::string extensions_json;  ///< what others add
};

/// What a file may ask for; more is refused while it is read.
struct ParseLimits {
  std::uint64_t file_bytes = std::uint64_t{1} << 30;
  std::size_t tokens = 65536;  ///< a side
  std::size_t d_model = 16384;
  std::size_t heads = 256;
  std::size_t label_bytes = 256;
  std::size_t nesting = 32;
  std::uint64_t memory_bytes = std::uint64_t{4} << 30;  ///< that the values take once read
};

/// An array of a golden case, row by row; −∞ stands where the file has null.
struct NamedArray {
  std::vector<std::size_t> dims;
  std::vector<double> values;
};

/// A scenario and what it must give, computed elsewhere in float64.
struct GoldenCase {
  std::string name;
  std::string note;
  Scenario scenario;
  std::map<std::string, NamedArray> expected;  ///< by stage ("weights") or gradient ("grad_x")
  std::optional<Matrix> seed_gradient;         ///< dL/d(output), [n_queries, d_out]
};

using ScenarioFile = std::variant<Scenario, GoldenCase>;

/// Reads a scenario or a golden case, whichever `text` is. `file_name` is for messages; `directory` is
/// where {"npy": "file"} is looked for. What comes back has passed attn::validate().
/// Throws FormatError with one line; nothing partly read is ever returned.
ScenarioFile parse_scenario_file(std::string_view text, std::string_view file_name,
                                 const std::filesystem::path& directory, const ParseLimits& limits = {});
ScenarioFile load_scenario_file(const std::filesystem::path& path, const ParseLimits& limits = {});

/// The same for who only wants the scenario: of a golden case, its scenario.
Scenario parse_scenario(std::string_view text, std::string_view file_name,
                        const std::filesystem::path& directory, const ParseLimits& limits = {});
Scenario load_scenario(const std::filesystem::path& path, const ParseLimits& limits = {});

/// The same for who needs a golden case: a plain scenario is refused.
GoldenCase load_golden(const std::filesystem::path& path, const ParseLimits& limits = {});

/// The scenario as JSON for people: one row of a matrix on a line, settings that have their default left
/// out, float32 numbers in the shortest form that reads back to the same bits.
/// Throws std::invalid_argument where a text is not UTF-8, a number is not finite or one of the kept
/// objects is no JSON object: such a file could not be read again.
std::string write_scenario(const Scenario& scenario);

/// write_scenario() into a file, whole or not at all: on failure the old file is untouched.
/// Throws FormatError when the file cannot be written, std::invalid_argument as above.
void save_scenario(const std::filesystem::path& path, const Scenario& scenario);

}  // namespace attn::io
