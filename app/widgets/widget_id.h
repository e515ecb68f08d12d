#pragma once
// Every widget has a typed name that stays the same from frame to frame and from version to version:
// lessons, locks, focus and tests speak of "scenario.x[0,1]", never of pixels. The registry knows where
// each one was drawn, and which one has the keyboard.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/command.h"
#include "app/widgets/geometry.h"
#include "core/attention/input.h"
#include "core/attention/stage.h"

namespace attn::ui {

enum class PanelId {
  top_bar,
  menu,
  pipeline,
  playhead,
  scenario,
  heatmap,
  vectors,
  explain,
  lesson,
  notice,
  performance,
  dialog
};
/// "topbar", "menu", "pipeline", …
std::string_view name(PanelId panel);

/// What a widget is within its panel: "cell", "arrow", "undo". Made from literals only.
struct WidgetKind {
  std::string_view text;
  template <std::size_t N>
  consteval WidgetKind(const char (&literal)[N]) : text(literal, N - 1) {}
  bool operator==(const WidgetKind&) const = default;
};

struct WidgetId {
  PanelId panel;
  WidgetKind kind;
  std::optional<Stage> stage;
  std::optional<ParameterId> parameter;
  std::optional<std::size_t> head;
  std::optional<std::size_t> row;
  std::optional<std::size_t> column;

  constexpr WidgetId(PanelId panel_id, WidgetKind widget_kind) : panel(panel_id), kind(widget_kind) {}

  WidgetId at(const CellRef& cell) const {  ///< [stage][head][row,column]
    WidgetId id = *this;
    id.stage = cell.stage;
    id.head = cell.head;
    id.row = cell.row;
    id.column = cell.column;
    return id;
  }
  WidgetId at(Stage s) const {
    WidgetId id = *this;
    id.stage = s;
    return id;
  }
  WidgetId at(ParameterId p) const {
    WidgetId id = *this;
    id.parameter = p;
    return id;
  }
  WidgetId at(std::size_t r) const {
    WidgetId id = *this;
    id.row = r;
    return id;
  }
  WidgetId at(std::size_t r, std::size_t c) const {
    WidgetId id = *this;
    id.row = r;
    id.column = c;
    return id;
  }
  WidgetId of_head(std::size_t h) const {
    WidgetId id = *this;
    id.head = h;
    return id;
  }
  bool operator==(const WidgetId&) const = default;
};

/// "heatmap.cell[weights][0][0,2]", "scenario.x[0,1]", "vectors.arrow[x][0]", "vectors.ring[0]",
/// "pipeline.stage[weights]", "scenario.parameter[w_q][1,0]", "topbar.undo".
std::string text(const WidgetId& id);

/// What one widget was in a frame.
struct WidgetRecord {
  WidgetId id;
  Rect rect;              ///< what can be seen of it
  bool focusable = true;  ///< whether Tab stops here
  bool enabled = true;
};

enum class Focusable : bool { no, yes };

class WidgetRegistry {
 public:
  /// @name A frame
  /// @{
  /// Reads Tab, Shift+Tab and clicks on nothing; what was registered becomes the last frame's.
  void begin_frame();
  /// Arrows that no widget took move the focus to the nearest widget on that side.
  void end_frame();
  /// @}

  /// Registers a widget in this frame. The order is the order of Tab. `rect` is what can be seen of it; one
  /// that is scrolled out of sight has an empty one and keeps its place in the order.
  void add(const WidgetId& id, const Rect& rect, Focusable focusable = Focusable::yes, bool enabled = true);

  /// Everything of the last whole frame, or of this one after end_frame().
  const std::vector<WidgetRecord>& records() const { return last_; }
  /// Where a widget was in the last whole frame.
  std::optional<Rect> find(const WidgetId& id) const;
  std::optional<Rect> find(std::string_view id_text) const;

  /// @name Keyboard
  /// @{
  const std::optional<WidgetId>& focused() const { return focused_; }
  bool is_focused(const WidgetId& id) const { return focused_ == id; }
  /// Whether a ring is drawn: the focus was moved by keys, not by the mouse.
  bool shows_focus(const WidgetId& id) const { return by_keyboard_ && focused_ == id; }
  /// Whether the focus came to this widget by keys since the last frame: scroll it into sight.
  bool focus_arrived(const WidgetId& id) const { return arrived_ && focused_ == id; }
  void focus(const WidgetId& id, bool by_keyboard);
  void clear_focus() { focused_.reset(); }
  /// While one widget takes text, keys are not for anybody else.
  void set_typing(bool typing) { typing_ = typing; }
  bool typing() const { return typing_; }
  /// Moves to the next (+1) or previous (−1) widget of the last frame.
  void move_focus(int steps);
  /// While set, Tab stays among the widgets of these panels (a menu or a dialog that is open).
  void confine(std::optional<PanelId> panel) { confined_ = panel; }
  const std::optional<PanelId>& confined() const { return confined_; }
  /// True when `id` has the focus, no modifier but Shift is held, and the key was pressed or repeats in this
  /// frame. A key is taken by one widget only, and then is no shortcut.
  bool take(const WidgetId& id, session::Key key);
  /// Enter or Space on the focused widget.
  bool take_activation(const WidgetId& id);
  /// Whether some widget took this key in this frame.
  bool taken(session::Key key) const;
  /// @}

  /// @name What was chosen in this frame, by a click or by Enter; a drag chooses nothing
  /// @{
  void choose(const WidgetId& id) { chosen_.push_back(id); }
  const std::vector<WidgetId>& chosen() const { return chosen_; }
  /// @}

 private:
  void move_towards(float x, float y);
  std::vector<WidgetRecord> stops() const;

  std::vector<WidgetRecord> current_;
  std::vector<WidgetRecord> last_;
  std::optional<WidgetId> focused_;
  std::optional<PanelId> confined_;
  std::vector<session::Key> taken_;
  std::vector<WidgetId> chosen_;
  bool by_keyboard_ = false;
  bool arrived_ = false;
  bool moved_ = false;
  bool typing_ = false;
};

/// The violet ring around what has the keyboard.
struct Style;
void draw_focus_ring(ImDrawList& list, const Style& style, const Rect& rect, float rounding);

/// {"topbar.undo": [x0, y0, x1, y1], …} in pixels of the window, for --state.
std::string widgets_json(const WidgetRegistry& registry, float pixels_per_unit = 1.0f);

}  // namespace attn::ui
