#pragma once
// Whole files in and out of memory. Writing is all or nothing: a reader of the path sees the old file or
// the new one, never a part.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace attn::io {

/// The bytes of a file, or of anything else that can be read to its end.
/// Throws FormatError ("FILE: expected a file that can be read, found …") if it cannot be read or has
/// more than `max_bytes`.
std::string read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// A new file beside `target` that takes its place when it is complete.
/// Everything throws FormatError naming the target, and leaves the old file as it was.
class PendingFile {
 public:
  /// Makes an empty file in the target's folder; a link is followed, so that the file it names is replaced.
  explicit PendingFile(const std::filesystem::path& target);
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  /// Removes the new file unless commit() succeeded.
  ~PendingFile();

  const std::filesystem::path& path() const { return pending_; }
  void write(std::string_view bytes);
  /// Puts the new file, whoever wrote it, on the disk and in the target's place.
  void commit();

 private:
  [[noreturn]] void fail(const char* what, int error_number) const;

  std::filesystem::path shown_;
  std::filesystem::path target_;
  std::filesystem::path pending_;
  std::optional<unsigned> old_mode_;  ///< permissions of the file to be replaced
  bool committed_ = false;
};

/// The bytes as the whole content of `path`. Throws FormatError; the old file then stays.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace attn::io
