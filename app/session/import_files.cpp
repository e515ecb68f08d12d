// From files to named arrays.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/session/import.h"
#include "core/io/file.h"
#include "core/io/npz.h"
#include "core/io/text.h"

namespace attn::session {
namespace {

constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 30;
constexpr std::size_t kMostInArray = std::size_t{1} << 28;
constexpr std::size_t kMostFiles = 64;

std::string extension_of(const std::filesystem::path& file) {
  return io::lower_case(file.extension().string());
}

bool holds_labels(ArrayRole role) { return role == ArrayRole::tokens || role == ArrayRole::source_tokens; }

/// A table whose every row sums to 1 is attention weights whatever its file is called.
bool looks_like_weights(const io::NumberArray& array) {
  if (array.shape.size() < 2) return false;
  const std::size_t m = array.shape.back();
  for (std::size_t first = 0; first < array.values.size(); first += m) {
    double sum = 0.0;
    for (std::size_t j = 0; j < m; ++j) {
      if (array.values[first + j] < 0.0f) return false;
      sum += static_cast<double>(array.values[first + j]);
    }
    if (std::abs(sum - 1.0) > 2.0e-3) return false;
  }
  return true;
}

class Gathering {
 public:
  void add_archive(std::string_view bytes, const std::string& file) {
    const io::NpzArchive archive(bytes, file);
    std::string unknown;
    for (std::size_t i = 0; i < archive.members().size(); ++i) {
      const std::string& member = archive.members()[i].name;
      const std::optional<ArrayName> known = role_of(member);
      const std::string shown = io::printable(member);
      if (!known) {
        unknown += (unknown.empty() ? "" : ", ") + shown;
      } else if (known->role == ArrayRole::scenario) {
        scenario = read_scenario(archive.read(i), file);
        return;
      } else {
        take(*known, archive.read(i), shown);
      }
    }
    if (!unknown.empty()) unknown_ += (unknown_.empty() ? "" : ", ") + unknown;
  }

  void add_array(std::string_view bytes, const std::filesystem::path& file, bool alone) {
    const std::string shown = io::printable(file.filename().string(), 300);
    const std::optional<ArrayName> known = role_of(file.stem().string());
    if (known && known->role != ArrayRole::scenario) {
      take(*known, bytes, shown);
      return;
    }
    FoundArray array{shown, io::read_npy_numbers(bytes, shown, kMostInArray)};
    if (!alone || !looks_like_weights(array.numbers)) {
      throw io::FormatError(
          fmt::format("{}: expected a name that says what it is (x, q, k, v, w_q, weights …), found \"{}\"",
                      shown, io::printable(file.stem().string())));
    }
    arrays.push_back({{ArrayRole::weights, false}, std::move(array), {}});
  }

  std::vector<NamedArray> arrays;
  std::optional<io::Scenario> scenario;
  const std::string& unknown() const { return unknown_; }

 private:
  void take(ArrayName name, std::string_view bytes, const std::string& shown) {
    NamedArray array{name, {shown, {}}, {}};
    if (holds_labels(name.role)) {
      array.labels = io::read_npy_labels(bytes, shown);
    } else {
      array.array.numbers = io::read_npy_numbers(bytes, shown, kMostInArray);
    }
    arrays.push_back(std::move(array));
  }

  static io::Scenario read_scenario(const std::string& bytes, const std::string& file) {
    const std::string shown = file + ": scenario";
    const io::NpyHeader header = io::read_npy_header(bytes, shown);
    if (header.kind != 'u' || header.shape.size() != 1) {
      throw io::FormatError(
          fmt::format("{}: descr: expected the bytes of a scenario, found something else", shown));
    }
    return io::parse_scenario(std::string_view(bytes).substr(header.data_offset), shown, {});
  }

  std::string unknown_;
};

Imported finish(Gathering& gathered, const std::string& title, const ImportOptions& options) {
  if (gathered.scenario) {
    Imported trace{std::move(*gathered.scenario), ImportKind::trace, {}};
    trace.notes.push_back(message("A file of a trace: its scenario was opened and is computed anew."));
    return trace;
  }
  Imported imported = import_arrays(gathered.arrays, options);
  if (!gathered.unknown().empty())
    imported.notes.push_back(message("Not used, since their names say nothing: {0}.", {gathered.unknown()}));
  imported.scenario.title = io::LocalisedText::plain(title);
  return imported;
}

}  // namespace

bool is_array_file(const std::filesystem::path& file) {
  const std::string extension = extension_of(file);
  return extension == ".npy" || extension == ".npz";
}

void check_file(const std::filesystem::path& file) {
  if (is_array_file(file)) {
    import_files(std::span(&file, 1), {.heads = std::nullopt, .open = std::nullopt, .compare = false});
  } else {
    io::load_scenario(file);
  }
}

Imported import_npz(std::string_view bytes, std::string_view name, const ImportOptions& options) {
  Gathering gathered;
  gathered.add_archive(bytes, std::string(name));
  return finish(gathered, std::string(name), options);
}

Imported import_files(std::span<const std::filesystem::path> files, const ImportOptions& options) {
  if (files.empty() || files.size() > kMostFiles) {
    throw io::FormatError(
        fmt::format("expected 1 to {} files to import, found {}", kMostFiles, files.size()));
  }
  Gathering gathered;
  std::string title;
  for (const std::filesystem::path& file : files) {
    const std::string shown = io::printable(file.filename().string(), 300);
    if (!is_array_file(file)) {
      throw io::FormatError(fmt::format("{}: expected a .npy or .npz file, found \"{}\"", shown,
                                        io::printable(file.extension().string())));
    }
    const std::string bytes = io::read_file(file, kMostFileBytes);
    if (extension_of(file) == ".npz") {
      gathered.add_archive(bytes, shown);
    } else {
      gathered.add_array(bytes, file, files.size() == 1);
    }
    title += (title.empty() ? "" : ", ") + shown;
  }
  constexpr std::size_t kLongestTitle = 80;
  return finish(gathered, io::printable(title, kLongestTitle), options);
}

}  // namespace attn::session
