#include "app/lessons/judge.h"

#include <algorithm>
#include <cmath>

#include "app/lessons/change.h"
#include "app/lessons/functions.h"
#include "core/io/text.h"

namespace attn::lessons {
namespace {

using session::message;

FeedbackLine line(session::Message text) { return {{}, std::move(text)}; }

/// The slip that an answer agrees with, where it is one that can be told from the right answer.
std::optional<Slip> recognised(const Expression& asked, const Value& right, const Value& given,
                               double tolerance, const Moment& moment, Scenes& scenes) {
  const auto cell = named_cell(asked, moment, scenes);
  if (!cell) return std::nullopt;
  for (const SlipValue& slip : slips_of(*cell, moment, scenes))
    if (near(slip.value, given, tolerance) && !near(slip.value, right, tolerance)) return slip.slip;
  return std::nullopt;
}

/// One function a kind of question.
struct Judge {
  const Answer& answer;
  const Moment& moment;
  Scenes& scenes;

  Feedback operator()(const Predict& question) const {
    const List right = evaluate_list(question.row, moment, scenes);
    Feedback feedback;
    feedback.right = near(answer.numbers, right, question.tolerance);
    if (feedback.right) return feedback;
    feedback.slip = recognised(question.row, right, answer.numbers, question.tolerance, moment, scenes);
    if (feedback.slip) feedback.lines.push_back(line(message_of(*feedback.slip)));
    return feedback;
  }

  Feedback operator()(const Pick& question) const {
    Feedback feedback;
    const bool cell = question.what == Pick::What::cell;
    if (answer.numbers.size() != (cell ? 2U : 1U)) return feedback;
    Moment picked = moment;
    picked.variables["row"] = answer.numbers.front();
    picked.variables["column"] = answer.numbers.back();
    picked.variables["head"] = answer.numbers.front();
    picked.variables["token"] = answer.numbers.front();
    feedback.right = question.accept ? evaluate_truth(*question.accept, picked, scenes)
                                     : answer.numbers == right_of(question).numbers;
    if (feedback.right) return feedback;
    for (const WrongPlace& wrong : question.wrong)
      if (evaluate_truth(wrong.when, picked, scenes)) feedback.lines.push_back({wrong.say, {}});
    return feedback;
  }

  Feedback operator()(const Choose& question) const {
    Feedback feedback = chosen(question.options);
    if (question.vote) {
      feedback.right = !answer.numbers.empty();
    } else {
      const Answer right = right_of(question);
      feedback.right = answer == right;
      if (question.several) say_what_is_missing(right, feedback);
    }
    return feedback;
  }

  Feedback operator()(const EnterValue& question) const {
    const auto given = typed_number(answer.text);
    if (!given)
      return {false, {line(message("Type a number, a fraction or a root: 0.95, 11/√2, sqrt(2)."))}, {}};
    const double right = evaluate_number(question.answer, moment, scenes);
    Feedback feedback;
    feedback.right = near(*given, right, question.tolerance);
    if (feedback.right) return feedback;
    for (const WrongValue& wrong : question.wrong) {
      if (!near(*given, evaluate_number(wrong.value, moment, scenes), question.tolerance)) continue;
      feedback.lines.push_back({wrong.say, {}});
      return feedback;
    }
    feedback.slip = recognised(question.answer, right, *given, question.tolerance, moment, scenes);
    if (feedback.slip) {
      feedback.lines.push_back(line(message_of(*feedback.slip)));
    } else {
      const bool percent =
          right > 0.0 && right <= 1.0 && *given > 1.0 && near(*given / 100.0, right, question.tolerance);
      if (percent) {
        feedback.lines.push_back(
            line(message("That would be in percent: write the percent sign, or a share from 0 to 1.")));
      }
    }
    return feedback;
  }

  Feedback operator()(const Foresee& question) const {
    Feedback feedback = chosen(question.options);
    const Answer right = right_of(question);
    feedback.right = answer == right;
    say_what_is_missing(right, feedback);
    return feedback;
  }

  Feedback operator()(const Strike& question) const {
    Feedback feedback;
    const Answer right = right_of(question);
    feedback.right = answer == right;
    std::size_t place = 0;
    for (const Piece& piece : question.pieces) {
      if (piece.id.empty()) continue;
      const bool struck =
          std::ranges::find(answer.numbers, static_cast<double>(place)) != answer.numbers.end();
      if (struck && !piece.say.empty()) feedback.lines.push_back({piece.say, {}});
      ++place;
    }
    if (!feedback.right && feedback.lines.empty() && answer.numbers.empty())
      feedback.lines.push_back(line(message("Strike out at least one piece.")));
    say_what_is_missing(right, feedback);
    return feedback;
  }

  /// Of several: everything marked is right, but not everything right is marked.
  void say_what_is_missing(const Answer& right, Feedback& feedback) const {
    if (feedback.right || answer.numbers.empty()) return;
    if (std::ranges::includes(right.numbers, answer.numbers))
      feedback.lines.push_back(line(message("What you marked is right. Something is still missing.")));
  }

  Feedback chosen(const std::vector<Option>& options) const {
    Feedback feedback;
    for (const double which : answer.numbers) {
      if (!(which >= 0.0 && which < static_cast<double>(options.size()))) continue;
      const Option& option = options[static_cast<std::size_t>(which)];
      if (!option.say.empty()) feedback.lines.push_back({option.say, {}});
    }
    return feedback;
  }

  // ---- what is right ----

  bool is_right(const Option& option) const {
    return option.right && evaluate_truth(*option.right, moment, scenes);
  }

  Answer right_of(const Predict& question) const { return {evaluate_list(question.row, moment, scenes), {}}; }
  Answer right_of(const Pick& question) const {
    const Value place = evaluate(question.answer, moment, scenes);
    if (const auto* list = std::get_if<List>(&place)) return {*list, {}};
    return {{number_of(place)}, {}};
  }
  Answer right_of(const Choose& question) const {
    Answer right;
    for (std::size_t i = 0; i < question.options.size(); ++i) {
      if (question.vote ? i == 0 : is_right(question.options[i]))
        right.numbers.push_back(static_cast<double>(i));
    }
    return right;
  }
  Answer right_of(const EnterValue& question) const {
    const double right = evaluate_number(question.answer, moment, scenes);
    std::string text = format(right, {ValueFormat::Kind::decimals, 6});
    const auto read = typed_number(text);
    if (std::isfinite(right) && !(read && near(*read, right, question.tolerance))) text = io::shortest(right);
    return {{}, std::move(text)};
  }
  Answer right_of(const Foresee& question) const {
    constexpr double kMoved = 1e-6;
    Moment after = moment;
    const Scene scene = scenes.of(changed(moment.document, question.change));
    after.document = scene.document;
    after.trace = scene.trace;
    Answer right;
    for (std::size_t i = 0; i < question.options.size(); ++i) {
      const Expression& moves = *question.options[i].moves;
      if (!near(evaluate(moves, moment, scenes), evaluate(moves, after, scenes), kMoved))
        right.numbers.push_back(static_cast<double>(i));
    }
    return right;
  }
  Answer right_of(const Strike& question) const {
    Answer right;
    double place = 0.0;
    for (const Piece& piece : question.pieces) {
      if (piece.id.empty()) continue;
      if (piece.wrong) right.numbers.push_back(place);
      place += 1.0;
    }
    return right;
  }
};

}  // namespace

Feedback judge(const Question& question, const Answer& answer, const Moment& moment, Scenes& scenes) {
  return std::visit(Judge{answer, moment, scenes}, question.kind);
}

Answer right_answer(const Question& question, const Moment& moment, Scenes& scenes) {
  const Answer none;
  const Judge judge{none, moment, scenes};
  return std::visit([&](const auto& kind) { return judge.right_of(kind); }, question.kind);
}

Value value_of(const Answer& answer) {
  if (const auto typed = typed_number(answer.text)) return *typed;
  if (answer.numbers.size() == 1) return answer.numbers.front();
  return answer.numbers;
}

}  // namespace attn::lessons
