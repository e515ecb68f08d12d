#pragma once
// What lies in a folder, as a file browser shows it.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/message.h"

namespace attn::session {

enum class EntryKind { folder, scenario, arrays, other };

struct FolderEntry {
  std::string name;
  EntryKind kind = EntryKind::other;
  std::uint64_t bytes = 0;
  std::string changed;  ///< local time, "2026-11-21 11:40"; empty where it cannot be told
  bool operator==(const FolderEntry&) const = default;
};

/// Which files are shown; folders always are.
enum class FolderFilter { scenarios_and_arrays, scenarios, arrays, pictures };

struct FolderListing {
  std::filesystem::path folder;
  std::vector<FolderEntry> entries;  ///< folders first, each kind by name, capital letters not minded
  std::optional<Message> problem;    ///< why it is empty or not whole
};

/// Names that begin with a point are left out, and so is what is past the first 10,000 names. Never throws:
/// what cannot be read is the listing's `problem`.
FolderListing list_folder(const std::filesystem::path& folder, FolderFilter filter);

/// The entries whose names contain what was typed, capital letters of English not minded.
std::vector<std::size_t> matching(const FolderListing& listing, std::string_view typed);

/// "980 B", "1.2 KB", "3.4 MB": three digits, thousands of thousands.
std::string size_text(std::uint64_t bytes);

/// A name for the file of what has this title, without an extension: spaces and what a file system may refuse
/// become "_", a long title ends at a word. "example" where nothing is left.
std::string file_name_for(std::string_view title);
/// `name` + `extension`, or "name_2", "name_3" where that is in the folder already.
std::string free_name(const std::filesystem::path& folder, const std::string& name,
                      std::string_view extension);

/// What a person typed as a path: "~" is home, what is relative starts in `folder`.
std::filesystem::path typed_path(std::string_view typed, const std::filesystem::path& folder);

/// $HOME, else the root.
std::filesystem::path home_folder();

}  // namespace attn::session
