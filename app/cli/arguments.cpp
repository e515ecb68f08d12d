#include "app/cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace attn::cli {
namespace {

constexpr std::size_t kLargestPicture = 16384;

[[noreturn]] void refuse(std::string_view option, std::string_view expected, std::string_view found) {
  throw std::invalid_argument(fmt::format("{}: expected {}, found \"{}\"", option, expected, found));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t first = 0;
  while (true) {
    const std::size_t last = text.find(separator, first);
    parts.emplace_back(text.substr(first, last - first));
    if (last == std::string_view::npos) return parts;
    first = last + 1;
  }
}

std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string stage_names() {
  std::string names;
  for (const Stage stage : kStages) names += fmt::format("{}{}", names.empty() ? "" : ", ", name(stage));
  return names;
}

Stage parse_stage(std::string_view option, const std::string& text) {
  if (const auto stage = stage_from_name(text)) return *stage;
  refuse(option, fmt::format("one of {}", stage_names()), text);
}

gpu::BackendChoice parse_backend(const std::string& text) {
  if (const auto choice = gpu::backend_choice_from_name(text)) return *choice;
  refuse("--backend", "cpu, gpu or auto", text);
}

void parse_cell(const std::string& cell, ExplainOptions& explain) {
  const std::vector<std::string> parts = split(cell, ',');
  const auto row = parts.size() == 2 ? whole_number(parts[0]) : std::nullopt;
  const auto column = parts.size() == 2 ? whole_number(parts[1]) : std::nullopt;
  if (!row || !column) refuse("--cell", "ROW,COLUMN such as 0,2", cell);
  explain.row = *row;
  explain.column = *column;
}

CellRef parse_selection(const std::string& text) {
  const std::vector<std::string> parts = split(text, ',');
  std::vector<std::size_t> numbers;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (const auto number = whole_number(parts[i])) numbers.push_back(*number);
  }
  if (parts.size() != 4 || numbers.size() != 3)
    refuse("--select", "STAGE,HEAD,ROW,COLUMN such as weights,0,0,2", text);
  return {parse_stage("--select", parts[0]), numbers[0], numbers[1], numbers[2]};
}

Place parse_place(const std::string& text) {
  const std::vector<std::string> parts = split(text, ',');
  const auto number = [&](std::size_t i) -> std::optional<std::size_t> {
    if (parts.size() <= i) return std::nullopt;
    const auto value = whole_number(parts[i]);
    if (!value) refuse("--at", "STAGE[,ROW[,COLUMN]] such as weights,0,2", text);
    return value;
  };
  if (parts.size() > 3) refuse("--at", "STAGE[,ROW[,COLUMN]] such as weights,0,2", text);
  return {parse_stage("--at", parts[0]), number(1), number(2)};
}

session::Dialog parse_sheet(const std::string& text) {
  std::string names;
  for (int i = 1; i < session::kDialogCount; ++i) {
    const auto dialog = static_cast<session::Dialog>(i);
    if (name(dialog) == text) return dialog;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name(dialog));
  }
  refuse("--sheet", fmt::format("one of {}", names), text);
}

void parse_size(const std::string& text, RenderOptions& render) {
  const std::vector<std::string> parts = split(text, 'x');
  const auto width = parts.size() == 2 ? whole_number(parts[0]) : std::nullopt;
  const auto height = parts.size() == 2 ? whole_number(parts[1]) : std::nullopt;
  if (!width || !height || *width < 320 || *height < 240 || *width > kLargestPicture ||
      *height > kLargestPicture) {
    refuse("--size", "WIDTHxHEIGHT from 320x240 to 16384x16384, such as 1440x900", text);
  }
  render.width = *width;
  render.height = *height;
}

std::uint64_t parse_bytes(const std::string& text) {
  constexpr std::string_view kUnits = "KMG";
  std::string_view digits = text;
  int shift = 0;
  if (!digits.empty()) {
    const std::size_t unit = kUnits.find(digits.back());
    if (unit != std::string_view::npos) {
      shift = 10 * (static_cast<int>(unit) + 1);
      digits.remove_suffix(1);
    }
  }
  const auto number = whole_number(digits);
  if (!number || *number > (~std::uint64_t{0} >> shift))
    refuse("--memory", "a number of bytes, such as 4294967296 or 4G", text);
  return std::uint64_t{*number} << shift;
}

/// Texts that are parsed further once CLI11 has found them.
struct Raw {
  std::string file;
  std::string output;
  std::string state;
  std::string backend;
  std::string shader_dir;
  std::string seed_gradient;
  std::string memory;
  std::string cell;
  std::string size;
  std::string theme = "light";
  std::string framework = "numpy";
  std::string select;
  std::string at;
  std::string heads;
  std::string sheet;
  std::string step;
  std::vector<std::string> files;
};

std::optional<std::filesystem::path> optional_path(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::filesystem::path>(text);
}

/// The whole grammar. Each subcommand leaves what it needs in `raw` and its options.
class Grammar {
 public:
  Grammar() {
    app_.set_version_flag("--version", ATTN_VERSION);
    app_.add_option("FILE", raw_.file, "scenario or lesson to open; without it the three-word example");
    app_.add_option("--state", raw_.state, "write widget rectangles, selection and values here, for tests");
    add_backend(app_);
    app_.add_option("--shader-dir", raw_.shader_dir,
                    "take shaders from this folder before the built-in ones");
    app_.add_option("--memory", raw_.memory,
                    "bytes a trace may take (suffix K, M or G); as set in the window unless told");
    add_trace();
    add_explain();
    add_code();
    add_render();
    add_verify();
    add_import();
    add_lesson();
    info_ = app_.add_subcommand("info", "what this program found on this machine");
    bench_ = app_.add_subcommand("bench", "measure the engine on this machine");
    bench_->add_flag("--json", bench_options_.json, "as JSON");
    bench_->add_option("--rounds", bench_options_.rounds, "how often each case is measured")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    bench_->add_flag("--long", bench_options_.long_inputs, "also 32,768 and 65,536 tokens: a minute");
    bench_->add_option("--only", bench_options_.only, "the cases whose names contain this")
        ->type_name("TEXT");
    bench_->add_flag("--gpu", bench_options_.gpu, "the GPU instead, by its own clock");
    app_.require_subcommand(0, 1);
    app_.footer("Exit codes: 0 success, 1 a check failed or there is no GPU, 2 bad input or usage.");
  }

  Parsed parse(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
    try {
      app_.parse(std::move(arguments));
      return {options(), "", kSuccess};
    } catch (const CLI::CallForVersion& version) {
      return {std::nullopt, fmt::format("attentionscope {}\n", version.what()), kSuccess};
    } catch (const CLI::Success&) {
      return {std::nullopt, help(), kSuccess};
    } catch (const CLI::ParseError& error) {
      return {std::nullopt,
              fmt::format("attentionscope: {} (--help shows what there is)\n", one_line(error.what())),
              kBadInput};
    } catch (const std::invalid_argument& error) {
      return {std::nullopt, fmt::format("attentionscope: {}\n", error.what()), kBadInput};
    }
  }

 private:
  static std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  }

  void add_backend(CLI::App& command) { command.add_option("--backend", raw_.backend, "cpu, gpu or auto"); }

  void add_trace() {
    trace_ = app_.add_subcommand("trace", "compute every intermediate of a scenario");
    trace_->add_option("FILE", raw_.file, "scenario")->required();
    trace_->add_option("-o,--output", raw_.output, "write a NumPy .npz; without it, tables in the terminal");
    add_backend(*trace_);
    trace_->add_flag("--gradient", trace_options_.gradient, "also the gradients of the sum of the output");
    trace_->add_option("--seed-gradient", raw_.seed_gradient,
                       "with --gradient: dL/d(output) as .npy instead of ones");
    trace_->add_option("--memory", raw_.memory, "bytes a trace may take (suffix K, M or G); 4G unless told");
  }

  void add_explain() {
    explain_ = app_.add_subcommand("explain", "how one number came to be, down to the inputs");
    explain_->add_option("FILE", raw_.file, "scenario")->required();
    explain_->add_option("--stage", explain_options_.stage, "stage of the number: " + stage_names())
        ->capture_default_str();
    explain_->add_option("--head", explain_options_.head, "head of the number, from 0")
        ->capture_default_str();
    explain_->add_option("--cell", raw_.cell, "ROW,COLUMN, from 0")->required();
    explain_->add_option("--depth", explain_options_.depth, "how many levels to open")->capture_default_str();
  }

  void add_code() {
    code_ = app_.add_subcommand("code", "a scenario as a complete Python program");
    code_->add_option("FILE", raw_.file, "scenario")->required();
    code_->add_option("-o,--output", raw_.output, "write it here; without it, to the terminal");
    code_->add_option("--framework", raw_.framework, "numpy, pytorch or tensorflow")
        ->check(CLI::IsMember({"numpy", "pytorch", "tensorflow"}))
        ->capture_default_str();
    code_->add_option("--language", code_options_.language, "of the comments: en or zh")
        ->check(CLI::IsMember({"en", "zh"}))
        ->capture_default_str();
  }

  void add_render() {
    render_ = app_.add_subcommand("render", "a picture of the window; no display needed");
    render_->add_option("FILE", raw_.file, "scenario, or lesson (.toml)")->required();
    render_->add_option("--step", raw_.step, "of a lesson, from 1");
    render_->add_option("-o,--output", raw_.output, "picture to write (.png)")->required();
    render_->add_option("--size", raw_.size, "WIDTHxHEIGHT; 1440x900 unless told");
    render_->add_option("--scale", render_options_.scale, "pixels of the display a point takes")
        ->check(CLI::Range(0.5, 4.0))
        ->capture_default_str();
    render_->add_option("--theme", raw_.theme, "light or dark")
        ->check(CLI::IsMember({"light", "dark"}))
        ->capture_default_str();
    render_->add_option("--language", render_options_.language, "en or zh")
        ->check(CLI::IsMember({"en", "zh"}))
        ->capture_default_str();
    render_->add_option("--select", raw_.select, "STAGE,HEAD,ROW,COLUMN to select");
    render_->add_option("--sheet", raw_.sheet,
                        "what lies over the window: new_example, open, import, gallery, palette, keys …");
    render_->add_flag("--exact", render_options_.exact_numbers,
                      "fractions and roots where numbers have them");
    render_->add_flag("--query-columns", render_options_.query_columns, "queries as the columns of scores");
    render_->add_flag("--column-vectors", render_options_.column_vectors, "vectors as columns: q = W^T x");
    render_
        ->add_option("--zoom", render_options_.zoom,
                     "how many times as large the map is, around the selection")
        ->check(CLI::Range(1.0, 1e6))
        ->capture_default_str();
    render_->add_flag("--performance", render_options_.performance, "the card of times and memory");
    render_->add_option("--memory", raw_.memory, "bytes a trace may take (suffix K, M or G)");
    render_->add_option("--at", raw_.at, "STAGE[,ROW[,COLUMN]]: where the step-through stands");
  }

  void add_verify() {
    verify_ = app_.add_subcommand(
        "verify", "float32 against float64, the GPU, and the expected values of golden cases");
    verify_->add_option("FILE", raw_.files, "scenarios or golden cases")->required();
    add_backend(*verify_);
  }

  void add_import() {
    import_ =
        app_.add_subcommand("import", "make a scenario from NumPy arrays: x, q, k, v, parameters, weights");
    import_->add_option("FILE", raw_.files, ".npy and .npz files that belong together")->required();
    import_->add_option("-o,--output", raw_.output, "scenario to write (.json)")->required();
    import_->add_option("--heads", raw_.heads, "number of heads, where the arrays do not tell");
  }

  void add_lesson() {
    lesson_ = app_.add_subcommand("lesson", "check, list or play lessons");
    lesson_->require_subcommand(1);
    CLI::App* const check = lesson_->add_subcommand("check", "say what is wrong with lesson files");
    check->add_option("FILE", raw_.files, "lessons (.toml)")->required();
    CLI::App* const list = lesson_->add_subcommand("list", "the lessons that travel with the program");
    list->add_flag("--documents", lesson_options_.documents, "what each of them covers");
    CLI::App* const play = lesson_->add_subcommand("play", "go through a lesson without a window");
    play->add_option("FILE", raw_.file, "lesson (.toml), or the name of one that travels with the program")
        ->required();
    play->add_option("--answers", raw_.output, "what is answered (.toml); without it nothing is");
    for (CLI::App* const command : {list, play}) {
      command->add_option("--language", lesson_options_.language, "en or zh")
          ->check(CLI::IsMember({"en", "zh"}))
          ->capture_default_str();
    }
  }

  std::string help() const {
    const CLI::App* chosen = &app_;
    while (!chosen->get_subcommands().empty()) chosen = chosen->get_subcommands().front();
    return chosen->help();
  }

  LessonOptions lesson_options() {
    const std::string task = lesson_->get_subcommands().front()->get_name();
    if (task == "check") {
      lesson_options_.task = LessonOptions::Task::check;
      lesson_options_.files.assign(raw_.files.begin(), raw_.files.end());
    } else if (task == "play") {
      lesson_options_.task = LessonOptions::Task::play;
      lesson_options_.files = {raw_.file};
      lesson_options_.answers = optional_path(raw_.output);
    }
    return lesson_options_;
  }

  gpu::BackendChoice backend(gpu::BackendChoice otherwise) const {
    return raw_.backend.empty() ? otherwise : parse_backend(raw_.backend);
  }

  Options options() {
    if (trace_->parsed()) {
      if (!raw_.seed_gradient.empty() && !trace_options_.gradient) {
        throw std::invalid_argument("--seed-gradient: expected together with --gradient, found alone");
      }
      trace_options_.file = raw_.file;
      trace_options_.output = optional_path(raw_.output);
      trace_options_.backend = backend(gpu::BackendChoice::cpu);
      trace_options_.seed_gradient = optional_path(raw_.seed_gradient);
      if (!raw_.memory.empty()) trace_options_.memory = parse_bytes(raw_.memory);
      return trace_options_;
    }
    if (explain_->parsed()) {
      explain_options_.file = raw_.file;
      parse_cell(raw_.cell, explain_options_);
      return explain_options_;
    }
    if (code_->parsed()) {
      code_options_.file = raw_.file;
      code_options_.output = optional_path(raw_.output);
      code_options_.framework = *code::framework_from_name(raw_.framework);
      return code_options_;
    }
    if (render_->parsed()) {
      render_options_.file = raw_.file;
      render_options_.output = raw_.output;
      if (!raw_.size.empty()) parse_size(raw_.size, render_options_);
      render_options_.theme = raw_.theme == "dark" ? Theme::dark : Theme::light;
      if (!raw_.select.empty()) render_options_.select = parse_selection(raw_.select);
      if (!raw_.at.empty()) render_options_.at = parse_place(raw_.at);
      if (!raw_.step.empty()) {
        render_options_.step = whole_number(raw_.step);
        if (!render_options_.step) refuse("--step", "a whole number of at least 1", raw_.step);
      }
      if (!raw_.sheet.empty()) render_options_.dialog = parse_sheet(raw_.sheet);
      if (!raw_.memory.empty()) render_options_.memory = parse_bytes(raw_.memory);
      return render_options_;
    }
    if (verify_->parsed()) {
      VerifyOptions verify;
      verify.files.assign(raw_.files.begin(), raw_.files.end());
      verify.backend = backend(gpu::BackendChoice::cpu);
      return verify;
    }
    if (import_->parsed()) {
      ImportOptions arrays;
      arrays.files.assign(raw_.files.begin(), raw_.files.end());
      arrays.output = raw_.output;
      if (!raw_.heads.empty()) {
        arrays.heads = whole_number(raw_.heads);
        if (arrays.heads.value_or(0) == 0) refuse("--heads", "a whole number of at least 1", raw_.heads);
      }
      return arrays;
    }
    if (lesson_->parsed()) return lesson_options();
    if (info_->parsed()) return InfoOptions{};
    if (bench_->parsed()) return bench_options_;
    return WindowOptions{optional_path(raw_.file), optional_path(raw_.state),
                         backend(gpu::BackendChoice::automatic), raw_.shader_dir, window_memory()};
  }

  std::optional<std::uint64_t> window_memory() const {
    if (raw_.memory.empty()) return std::nullopt;
    return parse_bytes(raw_.memory);
  }

  CLI::App app_{"AttentionScope: see, drag and question every number of the attention mechanism.",
                "attentionscope"};
  CLI::App* trace_ = nullptr;
  CLI::App* explain_ = nullptr;
  CLI::App* code_ = nullptr;
  CLI::App* render_ = nullptr;
  CLI::App* verify_ = nullptr;
  CLI::App* import_ = nullptr;
  CLI::App* lesson_ = nullptr;
  CLI::App* info_ = nullptr;
  CLI::App* bench_ = nullptr;
  Raw raw_;
  TraceOptions trace_options_;
  ExplainOptions explain_options_;
  CodeOptions code_options_;
  RenderOptions render_options_;
  LessonOptions lesson_options_;
  BenchOptions bench_options_;
};

}  // namespace

Parsed parse_arguments(const std::vector<std::string>& arguments) { return Grammar().parse(arguments); }

}  // namespace attn::cli
