#include "core/io/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "core/io/format_error.h"
#include "core/io/text.h"

namespace attn::io {
namespace {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  bool valid() const { return number_ >= 0; }

 private:
  int number_;
};

std::string shown(const std::filesystem::path& path) { return printable(path.string(), 300); }

std::string system_message(int error_number) { return std::generic_category().message(error_number); }

}  // namespace

std::string read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  const auto refuse = [&](const std::string& expected, const std::string& found) {
    throw FormatError(fmt::format("{}: expected {}, found {}", shown(path), expected, found));
  };
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) refuse("a file that can be read", system_message(errno));
  const std::string limit = fmt::format("a file of at most {} bytes", max_bytes);
  struct stat status {};
  std::string bytes;
  if (::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode)) {
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > max_bytes) refuse(limit, fmt::format("{}", size));
    bytes.reserve(size + 1);
  }
  constexpr std::size_t kChunk = std::size_t{1} << 16;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kChunk);
    const ssize_t got = ::read(file.get(), bytes.data() + before, kChunk);
    if (got < 0 && errno == EINTR) {
      bytes.resize(before);
      continue;
    }
    if (got < 0) refuse("a file that can be read", system_message(errno));
    bytes.resize(before + static_cast<std::size_t>(got));
    if (got == 0) return bytes;
    if (bytes.size() > max_bytes) refuse(limit, "more");
  }
}

PendingFile::PendingFile(const std::filesystem::path& target) : shown_(target), target_(target) {
  std::error_code error;
  if (std::filesystem::is_symlink(target, error)) {
    const auto resolved = std::filesystem::weakly_canonical(target, error);
    if (error) fail("cannot follow the link", error.value());
    target_ = resolved;
  }
  struct stat old {};
  if (::stat(target_.c_str(), &old) == 0) {
    // Taking the place of a device or a pipe would destroy it.
    if (S_ISDIR(old.st_mode)) fail("cannot be written", EISDIR);
    if (!S_ISREG(old.st_mode)) fail("cannot be replaced, it is no ordinary file", EINVAL);
    if (::access(target_.c_str(), W_OK) != 0) fail("cannot be written", errno);
    old_mode_ = old.st_mode & 07777;
  }
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto name = fmt::format(".{}.{}-{}.new", target_.filename().string(), ::getpid(), attempt);
    const auto candidate = target_.parent_path() / name;
    const Descriptor file(::open(candidate.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file.valid()) {
      pending_ = candidate;
      return;
    }
    if (errno != EEXIST) break;
  }
  fail("cannot be written", errno);
}

PendingFile::~PendingFile() {
  if (!committed_ && !pending_.empty()) ::unlink(pending_.c_str());
}

void PendingFile::fail(const char* what, int error_number) const {
  throw FormatError(fmt::format("{}: {}: {}", shown(shown_), what, system_message(error_number)));
}

void PendingFile::write(std::string_view bytes) {
  const Descriptor file(::open(pending_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!file.valid()) fail("cannot be written", errno);
  while (!bytes.empty()) {
    const ssize_t done = ::write(file.get(), bytes.data(), std::min(bytes.size(), std::size_t{1} << 24));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail("cannot be written", errno);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

void PendingFile::commit() {
  const Descriptor file(::open(pending_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) fail("cannot be written", errno);
  if (old_mode_ && ::fchmod(file.get(), *old_mode_) != 0) fail("cannot be given its permissions", errno);
  if (::fsync(file.get()) != 0) fail("cannot be put on the disk", errno);
  if (::rename(pending_.c_str(), target_.c_str()) != 0) fail("cannot be replaced", errno);
  committed_ = true;
  // The new name reaches the disk with its folder. Some file systems cannot do that; the file is whole
  // either way, so this is no failure.
  const auto folder = target_.has_parent_path() ? target_.parent_path() : std::filesystem::path(".");
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.valid()) ::fsync(directory.get());
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  PendingFile pending(path);
  pending.write(bytes);
  pending.commit();
}

}  // namespace attn::io
