#pragma once
// The window with a lesson open.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "app/lessons/classroom.h"
#include "tests/app/panels/harness.h"

namespace attn::ui::testing {

struct InLesson : Harness {
  lessons::Classroom room{session(), {}};

  explicit InLesson(ImVec2 size = {1440, 900}) : Harness(size) { interface().set_classroom(&room); }
  ~InLesson() { interface().set_classroom(nullptr); }
  /// Everything that was posted is done and drawn.
  void done() {
    for (int i = 0; i < 3; ++i) {
      session().settle();
      room.update();
      settle();
    }
  }
  void go(std::size_t step) {
    session().post(session::InLesson{session::GoToLessonStep{step - 1}});
    done();
  }
  void open(const std::string& name, std::size_t step = 1) {
    session().post(session::InLesson{session::OpenLesson{name}});
    done();
    go(step);
  }
  /// A lesson about the three words with these steps, in the language of lesson files.
  void open_steps(std::string_view steps, std::size_t step = 1) {
    // A name of its own: what was done in a lesson of that name would be kept.
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() /
        ("lesson_" + std::to_string(getpid()) + "_" + std::to_string(++opened_) + ".toml");
    std::ofstream(file) << R"(format = "attention-lesson"
version = 1
title = { en = "A lesson" }
minutes = 5
documents = []
scenario = "three_words"
[teacher]
goal = { en = "g" }
usual_wrong_answer = { en = "u" }
ask_the_class = { en = "a" }
)" << steps;
    open(file.string(), step);
    std::filesystem::remove(file);
  }
  const lessons::StepState& state() const { return room.player()->state(); }

 private:
  int opened_ = 0;
};

}  // namespace attn::ui::testing
