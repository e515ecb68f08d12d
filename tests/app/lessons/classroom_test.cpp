#include "app/lessons/classroom.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "app/lessons/class_answers.h"
#include "app/lessons/glossary.h"
#include "core/io/format_error.h"

using namespace attn;
using namespace attn::lessons;
namespace fs = std::filesystem;

namespace {

session::SessionOptions options() {
  session::SessionOptions options;
  options.backends = {make_cpu_backend()};
  options.runner.direct = options.backends.front();
  return options;
}

/// A folder of its own that goes with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("attn-classroom-" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

constexpr std::string_view kLesson = R"(format = "attention-lesson"
version = 1
title = { en = "Small" }
minutes = 1
scenario = "three_words"
[teacher]
goal = { en = "g" }
usual_wrong_answer = { en = "w" }
ask_the_class = { en = "a" }
[[step]]
id = "row"
text = { en = "Predict." }
only = ["x[0]"]
[step.question]
kind = "predict"
row = "weights[0][1]"
ask = { en = "How?" }
[[step]]
id = "drag"
text = { en = "Drag." }
focus = { stage = "scores", row = 1, column = 2 }
[step.task]
ask = { en = "Do it" }
until = "weights[0][0][0] > 0.5"
solution = { x = { row = 0, to = [6, 8] } }
[[step]]
text = { en = "Elsewhere." }
scenario = "asymmetric_twin"
)";

/// A session in which the lesson above is open.
struct Room {
  Folder folder;
  session::Session session{options()};
  Classroom room{session, folder.path / "progress.json"};

  Room() {
    std::ofstream(folder.path / "small.toml") << kLesson;
    post(session::Open{folder.path / "small.toml"});
  }
  void post(session::Action action) {
    session.post(std::move(action));
    session.settle();
    room.update();
    session.settle();
    room.update();
  }
  void act(session::LessonAction action) { post(session::InLesson{std::move(action)}); }
  std::string last_notice() const {
    return session.notices().empty() ? "" : english(session.notices().back().text);
  }
};

float x(const Room& r, std::size_t row, std::size_t column) {
  return r.session.document().input().x(row, column);
}

}  // namespace

TEST_CASE_FIXTURE(
    Room, "a lesson hides the row that is asked about, with all that follows from it, until it is answered") {
  REQUIRE(room.player() != nullptr);
  const session::Playhead& playhead = session.playhead();
  CHECK_FALSE(playhead.computed({Stage::weights, 0, 1, 0}));
  CHECK_FALSE(playhead.computed({Stage::output, 0, 1, 0}));
  CHECK(playhead.computed({Stage::weights, 0, 0, 0}));
  CHECK(playhead.computed({Stage::scores, 0, 1, 0}));
  CHECK_FALSE(playhead.complete(Stage::weights));
  act(session::GiveLessonAnswer{{0.2, 0.3, 0.5}, ""});
  CHECK(room.player()->state().done());
  CHECK(playhead.computed({Stage::weights, 0, 1, 0}));
  CHECK(playhead.complete(Stage::output));
}

TEST_CASE_FIXTURE(Room, "what a step locks cannot be changed, and the reason is said") {
  post(session::Apply{session::SetXCell{1, 0, 9.0f}});
  CHECK(x(*this, 1, 0) == 2.0f);
  CHECK(last_notice() == "This step of the lesson keeps that as it is.");
  post(session::Apply{session::SetTemperature{2.0}});
  CHECK(session.document().input().config.temperature == 1.0);
  post(session::Apply{session::SetXCell{0, 0, 5.0f}});
  CHECK(x(*this, 0, 0) == 5.0f);
  post(session::SetPullFreedom{session::PullFreedom::all_words});
  post(session::BeginPull{{Stage::weights, 0, 0, {0}}});
  CHECK_FALSE(session.pulling());
}

TEST_CASE_FIXTURE(Room, "the next step comes once this one is done, a task is done by doing it") {
  act(session::NextLessonStep{});
  CHECK(room.player()->place() == 0);
  act(session::GiveLessonAnswer{{0.0, 0.0, 1.0}, ""});
  act(session::NextLessonStep{});
  REQUIRE(room.player()->place() == 1);
  CHECK(session.view().selection == CellRef{Stage::scores, 0, 1, 2});
  CHECK_FALSE(room.player()->state().done());
  post(session::Apply{session::SetXRow{0, {6.0f, 8.0f}}});
  CHECK(room.player()->state().right);
}

TEST_CASE_FIXTURE(Room, "back and forth keeps what the learner changed, beginning again takes it back") {
  act(session::GiveLessonAnswer{{0.0, 0.0, 1.0}, ""});
  act(session::NextLessonStep{});
  post(session::Apply{session::SetXRow{0, {6.0f, 8.0f}}});
  act(session::NextLessonStep{});
  REQUIRE(room.player()->place() == 2);
  CHECK(session.document().dimensions().n_queries == 3);
  act(session::PreviousLessonStep{});
  CHECK(x(*this, 0, 0) == 6.0f);
  act(session::RestartLessonStep{});
  CHECK(x(*this, 0, 0) == 1.0f);
  CHECK_FALSE(room.player()->state().done());
}

TEST_CASE_FIXTURE(Room, "a lesson is nobody's unsaved work, and another document ends it") {
  post(session::Apply{session::SetXCell{0, 0, 5.0f}});
  CHECK_FALSE(session.has_unsaved_work());
  post(session::OpenExample{"wide"});
  CHECK(session.question() == session::Question::none);
  CHECK(room.player() == nullptr);
  CHECK_FALSE(session.in_lesson());
  post(session::Apply{session::SetTemperature{2.0}});
  CHECK(session.document().input().config.temperature == 2.0);
}

TEST_CASE_FIXTURE(Room, "what was done is there another day") {
  act(session::GiveLessonAnswer{{0.0, 0.0, 1.0}, ""});
  act(session::NextLessonStep{});
  const lessons::Progress kept = load_progress(folder.path / "progress.json");
  REQUIRE(kept.lessons.contains("small"));
  CHECK(kept.last == "small");
  CHECK(kept.lessons.at("small").done == 1);
  CHECK(kept.lessons.at("small").asking == 2);
  session::Session another(options());
  Classroom later(another, folder.path / "progress.json");
  another.post(session::Open{folder.path / "small.toml"});
  another.settle();
  later.update();
  REQUIRE(later.player() != nullptr);
  CHECK(later.player()->place() == 1);
  CHECK(later.player()->state(0).done());
}

TEST_CASE_FIXTURE(Room, "a lesson that was finished begins at its first step, today and another day") {
  const auto finish = [&] {
    act(session::GiveLessonAnswer{{0.0, 0.0, 1.0}, ""});
    act(session::NextLessonStep{});
    for (int i = 0; i < 3; ++i) act(session::TakeHint{});
    act(session::ShowLessonAnswer{});
    act(session::NextLessonStep{});
    REQUIRE(room.player()->at_last());
    REQUIRE(room.player()->finished());
  };
  finish();
  session::Session another(options());
  Classroom later(another, folder.path / "progress.json");
  another.post(session::Open{folder.path / "small.toml"});
  another.settle();
  later.update();
  REQUIRE(later.player() != nullptr);
  CHECK(later.player()->place() == 0);
  CHECK_FALSE(later.player()->state().done());

  act(session::LeaveLesson{});
  post(session::Open{folder.path / "small.toml"});
  REQUIRE(room.player() != nullptr);
  CHECK(room.player()->place() == 0);
  CHECK_FALSE(room.player()->state().has_answer());
  // The list of lessons still knows that it was done.
  CHECK(load_progress(folder.path / "progress.json").lessons.at("small").done == 2);
}

TEST_CASE_FIXTURE(Room, "progress that cannot be read is not written over") {
  std::ofstream(folder.path / "broken.json") << "{";
  session::Session another(options());
  Classroom later(another, folder.path / "broken.json");
  CHECK(english(another.notices().back().text).find("broken.json") != std::string::npos);
  another.post(session::Open{folder.path / "small.toml"});
  another.settle();
  later.update();
  std::ifstream file(folder.path / "broken.json");
  std::string text;
  file >> text;
  CHECK(text == "{");
}

TEST_CASE_FIXTURE(Room, "answers of a class are written, dropped on the window and read back") {
  act(session::GiveLessonAnswer{{0.1, 0.2, 0.7}, ""});
  act(session::SaveLessonAnswers{(folder.path / "ada.answers.json").string()});
  post(session::OpenDropped{{folder.path / "ada.answers.json"}});
  REQUIRE(room.class_answers().size() == 1);
  CHECK(room.class_answers()[0].learner == "ada");
  CHECK(room.class_answers()[0].lesson == "small");
  CHECK(room.class_answers()[0].answers.at("row").numbers == std::vector<double>{0.1, 0.2, 0.7});
  std::ofstream(folder.path / "bad.answers.json") << "[]";
  CHECK_THROWS_AS(load_class_answers(folder.path / "bad.answers.json"), io::FormatError);
}

TEST_CASE("every word of the glossary opens an example that shows it") {
  session::Session session(options());
  Classroom room(session, {});
  REQUIRE(glossary().size() >= 30);
  for (const GlossaryEntry& entry : glossary()) {
    CAPTURE(entry.id);
    CHECK(entry.term.by_language.contains("en"));
    CHECK(entry.term.by_language.contains("zh"));
    session.post(session::InLesson{session::OpenGlossaryExample{entry.id}});
    session.settle();
    room.update();
    session.settle();
    REQUIRE(entry.example.focus);
    CHECK(session.view().selection == *entry.example.focus);
    CHECK_FALSE(session.status().error.has_value());
  }
}
