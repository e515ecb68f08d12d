#pragma once
// What the command line can ask for, as data. arguments.cpp fills it in, the commands read it.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/code/listing.h"
#include "app/gpu/backend_choice.h"
#include "app/session/action.h"
#include "core/attention/stage.h"

namespace attn::cli {

inline constexpr std::uint64_t kDefaultMemory = std::uint64_t{4} << 30;

/// Exit codes.
inline constexpr int kSuccess = 0;
inline constexpr int kCheckFailed = 1;  ///< a check failed, or there is no GPU or no display
inline constexpr int kBadInput = 2;     ///< bad input or usage

enum class Theme { light, dark };

/// A place of the step-through: a stage, in it a row, in it a column.
struct Place {
  Stage stage = Stage::x;
  std::optional<std::size_t> row;
  std::optional<std::size_t> column;
};

struct WindowOptions {
  std::optional<std::filesystem::path> file;
  std::optional<std::filesystem::path> state;  ///< written whenever something changed, for tests
  gpu::BackendChoice backend = gpu::BackendChoice::automatic;
  std::filesystem::path shader_dir;
  std::optional<std::uint64_t> memory;  ///< bytes a trace may take; absent: as the settings say
};

struct TraceOptions {
  std::filesystem::path file;
  std::optional<std::filesystem::path> output;  ///< .npz; absent: tables in the terminal
  gpu::BackendChoice backend = gpu::BackendChoice::cpu;
  bool gradient = false;
  std::optional<std::filesystem::path> seed_gradient;
  std::uint64_t memory = kDefaultMemory;
};

struct ExplainOptions {
  std::filesystem::path file;
  std::string stage = "weights";  ///< as typed: which stages there are, the file decides
  std::size_t head = 0;
  std::size_t row = 0;
  std::size_t column = 0;
  std::size_t depth = 4;
};

struct CodeOptions {
  std::filesystem::path file;
  std::optional<std::filesystem::path> output;  ///< .py; absent: standard output
  code::Framework framework = code::Framework::numpy;
  std::string language = "en";  ///< of the comments
};

struct RenderOptions {
  std::filesystem::path file;
  std::filesystem::path output;
  std::size_t width = 1440;
  std::size_t height = 900;
  double scale = 1.0;
  Theme theme = Theme::light;
  std::string language = "en";
  std::optional<CellRef> select;
  std::optional<Place> at;
  std::optional<std::size_t> step;        ///< of a lesson, from 1
  std::optional<session::Dialog> dialog;  ///< the sheet that lies over the window
  bool exact_numbers = false;             ///< fractions and roots
  bool query_columns = false;             ///< queries as the columns of scores
  bool column_vectors = false;            ///< q = Wᵀ x
  double zoom = 1.0;                      ///< of the map, around the selected cell
  bool performance = false;               ///< the card of times and memory
  std::optional<std::uint64_t> memory;    ///< bytes a trace may take; absent: as usual on this machine
};

struct VerifyOptions {
  std::vector<std::filesystem::path> files;
  gpu::BackendChoice backend = gpu::BackendChoice::cpu;
};

struct ImportOptions {
  std::vector<std::filesystem::path> files;
  std::filesystem::path output;
  std::optional<std::size_t> heads;
};

struct LessonOptions {
  enum class Task { check, list, play };
  Task task = Task::list;
  std::vector<std::filesystem::path> files;      ///< or names of lessons that travel with the program
  std::optional<std::filesystem::path> answers;  ///< of `play`
  bool documents = false;                        ///< of `list`
  std::string language = "en";
};

struct InfoOptions {};

struct BenchOptions {
  bool json = false;
  std::string only;          ///< part of the names of the cases that are measured; empty: all
  unsigned rounds = 9;       ///< at least 1; the median of them counts
  bool gpu = false;          ///< the GPU's own cases instead
  bool long_inputs = false;  ///< also those that take a minute
};

using Options = std::variant<WindowOptions, TraceOptions, ExplainOptions, CodeOptions, RenderOptions,
                             VerifyOptions, ImportOptions, LessonOptions, InfoOptions, BenchOptions>;

}  // namespace attn::cli
