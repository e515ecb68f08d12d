#pragma once
// Words of a lesson that lead to the glossary, and the way back.

#include <optional>
#include <string>

#include "app/widgets/panel_context.h"

namespace attn::ui {

/// Where the glossary begins when it is opened by a link, and what had the keyboard before.
struct GlossaryLink {
  std::string entry;
  std::optional<WidgetId> from;
};

/// Counts the links of the lesson's card: "lesson.term[0]", in reading order.
struct LessonLinks {
  std::size_t count = 0;
};

/// A paragraph whose links are underlined and open the glossary by a click, or Enter. Returns its height.
float draw_linked_paragraph(PanelContext& context, ImVec2 position, const Runs& runs, float width);

}  // namespace attn::ui
