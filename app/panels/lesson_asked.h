#pragma once
// What the kinds of questions have in common: where one is asked, its draft, and how an answer is handed in.

#include <string>
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
  /// The button that hands an answer in, see LessonHandIn.
  bool hand_in(std::string_view label, bool enabled) const;
};

/// The button that hands an answer in stands below what it hands in, or, where that is longer than the card,
/// above the card's other buttons: it is always in sight.
struct LessonHandIn {
  std::size_t step = 0;
  bool asked = false;  ///< the question of the last frame had one
  bool below = false;  ///< it stands above the card's other buttons
  bool pressed = false;
  bool enabled = false;
  std::string label;
};
bool draw_hand_in(PanelContext& context, Rect line, const LessonHandIn& hand_in);

void ask(const AskedQuestion& asked, const lessons::Predict& question);
void ask(const AskedQuestion& asked, const lessons::Pick& question);
void ask(const AskedQuestion& asked, const lessons::Choose& question);
void ask(const AskedQuestion& asked, const lessons::EnterValue& question);
void ask(const AskedQuestion& asked, const lessons::Foresee& question);
void ask(const AskedQuestion& asked, const lessons::Strike& question);

}  // namespace attn::ui
