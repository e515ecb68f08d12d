#include <string>

#include "app/lessons/change.h"
#include "app/lessons/classroom.h"
#include "app/lessons/course.h"
#include "app/lessons/play.h"
#include "app/panels/lesson_bars.h"
#include "tests/app/panels/in_lesson.h"
#include "tests/app/panels/screen_text.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::InLesson;

TEST_CASE("a share that is moved leaves the others their proportions, and the sum stays 1") {
  std::vector<double> shares = {0.5, 0.25, 0.25};
  set_share(shares, 0, 0.8);
  CHECK(shares[0] == doctest::Approx(0.8));
  CHECK(shares[1] == doctest::Approx(0.1));
  set_share(shares, 0, 1.0);
  set_share(shares, 0, 0.4);
  CHECK(shares[1] == doctest::Approx(0.3));
  set_share(shares, 1, 2.0);
  CHECK(shares[1] == 1.0);
}

TEST_CASE_FIXTURE(InLesson, "bars are dragged and nudged by keys, then the row is revealed") {
  open("01_three_words", 3);
  REQUIRE(has("lesson.bar[2]"));
  const Rect bar = rect("lesson.bar[2]");
  drag(bar.centre(), {bar.centre().x, bar.min.y + 34});
  done();
  key(Key::down);
  done();
  CHECK(room.player()->state().attempts == 0);
  CHECK_FALSE(session().playhead().computed({Stage::weights, 0, 1, 2}));
  click("lesson.answer");
  done();
  CHECK(room.player()->state().done());
  CHECK(room.player()->state().answer.numbers[2] > 0.8);
  CHECK(session().playhead().computed({Stage::weights, 0, 1, 2}));
  CHECK_FALSE(has("lesson.answer"));
  click("lesson.next");
  done();
  CHECK(room.player()->place() == 3);
}

TEST_CASE_FIXTURE(InLesson, "a wrong number gets its own line, the right one goes on") {
  open("01_three_words", 4);
  click("lesson.value");
  type("3");
  key(Key::enter);
  done();
  CHECK(room.player()->state().attempts == 1);
  CHECK_FALSE(room.player()->state().done());
  CHECK(has("lesson.answer"));
  click("lesson.help");
  done();
  CHECK(room.player()->state().hints == 1);
}

TEST_CASE_FIXTURE(InLesson, "options are ticked by mouse and by key, and checked") {
  open("12_break_it", 2);
  REQUIRE(has("lesson.option[0]"));
  const auto& kind = room.player()->step().question->kind;
  REQUIRE_FALSE(std::get<lessons::Choose>(kind).several);
  click("lesson.option[0]");
  click("lesson.option[1]");
  done();
  wheel(-20);
  done();
  click("lesson.answer");
  done();
  CHECK(room.player()->state().attempts == 1);
  REQUIRE(room.player()->state().answer.numbers.size() == 1);
  CHECK(room.player()->state().answer.numbers[0] == 1.0);
}

TEST_CASE_FIXTURE(InLesson, "the cards of a step stand beside the lesson, and go with it") {
  open("01_three_words", 1);
  CHECK(has("lesson.next"));
  CHECK_FALSE(has("scenario.tab[0]"));
  click("lesson.leave");
  done();
  CHECK_FALSE(has("lesson.next"));
  CHECK(has("scenario.tab[0]"));
}

TEST_CASE_FIXTURE(InLesson, "the start page opens a lesson by keys") {
  key(Key::l, {.ctrl = true});
  done();
  REQUIRE(session().dialog() == session::Dialog::lessons);
  key(Key::down);
  key(Key::enter);
  done();
  REQUIRE(room.player() != nullptr);
  CHECK(room.player()->lesson().name == "01_three_words");
  CHECK(session().dialog() == session::Dialog::none);
}

TEST_CASE_FIXTURE(InLesson, "every widget that a lesson points at is there") {
  std::size_t checked = 0;
  for (const auto& one : lessons::builtin_lessons()) {
    const std::string& lesson = one->name;
    open(lesson);
    for (std::size_t i = 0; i < room.player()->lesson().steps.size(); ++i) {
      session().post(session::InLesson{session::GoToLessonStep{i}});
      done();
      for (const std::string& widget : room.player()->step().highlight) {
        CAPTURE(lesson);
        CAPTURE(i + 1);
        CAPTURE(widget);
        CHECK(has(widget));
        ++checked;
      }
    }
  }
  CHECK(checked > 10);
}

TEST_CASE_FIXTURE(InLesson, "every entry of the glossary is shown, its live values included") {
  session().post(session::ShowDialog{session::Dialog::glossary});
  done();
  REQUIRE(session().dialog() == session::Dialog::glossary);
  for (const lessons::GlossaryEntry& entry : lessons::glossary()) {
    CAPTURE(entry.id);
    lessons::Moment now{*entry.example.scenario, nullptr};
    const lessons::Scene scene = room.scenes().of(lessons::changed(now.document, entry.example.change));
    now = {scene.document, scene.trace};
    for (const auto& [language, text] : entry.text.by_language)
      CHECK_NOTHROW(lessons::plain_text(text, now, room.scenes()));
    key(Key::down);
    done();
  }
  CHECK(has("dialog.answer[1]"));
  CHECK(session().notices().empty());
}
