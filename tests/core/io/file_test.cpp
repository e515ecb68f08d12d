#include "core/io/file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "core/io/format_error.h"
#include "tests/core/io/temporary_folder.h"

using attn::io::FormatError;
using attn::test::bytes_of;
using attn::test::put;

namespace {

std::string failure(void (*action)(const std::filesystem::path&), const std::filesystem::path& path) {
  try {
    action(path);
    return "no failure";
  } catch (const FormatError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a file is read whole, up to its limit") {
  const attn::test::TemporaryFolder folder;
  const std::string bytes = std::string(200000, 'x') + std::string(1, '\0') + "end";
  put(folder / "a", bytes);
  CHECK(attn::io::read_file(folder / "a", bytes.size()) == bytes);
  put(folder / "empty", "");
  CHECK(attn::io::read_file(folder / "empty", 10).empty());
  const auto read_ten = [](const std::filesystem::path& path) { attn::io::read_file(path, 10); };
  CHECK(failure(read_ten, folder / "a") ==
        (folder / "a").string() + ": expected a file of at most 10 bytes, found 200004");
  CHECK(failure(read_ten, "/dev/zero") == "/dev/zero: expected a file of at most 10 bytes, found more");
}

TEST_CASE("what cannot be read is named") {
  const attn::test::TemporaryFolder folder;
  const auto read = [](const std::filesystem::path& path) { attn::io::read_file(path, 10); };
  CHECK(failure(read, folder / "none") ==
        (folder / "none").string() + ": expected a file that can be read, found No such file or directory");
  CHECK(failure(read, folder.path()) ==
        folder.path().string() + ": expected a file that can be read, found Is a directory");
}

TEST_CASE("a written file takes the place and the permissions of the old one") {
  const attn::test::TemporaryFolder folder;
  const auto path = folder / "a";
  attn::io::write_file(path, "first");
  CHECK(bytes_of(path) == "first");
  std::filesystem::permissions(path, std::filesystem::perms(0640));
  attn::io::write_file(path, "second");
  CHECK(bytes_of(path) == "second");
  CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms(0640));
  CHECK(folder.files() == 1);
}

TEST_CASE("a link stays a link, and the file it names is replaced") {
  const attn::test::TemporaryFolder folder;
  put(folder / "real", "old");
  std::filesystem::create_symlink(folder / "real", folder / "link");
  attn::io::write_file(folder / "link", "new");
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(bytes_of(folder / "real") == "new");
}

TEST_CASE("a file that is not finished leaves the old one and nothing else") {
  const attn::test::TemporaryFolder folder;
  put(folder / "a", "old");
  {
    attn::io::PendingFile pending(folder / "a");
    pending.write("new, but never committed");
    CHECK(folder.files() == 2);
  }
  CHECK(bytes_of(folder / "a") == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("a file that was lost before it was finished is a failure, not an empty file") {
  const attn::test::TemporaryFolder folder;
  put(folder / "a", "old");
  attn::io::PendingFile pending(folder / "a");
  std::filesystem::remove(pending.path());
  CHECK_THROWS_AS(pending.write("new"), FormatError);
  CHECK_THROWS_AS(pending.commit(), FormatError);
  CHECK(bytes_of(folder / "a") == "old");
}

TEST_CASE("what cannot be written is named") {
  const attn::test::TemporaryFolder folder;
  const auto write = [](const std::filesystem::path& path) { attn::io::write_file(path, "x"); };
  const auto missing = folder / "none/a";
  CHECK(failure(write, missing) == missing.string() + ": cannot be written: No such file or directory");
  CHECK(failure(write, folder.path()) == folder.path().string() + ": cannot be written: Is a directory");
  const auto pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(failure(write, pipe) ==
        pipe.string() + ": cannot be replaced, it is no ordinary file: Invalid argument");
  CHECK(std::filesystem::is_fifo(pipe));
}
