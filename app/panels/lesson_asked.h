#pragma once
// What the kinds of questions have in common: where one is asked, its draft, and how an answer is handed in.

#include <string_view>

#include "app/panels/lesson_panel.h"

namespace attn::ui {

/// A question of the step, with what is about to be answered. The functions below draw one kind each, down
/// the lesson's column.
struct AskedQuestion {
  const LessonColumn& lesson;
  LessonDraft& draft;

  PanelContext& context() const { return lesson.context(); }
  const Style& style() const { return lesson.style(); }
  const lessons::StepState& state() const { return lesson.player.state(); }
  bool open() const { return !state().done(); }
  bool is_ticked(std::size_t i) const;
  /// Ticks an option or takes the tick back; where only one may be ticked, the others lose theirs.
  void toggle(std::size_t i, bool several) const;
  void give(const lessons::Answer& answer) const;
  /// The button that hands an answer in.
  bool hand_in(std::string_view label, bool enabled) const;
};

void ask(const AskedQuestion& asked, const lessons::Predict& question);
void ask(const AskedQuestion& asked, const lessons::Pick& question);
void ask(const AskedQuestion& asked, const lessons::Choose& question);
void ask(const AskedQuestion& asked, const lessons::EnterValue& question);
void ask(const AskedQuestion& asked, const lessons::Foresee& question);
void ask(const AskedQuestion& asked, const lessons::Strike& question);

}  // namespace attn::ui
