#pragma once
// What was measured on this machine, kept from one start to the next: a small text file.

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace attn::gpu {

/// $XDG_CACHE_HOME/attentionscope/measured, else below ~/.cache; empty where there is neither.
std::filesystem::path measured_file();

/// Lines "device <tab> what <tab> value". Any thread may call.
///
/// A file that is missing, too large or not of this form counts as empty, line by line; one that cannot be
/// written leaves what was measured to this object alone. Another program may write the same file meanwhile:
/// what it has is read again before every write.
class MeasuredFile {
 public:
  /// An empty path keeps everything in memory.
  explicit MeasuredFile(std::filesystem::path file = {});
  /// What was kept last. `device` names driver and version too, so that another one measures anew.
  std::optional<std::string> find(const std::string& device, const std::string& what) const;
  void keep(const std::string& device, const std::string& what, const std::string& value);

 private:
  using Key = std::pair<std::string, std::string>;
  std::map<Key, std::string> read() const;

  std::filesystem::path file_;
  mutable std::mutex mutex_;
  std::map<Key, std::string> values_;
};

}  // namespace attn::gpu
