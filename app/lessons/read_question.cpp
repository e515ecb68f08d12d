#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/lessons/lesson_file.h"
#include "core/io/text.h"

namespace attn::lessons {
namespace {

constexpr std::size_t kFewestOptions = 2;
constexpr std::size_t kMostOptions = 8;

std::vector<Option> read_options(Fields& fields, bool foresees, bool vote) {
  std::vector<Option> options;
  for (Fields& one : fields.tables("options", kFewestOptions, kMostOptions)) {
    Option option;
    option.text = one.lesson_text("text");
    if (foresees) {
      option.moves = one.expression("moves");
    } else if (!vote) {
      option.right = one.maybe_expression("right");
    }
    option.say = one.maybe_lesson_text("say");
    one.finish();
    options.push_back(std::move(option));
  }
  return options;
}

Pick read_pick(Fields& fields) {
  constexpr std::array<std::string_view, 5> kWhat = {"token", "row", "column", "head", "cell"};
  constexpr std::array<std::string_view, 4> kPlaces = {"row", "column", "head", "token"};
  const auto what = static_cast<Pick::What>(fields.word("what", kWhat));
  const Stage stage = fields.maybe_stage("stage").value_or(Stage::weights);
  Expression answer = fields.expression("answer");
  Pick pick{what, stage, std::move(answer), fields.maybe_expression("accept", kPlaces), {}};
  for (Fields& one : fields.tables("wrong", 0, kMostOptions)) {
    pick.wrong.push_back({one.expression("when", kPlaces), one.lesson_text("say")});
    one.finish();
  }
  return pick;
}

EnterValue read_value(Fields& fields) {
  constexpr double kLargest = 1.0e6;
  EnterValue value{
      fields.expression("answer"), fields.maybe_number("tolerance", 0.0, kLargest).value_or(0.005), {}};
  for (Fields& one : fields.tables("wrong", 0, kMostOptions)) {
    value.wrong.push_back({one.expression("value"), one.lesson_text("say")});
    one.finish();
  }
  return value;
}

/// "softmax(scores, ⟦axis:dim=1⟧)": pieces that can be struck out stand between ⟦id: and ⟧.
std::vector<Piece> pieces_of(const Fields& fields, const Node& excerpt, std::string_view text) {
  constexpr std::string_view kOpen = "⟦";
  constexpr std::string_view kEnd = "⟧";
  std::vector<Piece> pieces;
  while (!text.empty()) {
    const std::size_t open = text.find(kOpen);
    if (open == std::string_view::npos) {
      pieces.push_back({std::string(text)});
      break;
    }
    if (open > 0) pieces.push_back({std::string(text.substr(0, open))});
    text.remove_prefix(open + kOpen.size());
    const std::size_t colon = text.find(':');
    const std::size_t close = text.find(kEnd);
    if (close == std::string_view::npos || colon == std::string_view::npos || colon > close || colon == 0)
      fields.refuse("excerpt", excerpt, "⟦id:words⟧", io::in_quotes(text));
    pieces.push_back(
        {std::string(text.substr(colon + 1, close - colon - 1)), std::string(text.substr(0, colon))});
    text.remove_prefix(close + kEnd.size());
  }
  return pieces;
}

Strike read_strike(Fields& fields) {
  Strike strike;
  strike.document = fields.text("document");
  strike.translation = fields.maybe_lesson_text("translation");
  std::string excerpt = fields.text("excerpt");
  while (!excerpt.empty() && excerpt.back() == '\n') excerpt.pop_back();  // of the closing quotes' line
  const Node& node = fields.required("excerpt");
  strike.pieces = pieces_of(fields, node, excerpt);
  Fields described = fields.table("pieces");
  bool any_wrong = false;
  for (Piece& piece : strike.pieces) {
    if (piece.id.empty()) continue;
    Fields one = described.table(piece.id);
    piece.wrong = one.truth("wrong");
    piece.say = one.maybe_lesson_text("say");
    any_wrong = any_wrong || piece.wrong;
    one.finish();
  }
  described.finish();
  if (!any_wrong)
    fields.refuse("pieces", fields.required("pieces"), "at least one piece that is wrong", "none");
  return strike;
}

}  // namespace

Question read_question(Fields fields) {
  constexpr std::array<std::string_view, 6> kKinds = {"predict", "pick",    "choose",
                                                      "value",   "foresee", "strike"};
  Question question;
  const std::size_t kind = fields.word("kind", kKinds);
  question.ask = fields.lesson_text("ask");
  question.after = fields.maybe_lesson_text("after");
  question.hints = fields.lesson_texts("hints");
  if (kKinds[kind] == "predict") {
    constexpr double kDefault = 0.1;
    question.kind =
        Predict{fields.expression("row"), fields.maybe_number("tolerance", 0.0, 1.0).value_or(kDefault)};
  } else if (kKinds[kind] == "pick") {
    question.kind = read_pick(fields);
  } else if (kKinds[kind] == "choose") {
    Choose choose;
    choose.several = fields.truth("several");
    choose.vote = fields.truth("vote");
    choose.options = read_options(fields, false, choose.vote);
    question.kind = std::move(choose);
  } else if (kKinds[kind] == "value") {
    question.kind = read_value(fields);
  } else if (kKinds[kind] == "foresee") {
    fields.required("change");
    question.kind = Foresee{fields.change("change"), read_options(fields, true, false)};
  } else {
    question.kind = read_strike(fields);
  }
  fields.finish();
  return question;
}

Task read_task(Fields fields) {
  constexpr std::array<std::string_view, 4> kFreedoms = {"this_word", "all_words", "w_q_and_w_k", "w_v"};
  LessonText ask = fields.lesson_text("ask");
  Task task{std::move(ask), fields.expression("until"), {}, {}, {}, {}};
  task.hints = fields.lesson_texts("hints");
  task.after = fields.maybe_lesson_text("after");
  if (const auto freedom = fields.maybe_word("freedom", kFreedoms))
    task.freedom = static_cast<session::PullFreedom>(*freedom);
  // What a solution selects and where it puts the slider stand beside the fields that it changes.
  Fields solution = fields.table("solution");
  task.solution.select = solution.cell("select");
  task.solution.slider = solution.maybe_number("slider", -1.0e6, 1.0e6);
  Node changes = solution.node();
  NodeTable& entries = std::get<NodeTable>(changes.value);
  std::erase_if(entries, [](const auto& entry) { return entry.key == "select" || entry.key == "slider"; });
  if (!entries.empty()) task.solution.change.json = to_json(changes);
  if (task.solution.change.empty() && !task.solution.select && !task.solution.slider)
    fields.refuse("solution", solution.node(), "a change, a cell to select or a place of the slider", "none");
  fields.finish();
  return task;
}

}  // namespace attn::lessons
