#pragma once
// What a person prefers, whatever is open: kept in a file of its own, not undone.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/message.h"

namespace attn::session {

enum class Theme { system, light, dark };
enum class Language { en, zh };

/// What code is written in.
enum class Framework { numpy, pytorch, tensorflow };
/// Whether the queries of a score are its rows, as in QKᵀ, or its columns, as in KᵀQ of column vectors.
enum class QueryAxis { rows, columns };
/// Whether a vector is a row, q = x W, or a column, q = Wᵀ x.
enum class VectorForm { row, column };

std::string_view name(Framework framework);  ///< "numpy", "pytorch", "tensorflow"
std::string_view name(QueryAxis axis);       ///< "rows", "columns"
std::string_view name(VectorForm form);      ///< "row", "column"
std::string_view name(Theme theme);          ///< "system", "light", "dark"
std::string_view name(Language language);    ///< "en", "zh": the tag in scenario files and catalogues

struct Settings {
  static constexpr int kMinDecimals = 0;
  static constexpr int kMaxDecimals = 8;
  static constexpr std::size_t kMostRecentFiles = 12;
  static constexpr double kMinSpeed = 0.25;
  static constexpr double kMaxSpeed = 32.0;
  static constexpr std::size_t kLeastMegabytes = 64;
  static constexpr std::size_t kMostMegabytes = std::size_t{1} << 20;

  Theme theme = Theme::system;
  Language language = Language::en;
  int decimals = 4;             ///< of every number on screen
  bool reduced_motion = false;  ///< nothing moves that need not
  double speed = 1.0;           ///< of the step-through
  /// Absolute paths, the newest first.
  std::vector<std::string> recent_files = {};
  Framework framework = Framework::numpy;
  QueryAxis query_axis = QueryAxis::rows;
  VectorForm vector_form = VectorForm::row;
  bool exact_numbers = false;      ///< fractions and roots where a number has such a form
  bool performance_shown = false;  ///< the card of times and memory lies over the window
  /// What a trace may take, in units of 2^20 bytes; absent: usual_megabytes().
  std::optional<std::size_t> memory_megabytes = std::nullopt;
  bool operator==(const Settings&) const = default;
};

/// A quarter of this machine's memory, between 1024 and 8192.
std::size_t usual_megabytes();
/// What a trace may take, in bytes.
std::uint64_t memory_limit(const Settings& settings);

/// Defaults with the language that LANGUAGE, LC_ALL, LC_MESSAGES or LANG asks for, the first that is set.
Settings default_settings();

/// $XDG_CONFIG_HOME/attentionscope/settings.json, else below ~/.config; empty where there is neither.
std::filesystem::path settings_file();

struct LoadedSettings {
  Settings settings;
  std::optional<Notice> notice;  ///< set when the file could not be used: the settings are the defaults
};
/// A file that is not there gives the defaults without a notice.
LoadedSettings load_settings(const std::filesystem::path& file);
/// Whole file or nothing; makes the folder. Throws std::runtime_error with one line.
void save_settings(const std::filesystem::path& file, const Settings& settings);

}  // namespace attn::session
