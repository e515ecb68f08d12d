#pragma once
// Scenarios from arrays that other programs saved with NumPy. What was not given is replaced by something
// that gives the very same attention weights and outputs, and every such replacement is said.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/document.h"
#include "app/session/import_names.h"
#include "app/session/import_shapes.h"
#include "app/session/message.h"
#include "core/attention/stage.h"
#include "core/io/scenario.h"

namespace attn::session {

/// What an imported scenario was made from: what its views may be taken for.
enum class ImportKind {
  parameters,  ///< x and parameters: everything is as in the program they come from
  vectors,     ///< q, k and v: scores and everything after them are as they were; x is a stand-in
  weights,     ///< attention weights alone: only they are as they were
  trace,       ///< a file of `attentionscope trace`: its scenario
};

std::string_view name(ImportKind kind);  ///< "parameters", "vectors", "weights", "trace"

struct Imported {
  io::Scenario scenario;
  ImportKind kind = ImportKind::parameters;
  std::vector<Message> notes;  ///< what was understood and what was replaced, a line each
};

struct ImportOptions {
  std::optional<std::size_t> heads;  ///< where the shapes do not tell
  /// What is open: its tokens and x are taken where only parameters are given, if they fit.
  std::optional<Document> open;
  /// Compare with attention weights and outputs that came along, to find scale and mask.
  bool compare = true;
};

/// One array of a file, told apart by its name.
struct NamedArray {
  ArrayName name;
  FoundArray array;                 ///< empty for labels
  std::vector<std::string> labels;  ///< of tokens and source_tokens
};

/// Puts the arrays together. Throws io::FormatError or std::invalid_argument with one line.
Imported import_arrays(const std::vector<NamedArray>& arrays, const ImportOptions& options);

/// The same from .npy and .npz files, several of which may belong together (q.npy, k.npy, v.npy).
Imported import_files(std::span<const std::filesystem::path> files, const ImportOptions& options = {});

/// The same from the bytes of one .npz, as a file of that name: for fuzzing and previews.
Imported import_npz(std::string_view bytes, std::string_view name, const ImportOptions& options = {});

/// Whether a file's name says that it holds arrays: .npy or .npz.
bool is_array_file(const std::filesystem::path& file);

/// Reads a file as Open does, for its message alone: throws io::FormatError or std::invalid_argument with one
/// line where it is neither a scenario nor arrays.
void check_file(const std::filesystem::path& file);

/// What an open scenario was imported from, as its `extensions` remember it; nothing for any other.
std::optional<ImportKind> import_kind(const io::Scenario& scenario);

/// What a stage is where it was not in the file: "reconstructed: log α", "a stand-in …". Nothing for what was
/// there.
std::optional<Message> stand_in(ImportKind kind, Stage stage, Normalise normalise);

}  // namespace attn::session
