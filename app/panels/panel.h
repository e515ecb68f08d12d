#pragma once
// What every panel is: a function that reads a Subject, draws into its area and posts actions. It owns
// nothing that belongs to the document, and knows of no other panel.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/locale/catalogue.h"
#include "app/session/session.h"
#include "app/widgets/geometry.h"
#include "app/widgets/text.h"
#include "app/widgets/theme.h"
#include "app/widgets/widget_id.h"

namespace attn::ui {

/// What the mouse points at, shared by all panels: hovering anything highlights the same token, row and
/// cell everywhere.
struct Hover {
  std::optional<CellRef> cell;
  std::optional<std::size_t> query;  ///< a token on the asking side
  std::optional<std::size_t> key;    ///< a token on the answering side
  bool operator==(const Hover&) const = default;
};

struct PanelContext {
  const session::Session& session;
  std::function<void(session::Action)> post;
  WidgetRegistry& widgets;
  const Text& text;
  const Style& style;
  const Catalogue& catalogue;

  Rect area;                   ///< the card of this panel, in display units of the window
  ImDrawList* list = nullptr;  ///< where this panel draws

  const Hover& hover;  ///< of the last frame
  Hover& hover_next;   ///< what this panel finds hovered now

  /// Seconds since the first frame, for animations; stands still with reduced motion.
  double time = 0.0;
  /// Set by a panel that is in the middle of a motion: the next frame comes without waiting for events.
  bool& animating;

  const Theme& colours() const { return style.colours; }
  std::string_view tr(std::string_view id) const { return catalogue.tr(id); }
  std::string tr(const session::Message& message) const { return catalogue.tr(message); }
  template <class... Arguments>
  std::string say(std::string_view id, const Arguments&... arguments) const {
    return catalogue.say(id, arguments...);
  }
  TextLook look(TextSize size, Colour colour, Face face = Face::sans) const {
    return {face, style.text(size), colour};
  }
  TextLook look(TextSize size, Face face = Face::sans) const { return look(size, style.colours.ink, face); }
  /// This context for another area.
  PanelContext within(const Rect& rect) const {
    PanelContext inner = *this;
    inner.area = rect;
    return inner;
  }
};

/// Panels of the window. `draw` is called inside an ImGui window of its own that covers `area` and has no
/// decoration; the card is drawn by the panel with draw_card().
using PanelFunction = void (*)(const session::Subject&, PanelContext&);

void draw_top_bar(const session::Subject& subject, PanelContext& context);
void draw_scenario_panel(const session::Subject& subject, PanelContext& context);
void draw_pipeline_panel(const session::Subject& subject, PanelContext& context);
void draw_heatmap_panel(const session::Subject& subject, PanelContext& context);
void draw_vectors_panel(const session::Subject& subject, PanelContext& context);
void draw_explain_panel(const session::Subject& subject, PanelContext& context);

}  // namespace attn::ui
