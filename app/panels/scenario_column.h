#pragma once
// A column of sections that goes down a tab of the scenario's card and scrolls where there is more than fits.

#include <functional>
#include <string>
#include <string_view>

#include "app/panels/panel.h"

namespace attn::ui {

/// Goes down the column, section by section.
struct ScenarioColumn {
  PanelContext& context;
  const session::Subject& subject;
  float x;
  float width;
  float y;                   ///< where the next line begins
  float label_width = 0.0f;  ///< of the widest label, where controls stand beside labels

  const Input& input() const { return subject.document.input(); }
  const Style& style() const { return context.style; }

  /// The next line; `gap` is left free below it.
  Rect take(float height, float gap);
  /// The line that says why an entry is refused, below the field; nothing where there is no reason.
  void error(const std::string& reason);
  /// A line with a label at the left, in muted ink; returns where its control goes.
  Rect labelled(std::string_view label);
};

/// Draws a column into `area`. It scrolls when its contents are higher, with fading edges; `name` keeps the
/// place of the scroll bar apart from other columns'. Returns how high the contents are.
float draw_scenario_column(const session::Subject& subject, PanelContext& context, const char* name,
                           const Rect& area, const std::function<void(ScenarioColumn&)>& draw_contents);

}  // namespace attn::ui
