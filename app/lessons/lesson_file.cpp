#include "app/lessons/lesson_file.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "app/lessons/change.h"
#include "app/lessons/tree.h"
#include "app/session/builtin.h"
#include "core/io/file.h"
#include "core/io/format_error.h"
#include "core/io/scenario.h"
#include "core/io/text.h"

namespace attn::lessons {
namespace {

constexpr std::array<std::string_view, kCardCount> kCards = {"pipeline", "scenario", "heatmap", "vectors",
                                                             "explain"};
constexpr std::array<std::string_view, 25> kLocks = {
    "all",       "x",    "source",  "tokens", "parameters", "w_q",         "w_k",        "w_v",      "w_o",
    "b_q",       "b_k",  "b_v",     "b_o",    "scale",      "temperature", "score",      "position", "mask",
    "normalise", "axis", "dropout", "heads",  "widths",     "combine",     "attend_over"};

/// "x[2]", "source[0]", or one of the words; "combine" too.
bool is_lock(std::string_view name) {
  const std::size_t bracket = name.find('[');
  if (bracket == std::string_view::npos) return std::ranges::find(kLocks, name) != kLocks.end();
  const std::string_view base = name.substr(0, bracket);
  const std::string_view place = name.substr(bracket + 1);
  return (base == "x" || base == "source") && place.size() > 1 && place.back() == ']' &&
         std::all_of(place.begin(), place.end() - 1, [](char c) { return c >= '0' && c <= '9'; });
}

std::shared_ptr<const session::Document> inline_scenario(const Fields& fields, const Node& node,
                                                         const std::filesystem::path& directory) {
  try {
    return std::make_shared<session::Document>(scenario_from_json(to_json(node), "scenario", directory));
  } catch (const io::FormatError& problem) {
    throw io::FormatError(
        fmt::format("{}: line {}: {}{}", fields.file().name, node.line, fields.file().step, problem.what()));
  }
}

std::shared_ptr<const session::Document> scenario_beside(const Fields& fields, const Node& node,
                                                         const std::string& name,
                                                         const std::filesystem::path& directory) {
  if (name.find('/') != std::string::npos || name.find('\\') != std::string::npos)
    fields.refuse("scenario", node, "a file beside the lesson, without a folder");
  try {
    return std::make_shared<session::Document>(io::load_scenario(directory / name));
  } catch (const io::FormatError& problem) {
    throw io::FormatError(fmt::format("{}: line {}: {}scenario: {}", fields.file().name, node.line,
                                      fields.file().step, problem.what()));
  }
}

class LessonReader {
 public:
  LessonReader(std::string_view file, std::filesystem::path directory)
      : file_{std::string(file), {}}, directory_(std::move(directory)) {}

  Lesson read(const Node& root) {
    Fields fields(root, file_, {});
    constexpr std::array<std::string_view, 1> kFormat = {"attention-lesson"};
    constexpr int kMostMinutes = 240;
    fields.word("format", kFormat);
    fields.integer("version", 1, 1);
    Lesson lesson;
    lesson.name = std::filesystem::path(file_.name).stem().string();
    lesson.title = fields.lesson_text("title");
    lesson.minutes = static_cast<int>(fields.integer("minutes", 1, kMostMinutes));
    lesson.documents = fields.texts("documents");
    Fields teacher = fields.table("teacher");
    lesson.goal = teacher.lesson_text("goal");
    lesson.usual_wrong_answer = teacher.lesson_text("usual_wrong_answer");
    lesson.ask_the_class = teacher.lesson_text("ask_the_class");
    teacher.finish();
    fields.required("scenario");
    lesson.scenario = read_scenario(fields, directory_);
    const std::vector<Fields> steps = fields.tables("step", 1, kMostSteps);
    fields.finish();
    for (const Fields& step : steps) add_step(lesson, step.node());
    return lesson;
  }

 private:
  void add_step(Lesson& lesson, const Node& node) {
    const std::size_t number = lesson.steps.size() + 1;
    const Node* const named = node.find("id");
    const auto* id = named != nullptr ? std::get_if<std::string>(&named->value) : nullptr;
    file_.step = id != nullptr ? fmt::format("step {} ({}): ", number, io::printable(*id, 40))
                               : fmt::format("step {}: ", number);
    file_.variables.clear();
    Fields fields(node, file_, {});
    Step step;
    step.line = node.line;
    read_id(fields, lesson, step);

    // The slider first: the other fields may use its name.
    std::optional<Slider> slider;
    if (fields.has("figure")) slider = read_slider(fields.table("figure"));
    if (slider) file_.variables.insert(slider->name);
    if (fields.has("figure")) step.figure = read_figure(fields.table("figure"), slider);
    step.title = fields.maybe_lesson_text("title");
    step.text = fields.lesson_text("text");
    step.scenario = read_scenario(fields, directory_);
    step.change = fields.change("change");
    step.fresh = fields.truth("fresh");
    step.focus = fields.cell("focus");
    read_playhead(fields, step);
    step.view_json = fields.change("view").json;
    read_cards(fields, step);
    step.highlight = fields.texts("highlight");
    if (fields.has("only")) step.only = locks(fields, "only");
    step.lock = locks(fields, "lock");
    step.hide = read_hidden(fields, "hide");
    step.keep_hidden = read_hidden(fields, "keep_hidden");
    if (fields.has("question")) step.question = read_question(fields.table("question"));
    if (fields.has("task")) step.task = read_task(fields.table("task"));
    if (step.question && step.task)
      fields.refuse("task", fields.required("task"), "a question or a task", "both");
    if (step.asks() && step.id.empty())
      fields.refuse("id", node, "an id, since the step asks something", "none");
    fields.finish();
    lesson.steps.push_back(std::move(step));
    file_.step.clear();
  }

  static void read_id(Fields& fields, const Lesson& lesson, Step& step) {
    constexpr std::size_t kLongest = 40;
    const auto id = fields.maybe_text("id");
    if (!id) return;
    const bool plain = !id->empty() && id->size() <= kLongest && std::ranges::all_of(*id, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (!plain) fields.refuse("id", *fields.optional("id"), "letters, digits and _, at most 40");
    for (const Step& other : lesson.steps)
      if (other.id == *id) fields.refuse("id", *fields.optional("id"), "an id that no other step has");
    step.id = *id;
  }

  static void read_playhead(Fields& fields, Step& step) {
    const Node* const node = fields.optional("playhead");
    if (node == nullptr) return;
    if (node->table() != nullptr) {
      step.playhead = {PlayheadPlace::Kind::cell, *fields.cell("playhead")};
      return;
    }
    constexpr std::array<std::string_view, 2> kWords = {"start", "end"};
    step.playhead.kind =
        fields.word("playhead", kWords) == 0 ? PlayheadPlace::Kind::start : PlayheadPlace::Kind::end;
  }

  static void read_cards(Fields& fields, Step& step) {
    if (!fields.has("show")) return;
    step.show.fill(false);
    for (const std::string& card : fields.texts("show")) {
      const auto known = std::ranges::find(kCards, card);
      if (known == kCards.end()) {
        fields.refuse("show", *fields.optional("show"),
                      "\"pipeline\", \"scenario\", \"heatmap\", \"vectors\" or \"explain\"",
                      io::in_quotes(card));
      }
      step.show.at(static_cast<std::size_t>(known - kCards.begin())) = true;
    }
  }

  static std::vector<std::string> locks(Fields& fields, std::string_view field) {
    std::vector<std::string> names = fields.texts(field);
    for (const std::string& name : names) {
      if (!is_lock(name)) {
        fields.refuse(field, *fields.optional(field), "names such as \"x[0]\", \"w_q\" or \"scale\"",
                      io::in_quotes(name));
      }
    }
    return names;
  }

  static std::vector<Hidden> read_hidden(Fields& fields, std::string_view field) {
    std::vector<Hidden> all;
    for (const std::string& text : fields.texts(field)) {
      const auto hidden = hidden_of(text);
      if (!hidden) {
        fields.refuse(field, *fields.optional(field), "\"weights\", \"weights[0]\" or \"weights[0][1]\"",
                      io::in_quotes(text));
      }
      all.push_back(*hidden);
    }
    return all;
  }
  static std::optional<Hidden> hidden_of(std::string_view text) {
    const std::size_t bracket = std::min(text.find('['), text.size());
    const auto stage = stage_from_name(text.substr(0, bracket));
    if (!stage) return std::nullopt;
    Hidden hidden{*stage, std::nullopt, std::nullopt};
    std::vector<std::size_t> places;
    for (std::string_view rest = text.substr(bracket); !rest.empty();) {
      const std::size_t close = rest.find(']');
      std::size_t place = 0;
      if (rest.front() != '[' || close == std::string_view::npos) return std::nullopt;
      const auto [end, problem] = std::from_chars(rest.data() + 1, rest.data() + close, place);
      if (problem != std::errc{} || end != rest.data() + close) return std::nullopt;
      places.push_back(place);
      rest.remove_prefix(close + 1);
    }
    const std::size_t with_head = has_heads(*stage) ? 1 : 0;
    if (places.size() > with_head + 1) return std::nullopt;
    if (with_head == 1 && !places.empty()) hidden.head = places[0];
    if (places.size() == with_head + 1) hidden.row = places.back();
    return hidden;
  }

  LessonFile file_;
  std::filesystem::path directory_;
};

}  // namespace

std::shared_ptr<const session::Document> read_scenario(Fields& fields,
                                                       const std::filesystem::path& directory) {
  const Node* const node = fields.optional("scenario");
  if (node == nullptr) return nullptr;
  if (node->table() != nullptr) return inline_scenario(fields, *node, directory);
  const auto* name = std::get_if<std::string>(&node->value);
  if (name == nullptr) fields.refuse("scenario", *node, "a name in quotes or a table");
  if (name->ends_with(".json")) return scenario_beside(fields, *node, *name, directory);
  const auto names = session::builtin_names();
  if (std::ranges::find(names, *name) == names.end())
    fields.refuse("scenario", *node, "a built-in scenario or a file that ends in .json");
  return std::make_shared<session::Document>(session::builtin_scenario(*name));
}

Lesson parse_lesson(std::string_view text, std::string_view file, const std::filesystem::path& directory) {
  return LessonReader(file, directory).read(parse_toml(text, file));
}

Lesson load_lesson(const std::filesystem::path& path) {
  return parse_lesson(io::read_file(path, kLargestLesson), path.string(), path.parent_path());
}

}  // namespace attn::lessons
