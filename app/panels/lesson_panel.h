#pragma once
// The card of a lesson: where one stands, what the step says, its figure, what it asks, what it answers, and
// the buttons that go on. Its parts are in files of their own.

#include <optional>
#include <string_view>

#include "app/lessons/classroom.h"
#include "app/panels/panel.h"
#include "app/panels/scenario_column.h"

namespace attn::ui {

/// What the parts of the card draw with.
struct LessonColumn {
  ScenarioColumn& column;
  const lessons::Classroom& room;
  const lessons::Player& player;
  const lessons::Moment& now;
  float figure_height = 0.0f;  ///< of the room that a figure may fill

  PanelContext& context() const { return column.context; }
  const Style& style() const { return column.style(); }
  const lessons::Step& step() const { return player.step(); }
  /// A paragraph at the full width; `gap` below it.
  void paragraph(const lessons::LessonText& text, TextSize size, float gap) const;
  void paragraph(const Runs& runs, float gap) const;
  Runs runs(const lessons::LessonText& text, const TextLook& look) const;
};

/// The step's figure, with its slider (lesson_figure.cpp, and a file for its kinds each).
void draw_lesson_figure(const LessonColumn& lesson);
/// What is asked, and what was said to the answer (lesson_question.cpp).
void draw_lesson_question(const LessonColumn& lesson);
/// What a learner is about to answer: kept from frame to frame, begun afresh with each step.
struct LessonDraft {
  std::string lesson;
  std::size_t step = 0;
  std::size_t attempts = 0;
  lessons::Answer answer;
  std::optional<std::size_t> dragging;  ///< of predicted bars
};
LessonDraft& lesson_draft(const LessonColumn& lesson);

}  // namespace attn::ui
