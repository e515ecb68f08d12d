#pragma once
// What a panel and its widgets draw with and know in one frame: the session to read, where to post
// actions, texts, look, area and hover.

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <unordered_map>
#include <utility>

#include "app/locale/catalogue.h"
#include "app/session/session.h"
#include "app/widgets/geometry.h"
#include "app/widgets/text.h"
#include "app/widgets/theme.h"
#include "app/widgets/widget_id.h"
#include "app/widgets/written_names.h"

namespace attn::lessons {
class Classroom;  // app/lessons/classroom.h
}

namespace attn::ui {

/// What the mouse points at, shared by all panels: hovering anything highlights the same token, row and
/// cell everywhere.
struct Hover {
  std::optional<CellRef> cell;
  std::optional<std::size_t> query;  ///< a token on the asking side
  std::optional<std::size_t> key;    ///< a token on the answering side
  bool operator==(const Hover&) const = default;
};

/// What panels keep from frame to frame for themselves (zoom, scroll, caches, a drag under way) and what is
/// lost without harm: one object a type, made on first use. Owned by the window, one for each.
class PanelMemory {
 public:
  template <class T>
  T& get() {
    std::shared_ptr<void>& kept = kept_[std::type_index(typeid(T))];
    if (!kept) kept = std::make_shared<T>();
    return *static_cast<T*>(kept.get());
  }

 private:
  std::unordered_map<std::type_index, std::shared_ptr<void>> kept_;
};

class TextureMaker;  // app/widgets/heatmap_texture.h

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

  /// Controls are dimmed and do nothing: a step of a lesson keeps what they change as it is (lock.h).
  bool locked = false;

  /// Seconds since the first frame, for animations; stands still with reduced motion.
  double time = 0.0;
  /// Set by a panel that is in the middle of a motion: the next frame comes without waiting for events.
  bool& animating;

  PanelMemory& memory;
  TextureMaker& textures;                         ///< must outlive `memory`
  const lessons::Classroom* classroom = nullptr;  ///< null where no lessons can be played

  const Theme& colours() const { return style.colours; }
  /// Texts in the reader's language, with W_Q and d_k as they are written on a board.
  std::string_view tr(std::string_view id) const { return with_indices(catalogue.tr(id)); }
  std::string tr(const session::Message& message) const { return with_indices(catalogue.tr(message)); }
  template <class... Arguments>
  std::string say(std::string_view id, const Arguments&... arguments) const {
    return with_indices(catalogue.say(id, arguments...));
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

}  // namespace attn::ui
