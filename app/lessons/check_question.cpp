#include <algorithm>

#include <fmt/format.h>

#include "app/lessons/change.h"
#include "app/lessons/checker.h"
#include "app/lessons/play.h"

namespace attn::lessons {
namespace {

/// How many rows, and for cells columns, there are to pick from.
std::pair<std::size_t, std::size_t> places_of(const Pick& question, const Moment& now) {
  const Dimensions& d = now.document.dimensions();
  const StageShape shape = shape_of(question.stage, now.document.input(), d);
  switch (question.what) {
    case Pick::What::head:
      return {d.n_heads, 1};
    case Pick::What::column:
      return {d.n_keys, 1};
    case Pick::What::cell:
      return {shape.rows, shape.columns};
    case Pick::What::token:
    case Pick::What::row:
      break;
  }
  return {std::max(d.n_queries, d.n_keys), 1};
}

}  // namespace

session::Document Checker::question(const Question& question, const Moment& now) {
  check_text("question.ask", question.ask, now);
  for (const LessonText& hint : question.hints) check_text("question.hints", hint, now);
  session::Document document = now.document;
  const std::size_t before = problems_.size();
  attempt("question",
          [&] { std::visit([&](const auto& kind) { check_question(kind, now); }, question.kind); });
  if (problems_.size() != before) return document;  // what follows would say the same again
  attempt("question", [&] {
    const Answer right = right_answer(question, now, scenes_);
    if (!player_.answer(right, now, scenes_).right)
      complain("question", "expected its own answer to be judged right, found it judged wrong");
  });
  Moment after = player_.complete(now);
  if (const auto* foresee = std::get_if<Foresee>(&question.kind)) {
    document = changed(document, foresee->change);
    after = moment(document);
  }
  check_text("question.after", question.after, after);
  return document;
}

void Checker::check_question(const Predict& question, const Moment& now) {
  attempt("question.row", [&] {
    const auto cell = named_cell(question.row, now, scenes_);
    if (!cell || !cell->is_row || cell->cell.stage != Stage::weights)
      complain("question.row", "expected a row such as weights[0][1], found another expression");
  });
}

void Checker::check_question(const Pick& question, const Moment& now) {
  Answer right;
  if (!attempt("question.answer", [&] { right = right_answer({{}, question, {}, {}}, now, scenes_); }))
    return;
  const bool cell = question.what == Pick::What::cell;
  if (right.numbers.size() != (cell ? 2U : 1U)) {
    complain("question.answer", cell ? "expected [row, column], found another value"
                                     : "expected one place, found another value");
    return;
  }
  for (const WrongPlace& wrong : question.wrong) check_text("question.wrong.say", wrong.say, now);
  const auto [rows, columns] = places_of(question, now);
  if (!(right.numbers[0] >= 0.0 && right.numbers[0] < static_cast<double>(rows)) ||
      (cell && !(right.numbers[1] >= 0.0 && right.numbers[1] < static_cast<double>(columns)))) {
    complain("question.answer",
             fmt::format("expected a place that there is, found {}", format(Value(right.numbers))));
    return;
  }
  // Whatever is picked, it can be judged.
  constexpr std::size_t kMost = 64;
  for (std::size_t i = 0; i < std::min(rows, kMost); ++i) {
    for (std::size_t j = 0; j < (cell ? std::min(columns, kMost) : 1); ++j) {
      if (!can_judge(question, now, i, cell ? j : i)) return;
    }
  }
}

bool Checker::can_judge(const Pick& question, const Moment& now, std::size_t row, std::size_t column) {
  Moment picked = now;
  for (const char* const name : {"row", "head", "token"}) picked.variables[name] = static_cast<double>(row);
  picked.variables["column"] = static_cast<double>(column);
  if (question.accept &&
      !attempt("question.accept", [&] { evaluate_truth(*question.accept, picked, scenes_); }))
    return false;
  return std::ranges::all_of(question.wrong, [&](const WrongPlace& wrong) {
    return attempt("question.wrong.when", [&] { evaluate_truth(wrong.when, picked, scenes_); });
  });
}

void Checker::check_question(const Choose& question, const Moment& now) {
  std::size_t right = 0;
  for (const Option& option : question.options) {
    check_text("question.options.text", option.text, now);
    check_text("question.options.say", option.say, now);
    if (!question.vote && option.right && evaluate_truth(*option.right, now, scenes_)) ++right;
  }
  if (!question.vote && (right == 0 || (right > 1 && !question.several))) {
    complain("question.options", fmt::format("expected {} right option, found {}",
                                             question.several ? "at least one" : "one", right));
  }
  if (right == question.options.size()) complain("question.options", "expected a wrong option, found none");
}

void Checker::check_question(const EnterValue& question, const Moment& now) {
  double right = 0.0;
  if (!attempt("question.answer", [&] { right = evaluate_number(question.answer, now, scenes_); })) return;
  List said_before;
  for (const WrongValue& wrong : question.wrong) {
    check_text("question.wrong.say", wrong.say, now);
    attempt("question.wrong.value", [&] {
      const double value = evaluate_number(wrong.value, now, scenes_);
      const auto same = [&](double other) { return near(value, other, question.tolerance); };
      if (same(right)) {
        complain("question.wrong.value",
                 fmt::format("expected a value other than the right one, {}, found it", format(right)));
      } else if (std::ranges::any_of(said_before, same)) {
        complain("question.wrong.value",
                 fmt::format("expected values that can be told apart, found {} twice", format(value)));
      }
      said_before.push_back(value);
    });
  }
}

void Checker::check_question(const Foresee& question, const Moment& now) {
  session::Document after = now.document;
  if (!attempt("question.change", [&] {
        after = changed(now.document, question.change);
        moment(after);
      }))
    return;
  for (const Option& option : question.options) {
    check_text("question.options.text", option.text, now);
    check_text("question.options.say", option.say, now);
  }
  attempt("question.options.moves", [&] {
    if (right_answer({{}, question, {}, {}}, now, scenes_).numbers.empty())
      complain("question.options", "expected something that moves, found nothing");
  });
}

void Checker::check_question(const Strike& question, const Moment& now) {
  // A translation is for other languages than the excerpt's: it need not be there in each.
  for (const auto& entry : question.translation.by_language) {
    attempt("question.translation." + entry.first, [&] { plain_text(entry.second, now, scenes_); });
  }
  for (const Piece& piece : question.pieces) check_text("question.pieces.say", piece.say, now);
}

session::Document Checker::task(const Task& task, const Moment& now) {
  check_text("task.ask", task.ask, now);
  for (const LessonText& hint : task.hints) check_text("task.hints", hint, now);
  session::Document document = now.document;
  const bool known = attempt("task.until", [&] {
    if (player_.watch(now, scenes_))
      complain("task.until", "expected it to be false when the step begins, found it true");
  });
  if (!known) return document;
  attempt("task.solution", [&] {
    const session::Document solution = changed(now.document, task.solution.change);
    if (task.solution.slider) player_.move_slider(*task.solution.slider);
    if (task.solution.select) selection_ = task.solution.select;
    const Moment solved = moment(solution);
    document = solution;
    if (!evaluate_truth(task.until, solved, scenes_))
      complain("task.solution", "expected it to make task.until true, found it still false");
    player_.watch(solved, scenes_);
    check_text("task.after", task.after, solved);
  });
  return document;
}

}  // namespace attn::lessons
