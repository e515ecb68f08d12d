#pragma once
// Buttons, choices, fields and sliders in the program's own look. Each one draws itself into a rectangle
// that the caller gives, registers its name, can be reached by Tab, and works by mouse and by keys
// (Enter and Space press, arrows choose and nudge, Esc goes back). All are immediate: they return what
// happened in this frame.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/widgets/icons.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {

/// What mouse and keys do to a rectangle in this frame. The basis of every control, and of cells, arrows
/// and rings: anything that is clicked or dragged.
struct Interaction {
  bool hovered = false;
  bool pressed = false;   ///< the mouse button went down on it
  bool held = false;      ///< it is being held down, wherever the mouse is now
  bool released = false;  ///< it was let go, anywhere
  bool clicked = false;   ///< pressed and released on it, or Enter or Space with the focus
  bool focused = false;   ///< has the keyboard
};
/// Registers `id`, makes it focusable by click and Tab, draws the focus ring of `rounding` (negative: none)
/// when the widget is left by the caller to be drawn under it. In a context that is locked nothing happens,
/// but mouse and keys reach it and are told why.
Interaction interact(PanelContext& context, const WidgetId& id, const Rect& rect, bool enabled = true,
                     float focus_rounding = -1.0f);
/// The ring alone, for callers that draw after interact().
void focus_ring(PanelContext& context, const WidgetId& id, const Rect& rect, float rounding);

/// The card of a panel with its heading ("Vectors" bold, "drag any arrow" muted). Returns what is left
/// for the content, inside the padding and below the heading.
Rect draw_card(PanelContext& context, std::string_view heading, std::string_view subheading = {});
/// Only the card.
void draw_card_background(PanelContext& context);

enum class ButtonKind {
  plain,
  primary,  ///< violet: the one thing to do next, or play
  quiet,    ///< no background until hovered: menus, links
};
struct ButtonOptions {
  ButtonKind kind = ButtonKind::plain;
  bool enabled = true;
  bool chosen = false;
  std::string_view tooltip = {};
  TextSize size = TextSize::body;
};
/// True when it was clicked or activated by key.
bool button(PanelContext& context, const WidgetId& id, const Rect& rect, std::string_view label,
            const ButtonOptions& options = {});
/// The same with a label of several looks, which keeps its own colours.
bool button(PanelContext& context, const WidgetId& id, const Rect& rect, const Runs& label,
            const ButtonOptions& options = {});
/// How wide a button with this label wants to be.
float button_width(const PanelContext& context, std::string_view label, TextSize size = TextSize::body);

bool icon_button(PanelContext& context, const WidgetId& id, const Rect& rect, Icon icon,
                 const ButtonOptions& options = {});

/// Several answers side by side, one chosen. Returns the index that was chosen in this frame. Widgets are
/// id[0], id[1], …; arrows move between them.
std::optional<std::size_t> segmented(PanelContext& context, const WidgetId& id, const Rect& rect,
                                     std::span<const std::string_view> labels, std::size_t chosen,
                                     bool enabled = true);

/// A switch with its label to the right. True when it was turned.
bool toggle(PanelContext& context, const WidgetId& id, const Rect& rect, std::string_view label, bool on,
            bool enabled = true);

/// A horizontal slider. `begun` and `ended` frame a drag; keys nudge in one frame with both set.
struct SliderResult {
  std::optional<double> value;
  bool begun = false;
  bool ended = false;
};
SliderResult slider(PanelContext& context, const WidgetId& id, const Rect& rect, double value, double low,
                    double high, double step, bool enabled = true);

/// A number that is edited in place: click or Enter to type, Enter commits, Esc goes back, Tab commits and
/// goes on; drag sideways, wheel and arrow keys nudge.
struct NumberFieldOptions {
  double step =
      0.1;  ///< of arrows and wheel; Shift makes it ten times larger; a drag moves one step every 6 px
  int decimals = 4;
  bool integer = false;
  bool enabled = true;
  double low = -1.0e30;
  double high = 1.0e30;
  Colour colour = 0;  ///< of the digits; 0: ink
  std::string_view tooltip = {};
  /// Says in one line why a value cannot be, or nothing; asked before anything is returned.
  std::function<std::optional<std::string>(double)> problem;
};
struct NumberFieldResult {
  std::optional<double> preview;  ///< while dragging: post a Preview
  std::optional<double> commit;   ///< typed or nudged: post an Apply
  bool ended = false;             ///< the drag was let go: post EndGesture
  bool cancelled = false;         ///< Esc during the drag: post CancelGesture
  /// Why what was typed is refused. Show it beside the field with field_error(); the field stays open.
  std::string error;
  bool editing = false;
};
NumberFieldResult number_field(PanelContext& context, const WidgetId& id, const Rect& rect, double value,
                               const NumberFieldOptions& options = {});
/// Draws the reason in the error colour at `position`, wrapped; returns its height.
float field_error(PanelContext& context, ImVec2 position, float width, std::string_view reason);

/// Text that is edited in place (a path). Returns it on Enter.
struct TextFieldResult {
  std::optional<std::string> commit;
  bool cancelled = false;
};
TextFieldResult text_field(PanelContext& context, const WidgetId& id, const Rect& rect, std::string& value,
                           std::string_view hint);

/// A text that looks like one until it is clicked (or Enter is pressed on it), and then like a field. Enter,
/// Tab and a click elsewhere commit it, Esc goes back.
struct LabelFieldOptions {
  TextLook look;  ///< of the text at rest
  Align align = Align::left;
  Rect editor;                 ///< where it is typed: may be larger than the text
  std::string_view hint = {};  ///< shown while nothing is typed
  bool dragged = false;        ///< the press on it is somebody's drag: its end opens nothing
  /// Says in one line why a text cannot be, or nothing; asked before anything is returned.
  std::function<std::optional<std::string>(const std::string&)> problem;
};
struct LabelFieldResult {
  Interaction mouse;                  ///< while it is not edited
  std::optional<std::string> commit;  ///< another text than it was
  bool unchanged = false;             ///< left as it was
  bool entered = false;               ///< left by Enter
  bool cancelled = false;             ///< by Esc, or empty where it was empty
  std::string error;                  ///< why what was typed is refused; the field stays open after Enter
  bool editing = false;
};
LabelFieldResult label_field(PanelContext& context, const WidgetId& id, const Rect& rect,
                             const std::string& value, const LabelFieldOptions& options);

/// Opens the field for typing, as a click would: for dialogs.
enum class Caret { at_end, selects_all };
void edit_text_field(PanelContext& context, const WidgetId& id, std::string_view value,
                     Caret caret = Caret::at_end);

/// A small card beside the mouse, after a short wait.
void tooltip(PanelContext& context, std::string_view text);
/// The same at once, below a widget that has the keyboard.
void tooltip_below(PanelContext& context, const Rect& rect, std::string_view text);

}  // namespace attn::ui
