// Every lesson that travels with the program is checked, and played as people play it: right answers, the
// usual slips, and every wrong answer that the lesson foresees.

#include "app/lessons/course.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "app/lessons/change.h"
#include "app/lessons/functions.h"
#include "app/lessons/judge.h"
#include "app/lessons/lesson_check.h"
#include "app/lessons/play.h"
#include "app/lessons/player.h"
#include "core/io/text.h"
#include "tests/app/lessons/lesson_inputs.h"

using namespace attn::lessons;
using attn::session::Document;
using attn::session::english;

namespace {

std::string joined(const std::vector<std::string>& lines) {
  return fmt::format("{}", fmt::join(lines, "\n"));
}

/// Plays a lesson with right answers, and before each of them every wrong answer that can be told from it.
class Pupil {
 public:
  struct Counts {
    std::size_t steps = 0;
    std::size_t asked = 0;
    std::size_t slips = 0;
    std::size_t wrong_values = 0;
    std::size_t wrong_options = 0;
    std::size_t wrong_places = 0;
    std::size_t wrong_pieces = 0;
  };
  Counts counts;
  std::vector<std::string> failures;

  void play(const std::shared_ptr<const Lesson>& lesson) {
    Player player(lesson);
    player_ = &player;
    Document document = player.start();
    for (std::size_t i = 0; i < lesson->steps.size(); ++i) {
      if (i > 0) document = player.go(i, document);
      ++counts.steps;
      selection_ = player.step().focus;
      if (player.step().question) document = question(*player.step().question, document);
      if (player.step().task) document = task(*player.step().task, document);
    }
    if (!player.finished()) fail("expected every step done, found some open");
    player_ = nullptr;
  }

 private:
  void fail(const std::string& what) {
    failures.push_back(fmt::format("{}: step {} ({}): {}", player_->lesson().name, player_->place() + 1,
                                   player_->step().id, what));
  }
  Moment moment(const Document& document) {
    const Scene scene = scenes_.of(document);
    Moment now{scene.document, scene.trace};
    now.selection = selection_;
    return player_->complete(std::move(now));
  }
  std::string read(const LessonText& text, const Moment& now) {
    return plain_text(text.in("en"), now, scenes_);
  }
  std::vector<std::string> said(const Feedback& feedback, const Moment& now) {
    std::vector<std::string> lines;
    for (const FeedbackLine& line : feedback.lines)
      lines.push_back(line.own.empty() ? english(line.message) : read(line.own, now));
    return lines;
  }
  /// A wrong answer is judged wrong and hears this; empty: anything.
  void expect(const Question& question, const Answer& answer, const Moment& now, const std::string& say) {
    const Feedback feedback = judge(question, answer, now, scenes_);
    const std::string given = answer.text.empty() ? format(Value(answer.numbers)) : answer.text;
    if (feedback.right) fail(fmt::format("{} is wrong, and was judged right", given));
    const auto lines = said(feedback, now);
    if (!say.empty() && std::ranges::find(lines, say) == lines.end())
      fail(fmt::format("to {} expected \"{}\", found \"{}\"", given, say, joined(lines)));
  }

  Document question(const Question& question, const Document& document) {
    ++counts.asked;
    const Moment now = moment(document);
    std::visit([&](const auto& kind) { wrong_answers(question, kind, now); }, question.kind);
    if (!player_->answer(right_answer(question, now, scenes_), now, scenes_).right)
      fail("the right answer was judged wrong");
    const auto* foresee = std::get_if<Foresee>(&question.kind);
    return foresee != nullptr ? changed(document, foresee->change) : document;
  }

  Document task(const Task& task, const Document& document) {
    ++counts.asked;
    if (player_->watch(moment(document), scenes_)) fail("the task is done before it begins");
    const Document solved = changed(document, task.solution.change);
    if (task.solution.slider) player_->move_slider(*task.solution.slider);
    if (task.solution.select) selection_ = task.solution.select;
    if (!player_->watch(moment(solved), scenes_)) fail("the solution does not solve the task");
    return solved;
  }

  /// Every slip that can be told from the right answer is recognised: by its own sentence, by that of another
  /// slip with the same numbers, or by what the lesson says to this value.
  void slips(const Question& question, const Expression& asked, const Value& right, double tolerance,
             const std::vector<WrongValue>& wrong, const Moment& now) {
    const auto cell = named_cell(asked, now, scenes_);
    if (!cell) return;
    const auto all = slips_of(*cell, now, scenes_);
    for (const SlipValue& slip : all) {
      if (near(slip.value, right, tolerance) || !can_be_given(slip.value)) continue;
      ++counts.slips;
      const Answer answer = answer_of(slip.value);
      const std::string own = own_say(wrong, slip.value, tolerance, now);
      if (!own.empty()) {
        expect(question, answer, now, own);
        continue;
      }
      const Feedback feedback = judge(question, answer, now, scenes_);
      const bool same = feedback.slip && std::ranges::any_of(all, [&](const SlipValue& other) {
                          return other.slip == *feedback.slip && near(other.value, slip.value, tolerance);
                        });
      if (!same) {
        fail(fmt::format("the slip {} ({}) was not recognised", name(slip.slip), format(slip.value)));
      } else {
        expect(question, answer, now, english(message_of(*feedback.slip)));
      }
    }
  }
  static bool can_be_given(const Value& value) {
    const auto known = [](double number) { return !std::isnan(number); };
    if (const auto* number = std::get_if<double>(&value)) return known(*number);
    const auto* list = std::get_if<List>(&value);
    return list != nullptr && std::ranges::all_of(*list, known);
  }
  static Answer answer_of(const Value& value) {
    if (const auto* list = std::get_if<List>(&value)) return {*list, {}};
    const double number = std::get<double>(value);
    return {{}, std::isfinite(number) ? attn::io::shortest(number) : format(number)};
  }
  std::string own_say(const std::vector<WrongValue>& wrong, const Value& given, double tolerance,
                      const Moment& now) {
    for (const WrongValue& one : wrong)
      if (near(given, evaluate(one.value, now, scenes_), tolerance)) return read(one.say, now);
    return {};
  }

  void wrong_answers(const Question& question, const Predict& kind, const Moment& now) {
    slips(question, kind.row, evaluate_list(kind.row, now, scenes_), kind.tolerance, {}, now);
  }
  void wrong_answers(const Question& question, const EnterValue& kind, const Moment& now) {
    slips(question, kind.answer, evaluate_number(kind.answer, now, scenes_), kind.tolerance, kind.wrong, now);
    for (const WrongValue& wrong : kind.wrong) {
      ++counts.wrong_values;
      expect(question, answer_of(evaluate_number(wrong.value, now, scenes_)), now, read(wrong.say, now));
    }
  }
  void wrong_answers(const Question& question, const Pick& kind, const Moment& now) {
    const attn::Dimensions& d = now.document.dimensions();
    const bool cell = kind.what == Pick::What::cell;
    const attn::StageShape shape = attn::shape_of(kind.stage, now.document.input(), d);
    const std::size_t rows = kind.what == Pick::What::head     ? d.n_heads
                             : kind.what == Pick::What::column ? d.n_keys
                             : cell                            ? shape.rows
                                                               : std::max(d.n_queries, d.n_keys);
    for (const WrongPlace& wrong : kind.wrong) {
      ++counts.wrong_places;
      bool heard = false;
      for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < (cell ? shape.columns : 1); ++j) {
          Answer place{{static_cast<double>(i)}, {}};
          if (cell) place.numbers.push_back(static_cast<double>(j));
          const Feedback feedback = judge(question, place, now, scenes_);
          const auto lines = said(feedback, now);
          heard = heard || (!feedback.right && std::ranges::find(lines, read(wrong.say, now)) != lines.end());
        }
      }
      if (!heard) fail(fmt::format("no wrong place hears \"{}\"", read(wrong.say, now)));
    }
  }
  void wrong_answers(const Question& question, const Choose& kind, const Moment& now) {
    if (!kind.vote) wrong_options(question, kind.options, now);
  }
  void wrong_answers(const Question& question, const Foresee& kind, const Moment& now) {
    wrong_options(question, kind.options, now);
  }
  /// Each wrong option alone, and beside what is right.
  void wrong_options(const Question& question, const std::vector<Option>& options, const Moment& now) {
    const bool choice = std::holds_alternative<Choose>(question.kind);
    const Answer right = right_answer(question, now, scenes_);
    for (std::size_t i = 0; i < options.size(); ++i) {
      const double place = static_cast<double>(i);
      if (std::ranges::find(right.numbers, place) != right.numbers.end()) continue;
      ++counts.wrong_options;
      const std::string say = options[i].say.empty() ? "" : read(options[i].say, now);
      if (choice && say.empty()) fail(fmt::format("nothing is said to the wrong option {}", i));
      expect(question, {{place}, {}}, now, say);
      Answer both = right;
      both.numbers.insert(std::ranges::upper_bound(both.numbers, place), place);
      expect(question, both, now, say);
    }
  }
  void wrong_answers(const Question& question, const Strike& kind, const Moment& now) {
    double place = 0.0;
    for (const Piece& piece : kind.pieces) {
      if (piece.id.empty()) continue;
      if (!piece.wrong) {
        ++counts.wrong_pieces;
        expect(question, {{place}, {}}, now, piece.say.empty() ? "" : read(piece.say, now));
      }
      place += 1.0;
    }
    expect(question, {}, now, "Strike out at least one piece.");
  }

  Player* player_ = nullptr;
  Scenes scenes_;
  std::optional<attn::CellRef> selection_;
};

constexpr std::array<std::string_view, 5> kArticles = {"000", "001", "002", "003", "004"};
bool is_article(std::string_view number) { return std::ranges::find(kArticles, number) != kArticles.end(); }

}  // namespace

TEST_CASE("every lesson that travels with the program has no problem in English and in Chinese") {
  std::vector<std::string> problems;
  for (const auto& lesson : builtin_lessons()) {
    for (std::string& line : problems_of(lesson, lesson->name, {"en", "zh"}))
      problems.push_back(std::move(line));
  }
  INFO(joined(problems));
  CHECK(problems.empty());
  CHECK(builtin_lessons().size() >= 17);
}

TEST_CASE("every lesson can be played to its end, and every foreseeable mistake is answered") {
  Pupil pupil;
  for (const auto& lesson : builtin_lessons()) pupil.play(lesson);
  const Pupil::Counts& counts = pupil.counts;
  INFO(
      fmt::format("{} steps, {} of them ask; {} slips, {} wrong values, {} wrong options, {} wrong places, "
                  "{} wrong pieces",
                  counts.steps, counts.asked, counts.slips, counts.wrong_values, counts.wrong_options,
                  counts.wrong_places, counts.wrong_pieces));
  INFO(joined(pupil.failures));
  CHECK(pupil.failures.empty());
  for (const std::size_t checked : {counts.asked, counts.slips, counts.wrong_values, counts.wrong_options,
                                    counts.wrong_places, counts.wrong_pieces})
    CHECK(checked > 0);
}

TEST_CASE("played with right answers every step is right, in both languages") {
  for (const auto& lesson : builtin_lessons()) {
    Deeds deeds;
    for (const Step& step : lesson->steps)
      if (step.asks()) deeds[step.id] = {};
    for (const char* language : {"en", "zh"}) {
      Scenes scenes;
      for (const PlayedStep& step : play(lesson, deeds, scenes, language)) {
        CAPTURE(lesson->name);
        CAPTURE(step.step + 1);
        CHECK_FALSE(step.text.empty());
        CHECK(step.right == step.asked);
      }
    }
  }
}

TEST_CASE("lessons name the articles that they are about, and every article has one") {
  std::set<std::string> covered;
  for (const auto& lesson : builtin_lessons()) {
    CAPTURE(lesson->name);
    CHECK_FALSE(lesson->documents.empty());
    for (const std::string& document : lesson->documents) {
      CAPTURE(document);
      const std::string number = document.substr(0, 3);
      CHECK(is_article(number));
      CHECK(document.substr(3, 2) == ": ");
      CHECK(document.size() > 5);
      covered.insert(number);
    }
    for (const Step& step : lesson->steps) {
      CAPTURE(step.id);
      if (step.question) {
        if (const auto* strike = std::get_if<Strike>(&step.question->kind)) {
          CHECK(is_article(strike->document));
          const bool chinese = std::ranges::any_of(strike->pieces, [](const Piece& piece) {
            return piece.text.find("是") != std::string::npos || piece.text.find("为") != std::string::npos ||
                   piece.text.find("的") != std::string::npos;
          });
          CHECK(strike->translation.by_language.contains("en") == chinese);  // code needs none
        }
      }
      for (const auto& [language, text] : step.text.by_language) {
        for (const TextPart& part : text)
          if (part.kind == TextPart::Kind::quote) CHECK(is_article(part.document));
      }
    }
  }
  CHECK(covered == std::set<std::string>(kArticles.begin(), kArticles.end()));
}

TEST_CASE("what learners get wrong is asked somewhere") {
  struct Asked {
    const char* misconception;
    const char* lesson;
    const char* step;
  };
  constexpr std::array kAsked = {
      Asked{"which axis is the query's", "06_which_way_round", "who_asks"},
      Asked{"which axis sums to one", "06_which_way_round", "which_sum"},
      Asked{"a mask sets the score to zero", "08_masks", "zero"},
      Asked{"the causal mask is the padding mask", "08_masks", "layers"},
      Asked{"scaling is cosmetic", "07_why_divide", "guess"},
      Asked{"scaling cures saturation", "07_why_divide", "long_vectors"},
      Asked{"heads are averaged", "09_many_heads", "averaged"},
      Asked{"h heads cost h times more", "09_many_heads", "cost"},
      Asked{"attention is the explanation", "09_many_heads", "erased"},
      Asked{"the dot product is similarity", "02_how_alike", "claim"},
      Asked{"a word attends most to itself", "11d_clinic_worked_example", "longest"},
      Asked{"a word attends only to others", "11b_clinic_transformer", "itself"},
      Asked{"attention averages words", "04_weighted_sum", "what_is_averaged"},
      Asked{"order is built in", "10_order", "swap"},
      Asked{"parameters and attention weights are one thing", "05_query_key_value", "fixed_and_moving"},
      Asked{"Q, K, V are three inputs", "05_query_key_value", "one_input"},
      Asked{"softmax picks the maximum", "03_softmax_laboratory", "never_zero"},
  };
  for (const Asked& asked : kAsked) {
    CAPTURE(std::string(asked.misconception));
    const auto lesson = builtin_lesson(asked.lesson);
    REQUIRE(lesson != nullptr);
    const auto step = std::ranges::find(lesson->steps, asked.step, &Step::id);
    REQUIRE(step != lesson->steps.end());
    CHECK(step->asks());
  }
}

TEST_CASE("lessons and routes are found by name") {
  CHECK(builtin_lesson("01_three_words") != nullptr);
  CHECK(builtin_lesson("01_three_words.toml") == nullptr);
  std::set<std::string> ids;
  for (const Route& route : routes()) {
    CAPTURE(route.id);
    CHECK(ids.insert(route.id).second);
    CHECK_FALSE(route.lessons.empty());
    CHECK((route.minutes.has_value() || !route.title.empty()));
    int minutes = 0;
    for (const std::string& name : route.lessons) {
      REQUIRE(builtin_lesson(name) != nullptr);
      minutes += builtin_lesson(name)->minutes;
    }
    if (route.minutes) CHECK(minutes <= *route.minutes);
  }
  CHECK(ids.contains("class"));
  std::set<std::string> names;
  for (const auto& lesson : builtin_lessons()) CHECK(names.insert(lesson->name).second);
}
