#pragma once
// What is said about a pull on the answer: where it is to go, how near it came, how stiff the softmax is,
// what may move, and why it cannot arrive.

#include <string>
#include <vector>

#include "app/session/pull.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {

struct PullWords {
  std::string goal;    ///< "α₁₁ → 0.62, now 0.55"
  std::string handle;  ///< "saturated: hardly moves · this word may move"
  std::string reason;  ///< why it cannot arrive; empty while it can
};

PullWords pull_words(const PanelContext& context, const Input& input, const session::PullReport& report);

/// Draws them from `area.min` down, the reason in the warning colour; returns the height that they need.
float draw_pull_words(PanelContext& context, const Rect& area, const PullWords& words);
float height_of_pull_words(const PanelContext& context, float width, const PullWords& words);

/// The goal in one line.
void draw_pull_goal(PanelContext& context, const Rect& line, const PullWords& words);
/// What holds it and why it cannot arrive, in no more than this area; the reason before the rest.
void draw_pull_reason(PanelContext& context, const Rect& area, const PullWords& words);

}  // namespace attn::ui
