#include "app/session/folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "app/session/import.h"
#include "core/io/text.h"

namespace attn::session {
namespace {

constexpr std::size_t kMostNames = 10000;

EntryKind kind_of(const std::filesystem::path& file) {
  if (is_array_file(file)) return EntryKind::arrays;
  return io::lower_case(file.extension().string()) == ".json" ? EntryKind::scenario : EntryKind::other;
}

bool shown(EntryKind kind, const std::filesystem::path& file, FolderFilter filter) {
  switch (filter) {
    case FolderFilter::scenarios_and_arrays:
      return kind == EntryKind::scenario || kind == EntryKind::arrays;
    case FolderFilter::scenarios:
      return kind == EntryKind::scenario;
    case FolderFilter::arrays:
      return kind == EntryKind::arrays;
    case FolderFilter::pictures:
      return io::lower_case(file.extension().string()) == ".png";
  }
  return false;
}

std::string time_text(std::time_t time) {
  std::tm local{};
  if (localtime_r(&time, &local) == nullptr) return "";
  return fmt::format("{:%Y-%m-%d %H:%M}", local);
}

}  // namespace

FolderListing list_folder(const std::filesystem::path& folder, FolderFilter filter) {
  FolderListing listing;
  listing.folder = folder;
  std::error_code error;
  std::filesystem::directory_iterator at(folder, error);
  if (error) {
    listing.problem = message("{0} cannot be read: {1}", {folder.string(), error.message()});
    return listing;
  }
  std::size_t names = 0;
  for (; at != std::filesystem::directory_iterator(); at.increment(error)) {
    if (error) break;
    const std::filesystem::path& path = at->path();
    FolderEntry entry;
    entry.name = path.filename().string();
    if (entry.name.starts_with('.')) continue;
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) continue;  // gone in the meantime, or a link to nowhere
    entry.kind = S_ISDIR(status.st_mode) ? EntryKind::folder : kind_of(path);
    if (entry.kind != EntryKind::folder && (!S_ISREG(status.st_mode) || !shown(entry.kind, path, filter)))
      continue;
    if (++names > kMostNames) {
      listing.problem = message("Only the first {0} files are listed.", {std::to_string(kMostNames)});
      break;
    }
    entry.bytes = static_cast<std::uint64_t>(status.st_size);
    entry.changed = time_text(status.st_mtime);
    listing.entries.push_back(std::move(entry));
  }
  if (error) listing.problem = message("{0} cannot be read: {1}", {folder.string(), error.message()});
  std::ranges::sort(listing.entries, [](const FolderEntry& a, const FolderEntry& b) {
    const bool a_folder = a.kind == EntryKind::folder;
    const bool b_folder = b.kind == EntryKind::folder;
    if (a_folder != b_folder) return a_folder;
    const std::string a_name = io::lower_case(a.name);
    const std::string b_name = io::lower_case(b.name);
    return a_name != b_name ? a_name < b_name : a.name < b.name;
  });
  return listing;
}

std::vector<std::size_t> matching(const FolderListing& listing, std::string_view typed) {
  const std::string wanted = io::lower_case(typed);
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < listing.entries.size(); ++i) {
    if (io::lower_case(listing.entries[i].name).find(wanted) != std::string::npos) found.push_back(i);
  }
  return found;
}

std::string size_text(std::uint64_t bytes) {
  constexpr double kStep = 1000.0;
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double size = static_cast<double>(bytes);
  std::string_view unit;
  for (const std::string_view next : {"KB", "MB", "GB", "TB"}) {
    unit = next;
    size /= kStep;
    if (size < 999.5) break;
  }
  return size < 99.5 ? fmt::format("{:.1f} {}", size, unit) : fmt::format("{:.0f} {}", size, unit);
}

std::string file_name_for(std::string_view title) {
  constexpr std::size_t kMostBytes = 64;
  const auto separates = [](unsigned char c) {
    return c <= ' ' || c == 0x7F || (std::ispunct(c) != 0 && c != '-' && c != '+' && c != '\'');
  };
  std::string name;
  for (const char c : title) {
    if (!separates(static_cast<unsigned char>(c))) {
      name += c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  if (name.size() > kMostBytes) {
    // Never inside a character; at the end of a word where the last one is not very long.
    std::size_t end = kMostBytes;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
    const std::size_t word = name.rfind('_', end);
    name.resize(word != std::string::npos && word > kMostBytes / 2 ? word : end);
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  return name.empty() ? "example" : name;
}

std::string free_name(const std::filesystem::path& folder, const std::string& name,
                      std::string_view extension) {
  constexpr int kMostTries = 1000;
  std::string file = name + std::string(extension);
  std::error_code error;
  for (int i = 2; i < kMostTries && std::filesystem::exists(folder / file, error); ++i)
    file = fmt::format("{}_{}{}", name, i, extension);
  return file;
}

std::filesystem::path home_folder() {
  const char* const home = std::getenv("HOME");
  return home && *home == '/' ? std::filesystem::path(home) : std::filesystem::path("/");
}

std::filesystem::path typed_path(std::string_view typed, const std::filesystem::path& folder) {
  if (typed == "~") return home_folder();
  if (typed.starts_with("~/")) return (home_folder() / typed.substr(2)).lexically_normal();
  return (folder / typed).lexically_normal();
}

}  // namespace attn::session
