#include "app/gpu/measured_file.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <system_error>

#include "core/io/file.h"
#include "core/io/format_error.h"

namespace attn::gpu {
namespace {

constexpr std::uint64_t kMostFileBytes = 1 << 20;

/// In a field of a line: no tab, no end of line.
std::string one_field(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < ' '; }, ' ');
  return text;
}

}  // namespace

std::filesystem::path measured_file() {
  const auto folder_of = [](const char* variable) -> std::filesystem::path {
    const char* value = std::getenv(variable);
    const std::filesystem::path folder = value == nullptr ? "" : value;
    return folder.is_absolute() ? folder : std::filesystem::path();
  };
  const std::filesystem::path cache = folder_of("XDG_CACHE_HOME");
  if (!cache.empty()) return cache / "attentionscope" / "measured";
  const std::filesystem::path home = folder_of("HOME");
  return home.empty() ? home : home / ".cache" / "attentionscope" / "measured";
}

MeasuredFile::MeasuredFile(std::filesystem::path file) : file_(std::move(file)), values_(read()) {}

std::optional<std::string> MeasuredFile::find(const std::string& device, const std::string& what) const {
  const std::lock_guard lock(mutex_);
  const auto found = values_.find({one_field(device), one_field(what)});
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

void MeasuredFile::keep(const std::string& device, const std::string& what, const std::string& value) {
  const std::lock_guard lock(mutex_);
  values_.merge(read());
  values_.insert_or_assign({one_field(device), one_field(what)}, one_field(value));
  if (file_.empty()) return;
  std::string text;
  for (const auto& [key, kept] : values_) text += key.first + '\t' + key.second + '\t' + kept + '\n';
  try {
    std::error_code ignored;
    std::filesystem::create_directories(file_.parent_path(), ignored);
    io::write_file(file_, text);
  } catch (const io::FormatError&) {
    // No disk, no right to write: it is measured again at the next start.
  }
}

std::map<MeasuredFile::Key, std::string> MeasuredFile::read() const {
  std::map<Key, std::string> values;
  if (file_.empty()) return values;
  std::string text;
  try {
    text = io::read_file(file_, kMostFileBytes);
  } catch (const io::FormatError&) {
    return values;
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find('\t');
    const std::size_t second = first == std::string::npos ? first : line.find('\t', first + 1);
    if (second == std::string::npos) continue;
    values[{line.substr(0, first), line.substr(first + 1, second - first - 1)}] = line.substr(second + 1);
  }
  return values;
}

}  // namespace attn::gpu
