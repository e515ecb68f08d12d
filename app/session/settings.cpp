#include "app/session/settings.h"
#include "app/session/file_message.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/io/file.h"
#include "core/io/format_error.h"

namespace attn::session {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxFileBytes = 1 << 16;

std::string environment(const char* variable) {
  const char* const value = std::getenv(variable);
  return value ? value : "";
}

/// Reads one field where the file has it; anything but what `is` accepts makes the file unusable.
template <class T, class Condition>
void read(const json& object, const char* key, Condition is, T& value) {
  const auto found = object.find(key);
  if (found == object.end()) return;
  if (!is(*found)) throw std::runtime_error(key);
  value = found->template get<T>();
}

template <class Enum, std::size_t n>
void read_word(const json& object, const char* key, const std::array<Enum, n>& words, Enum& value) {
  std::string word(name(value));
  read(
      object, key, [](const json& j) { return j.is_string(); }, word);
  const auto found = std::ranges::find_if(words, [&](Enum e) { return name(e) == word; });
  if (found == words.end()) throw std::runtime_error(key);
  value = *found;
}

/// Throws std::runtime_error naming the field that cannot be used. Fields that are not known are left
/// alone: a newer version may have written them.
Settings parse(const std::string& text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) throw std::runtime_error("JSON");
  Settings s = default_settings();
  read_word(object, "theme", std::array{Theme::system, Theme::light, Theme::dark}, s.theme);
  read_word(object, "language", std::array{Language::en, Language::zh}, s.language);
  const auto is_decimals = [](const json& j) {
    return j.is_number_unsigned() && j.get<std::uint64_t>() <= Settings::kMaxDecimals;
  };
  read(object, "decimals", is_decimals, s.decimals);
  read(
      object, "reduced_motion", [](const json& j) { return j.is_boolean(); }, s.reduced_motion);
  const auto is_speed = [](const json& j) {
    return j.is_number() && j.get<double>() >= Settings::kMinSpeed && j.get<double>() <= Settings::kMaxSpeed;
  };
  read(object, "speed", is_speed, s.speed);
  const auto is_list_of_paths = [](const json& j) {
    return j.is_array() && j.size() <= Settings::kMostRecentFiles &&
           std::ranges::all_of(j, [](const json& path) { return path.is_string(); });
  };
  read(object, "recent_files", is_list_of_paths, s.recent_files);
  read_word(object, "framework", std::array{Framework::numpy, Framework::pytorch, Framework::tensorflow},
            s.framework);
  read_word(object, "query_axis", std::array{QueryAxis::rows, QueryAxis::columns}, s.query_axis);
  read_word(object, "vector_form", std::array{VectorForm::row, VectorForm::column}, s.vector_form);
  read(
      object, "exact_numbers", [](const json& j) { return j.is_boolean(); }, s.exact_numbers);
  read(
      object, "performance_shown", [](const json& j) { return j.is_boolean(); }, s.performance_shown);
  if (object.contains("memory_megabytes")) {
    const auto is_megabytes = [](const json& j) {
      return j.is_number_unsigned() && j.get<std::uint64_t>() >= Settings::kLeastMegabytes &&
             j.get<std::uint64_t>() <= Settings::kMostMegabytes;
    };
    read(object, "memory_megabytes", is_megabytes, s.memory_megabytes.emplace());
  }
  return s;
}

}  // namespace

std::string_view name(Framework framework) {
  static constexpr std::array<std::string_view, 3> kNames = {"numpy", "pytorch", "tensorflow"};
  return kNames[static_cast<std::size_t>(framework)];
}
std::string_view name(QueryAxis axis) { return axis == QueryAxis::columns ? "columns" : "rows"; }
std::string_view name(VectorForm form) { return form == VectorForm::column ? "column" : "row"; }

std::string_view name(Theme theme) {
  static constexpr std::array<std::string_view, 3> kNames = {"system", "light", "dark"};
  return kNames[static_cast<std::size_t>(theme)];
}

std::string_view name(Language language) { return language == Language::zh ? "zh" : "en"; }

std::size_t usual_megabytes() {
  constexpr std::size_t kLeast = 1024;
  constexpr std::size_t kMost = 8192;
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGE_SIZE);
  if (pages <= 0 || page <= 0) return kLeast;
  const auto all = static_cast<std::size_t>(pages) / 4 * static_cast<std::size_t>(page);
  return std::clamp(all >> 20, kLeast, kMost);
}

std::uint64_t memory_limit(const Settings& settings) {
  return static_cast<std::uint64_t>(settings.memory_megabytes.value_or(usual_megabytes())) << 20;
}

Settings default_settings() {
  Settings settings;
  for (const char* variable : {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::string value = environment(variable);
    if (value.empty()) continue;
    if (value.starts_with("zh")) settings.language = Language::zh;
    break;
  }
  return settings;
}

std::filesystem::path settings_file() {
  // A relative XDG_CONFIG_HOME is to be ignored, says the XDG base directory specification.
  std::filesystem::path folder = environment("XDG_CONFIG_HOME");
  if (!folder.is_absolute()) {
    const std::filesystem::path home = environment("HOME");
    if (home.empty()) return {};
    folder = home / ".config";
  }
  return folder / "attentionscope" / "settings.json";
}

LoadedSettings load_settings(const std::filesystem::path& file) {
  std::error_code error;
  if (file.empty() || !std::filesystem::exists(file, error)) return {default_settings(), std::nullopt};
  try {
    return {parse(io::read_file(file, kMaxFileBytes)), std::nullopt};
  } catch (const io::FormatError& problem) {
    return {default_settings(), Notice{Severity::warning, file_message(problem.what())}};
  } catch (const std::runtime_error& field) {
    return {default_settings(),
            Notice{Severity::warning, message("{0}: not understood ({1}); the usual settings are used",
                                              {file.string(), field.what()})}};
  }
}

void save_settings(const std::filesystem::path& file, const Settings& settings) {
  json object = {{"theme", name(settings.theme)},
                 {"language", name(settings.language)},
                 {"decimals", settings.decimals},
                 {"reduced_motion", settings.reduced_motion},
                 {"speed", settings.speed},
                 {"framework", name(settings.framework)},
                 {"query_axis", name(settings.query_axis)},
                 {"vector_form", name(settings.vector_form)},
                 {"exact_numbers", settings.exact_numbers},
                 {"performance_shown", settings.performance_shown},
                 {"recent_files", settings.recent_files}};
  if (settings.memory_megabytes) object["memory_megabytes"] = *settings.memory_megabytes;
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);  // a failure shows in writing
  io::write_file(file, object.dump(2) + "\n");
}

}  // namespace attn::session
