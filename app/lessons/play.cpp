#include "app/lessons/play.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/lessons/change.h"
#include "app/lessons/fields.h"
#include "core/io/format_error.h"

namespace attn::lessons {
namespace {

class Playing {
 public:
  Playing(const std::shared_ptr<const Lesson>& lesson, Scenes& scenes, std::string_view language)
      : player_(lesson), scenes_(scenes), language_(language) {}

  std::vector<PlayedStep> all(const Deeds& deeds) {
    session::Document document = player_.start();
    std::vector<PlayedStep> played;
    for (std::size_t i = 0; i < player_.lesson().steps.size(); ++i) {
      if (i > 0) document = player_.go(i, document);
      document = step(deeds, document, played.emplace_back());
    }
    return played;
  }

 private:
  Moment moment(const session::Document& document) const {
    const Scene scene = scenes_.of(document);
    Moment now{scene.document, scene.trace};
    now.selection = selection_;
    return player_.complete(std::move(now));
  }
  std::string read(const LessonText& text, const Moment& now) const {
    return plain_text(text.in(language_), now, scenes_);
  }

  session::Document step(const Deeds& deeds, session::Document document, PlayedStep& played) {
    const Step& step = player_.step();
    selection_ = step.focus;
    played.step = player_.place();
    played.asked = step.asks();
    const Moment now = moment(document);
    played.text = read(step.text, now);
    if (step.question) played.ask = read(step.question->ask, now);
    if (step.task) played.ask = read(step.task->ask, now);
    const auto deed = deeds.find(step.id);
    if (!step.asks() || deed == deeds.end()) return document;
    played.answered = true;
    return step.question ? question(deed->second, std::move(document), now, played)
                         : task(deed->second, std::move(document), played);
  }

  session::Document question(const Deed& deed, session::Document document, const Moment& now,
                             PlayedStep& played) {
    const Question& question = *player_.step().question;
    const Answer given = deed.kind == Deed::Kind::right ? right_answer(question, now, scenes_) : deed.answer;
    played.given = given.text.empty() ? format(Value(given.numbers)) : given.text;
    const Feedback& feedback = player_.answer(given, now, scenes_);
    played.right = feedback.right;
    played.slip = feedback.slip;
    for (const FeedbackLine& line : feedback.lines)
      played.feedback.push_back(line.own.empty() ? english(line.message) : read(line.own, now));
    if (!player_.state().done()) return document;
    if (const auto* foresee = std::get_if<Foresee>(&question.kind))
      document = changed(document, foresee->change);
    if (!question.after.empty()) played.feedback.push_back(read(question.after, moment(document)));
    return document;
  }

  session::Document task(const Deed& deed, session::Document document, PlayedStep& played) {
    const Task& task = *player_.step().task;
    const Solution& solution = deed.kind == Deed::Kind::right ? task.solution : deed.solution;
    document = changed(document, solution.change);
    if (solution.slider) player_.move_slider(*solution.slider);
    if (solution.select) selection_ = solution.select;
    played.given = solution.change.json;
    const Moment now = moment(document);
    played.right = player_.watch(now, scenes_);
    if (played.right && !task.after.empty()) played.feedback.push_back(read(task.after, now));
    return document;
  }

  Player player_;
  Scenes& scenes_;
  std::string_view language_;
  std::optional<CellRef> selection_;
};

Deed deed_of(const Step& step, const Node& value, Fields& answers) {
  const auto* text = std::get_if<std::string>(&value.value);
  if (text != nullptr && *text == "right") return {};
  if (step.task) {
    if (value.table() == nullptr) answers.refuse(step.id, value, "\"right\" or a table");
    Fields fields = answers.table(step.id);
    Deed deed{Deed::Kind::solution, {}, {}};
    deed.solution.select = fields.cell("select");
    deed.solution.slider = fields.maybe_number("slider", -1.0e6, 1.0e6);
    Node changes = value;
    std::erase_if(std::get<NodeTable>(changes.value),
                  [](const auto& entry) { return entry.key == "select" || entry.key == "slider"; });
    if (!changes.table()->empty()) deed.solution.change.json = to_json(changes);
    return deed;
  }
  Deed deed{Deed::Kind::answer, {}, {}};
  const auto add = [&](const Node& one) {
    if (const auto* integer = std::get_if<std::int64_t>(&one.value)) {
      deed.answer.numbers.push_back(static_cast<double>(*integer));
    } else if (const auto* number = std::get_if<double>(&one.value)) {
      deed.answer.numbers.push_back(*number);
    } else {
      answers.refuse(step.id, one, "a number");
    }
  };
  if (text != nullptr) {
    deed.answer.text = *text;
  } else if (const NodeList* const list = value.list()) {
    for (const Node& one : *list) add(one);
  } else {
    add(value);
    // A number may be what is typed as well.
    if (step.question && std::holds_alternative<EnterValue>(step.question->kind))
      deed.answer = {{}, format(deed.answer.numbers.front(), {ValueFormat::Kind::automatic, 8})};
  }
  return deed;
}

}  // namespace

std::vector<PlayedStep> play(const std::shared_ptr<const Lesson>& lesson, const Deeds& deeds, Scenes& scenes,
                             std::string_view language) {
  return Playing(lesson, scenes, language).all(deeds);
}

Deeds parse_deeds(std::string_view text, std::string_view file, const Lesson& lesson) {
  const Node root = parse_toml(text, file);
  LessonFile shared{std::string(file), {}};
  Fields fields(root, shared, {});
  Fields answers = fields.table("answers");
  fields.finish();
  Deeds deeds;
  for (const Step& step : lesson.steps) {
    if (!step.asks()) continue;
    if (const Node* const value = answers.optional(step.id))
      deeds.emplace(step.id, deed_of(step, *value, answers));
  }
  answers.finish();
  return deeds;
}

std::string plain_text(const RichText& text, const Moment& moment, Scenes& scenes) {
  std::string result;
  for (const TextPart& part : text) {
    if (part.kind == TextPart::Kind::live) {
      result += behind_sign(result, format(evaluate(*part.expression, moment, scenes), part.format));
    } else if (part.kind == TextPart::Kind::quote) {
      result += "“" + part.text + "”";
    } else {
      result += part.text;
    }
  }
  return result;
}

}  // namespace attn::lessons
