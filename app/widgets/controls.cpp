#include "app/widgets/controls.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/platform/imgui_shims.h"
#include "app/widgets/lock.h"

namespace attn::ui {
namespace {

using session::Key;

/// One number for ImGui's own bookkeeping; it names widgets by numbers.
int number_of(const WidgetId& id) {
  const std::string name = text(id);
  return static_cast<int>(std::hash<std::string>{}(name)&0x7FFFFFFFu);
}

/// Moves the window that scrolls so that the rectangle can be seen.
void scroll_into_sight(const Rect& rect) {
  if (ImGui::GetScrollMaxY() <= 0.0f) return;
  const float top = ImGui::GetWindowPos().y;
  const float bottom = top + ImGui::GetWindowHeight();
  if (rect.min.y < top || rect.max.y > bottom) ImGui::SetScrollFromPosY(rect.centre().y - top, 0.5f);
}

/// What is locked can be reached, and says why nothing happens.
Interaction use_locked(PanelContext& context, const WidgetId& id, const Rect& rect) {
  if (ImGui::IsItemHovered()) say_locked(context);
  if (ImGui::IsItemActivated()) context.widgets.focus(id, false);
  if (context.widgets.focus_arrived(id)) scroll_into_sight(rect);
  if (context.widgets.shows_focus(id)) say_locked(context, rect);
  context.widgets.take_activation(id);
  return {};
}

struct ButtonColours {
  Colour fill;
  Colour border;
  Colour label;
};

ButtonColours colours_of(const Theme& theme, const ButtonOptions& options, const Interaction& mouse) {
  const bool down = mouse.held && mouse.hovered;
  if (!options.enabled) {
    const bool quiet = options.kind == ButtonKind::quiet;
    return {quiet ? 0 : theme.button, quiet ? 0 : theme.button_border, theme.ink_disabled};
  }
  if (options.kind == ButtonKind::primary) {
    const Colour fill = down            ? mix(theme.accent, theme.ink, 0.25)
                        : mouse.hovered ? mix(theme.accent, theme.ink, 0.12)
                                        : theme.accent;
    return {fill, 0, theme.on_accent};
  }
  if (options.chosen) return {theme.accent_soft, with_alpha(theme.accent, 0.5f), theme.accent};
  const Colour fill = down ? theme.button_pressed : mouse.hovered ? theme.button_hover : theme.button;
  if (options.kind == ButtonKind::quiet) return {mouse.hovered ? fill : 0, 0, theme.ink};
  return {fill, theme.button_border, theme.ink};
}

void draw_box(ImDrawList& list, const Rect& rect, float rounding, float line, Colour fill, Colour border) {
  if (fill != 0) list.AddRectFilled(rect.min, rect.max, fill, rounding);
  if (border != 0) list.AddRect(rect.min, rect.max, border, rounding, 0, line);
}

}  // namespace

Interaction interact(PanelContext& context, const WidgetId& id, const Rect& rect, bool enabled,
                     float focus_rounding) {
  ImGui::SetCursorScreenPos(rect.min);
  ImGui::PushID(number_of(id));
  const bool clicked =
      ImGui::InvisibleButton("", {std::max(1.0f, rect.width()), std::max(1.0f, rect.height())});
  ImGui::PopID();
  const Rect clip{ImGui::GetWindowDrawList()->GetClipRectMin(), ImGui::GetWindowDrawList()->GetClipRectMax()};
  context.widgets.add(id, rect.intersection(clip), Focusable::yes, enabled || context.locked);
  if (context.locked) return use_locked(context, id, rect);
  if (!enabled) return {};

  Interaction result;
  result.hovered = ImGui::IsItemHovered();
  result.pressed = ImGui::IsItemActivated();
  result.held = ImGui::IsItemActive();
  result.released = ImGui::IsItemDeactivated();
  result.clicked = clicked;
  if (result.pressed) context.widgets.focus(id, false);
  if (context.widgets.take_activation(id)) result.clicked = true;
  if (result.clicked) context.widgets.choose(id);
  result.focused = context.widgets.is_focused(id);
  if (context.widgets.focus_arrived(id)) scroll_into_sight(rect);
  if (focus_rounding >= 0.0f) focus_ring(context, id, rect, focus_rounding);
  return result;
}

void focus_ring(PanelContext& context, const WidgetId& id, const Rect& rect, float rounding) {
  if (context.widgets.shows_focus(id)) draw_focus_ring(*context.list, context.style, rect, rounding);
}

void draw_card_background(PanelContext& context) {
  const Style& style = context.style;
  draw_box(*context.list, context.area, style.rounding(), style.line(), style.colours.panel,
           style.colours.panel_border);
}

Rect draw_card(PanelContext& context, std::string_view heading, std::string_view subheading) {
  draw_card_background(context);
  Rect content = context.area.inset(context.style.padding(), context.style.px(12));
  const Rect line = content.cut_top(context.style.px(28), context.style.px(6));
  Runs runs{{std::string(heading), context.look(TextSize::label, Face::sans_bold), 0.0f}};
  if (!subheading.empty()) {
    runs.push_back({"  ", context.look(TextSize::body), 0.0f});
    runs.push_back(
        {std::string(subheading), context.look(TextSize::body, context.colours().ink_muted), 0.0f});
  }
  context.text.draw_in(*context.list, line, runs);
  return content;
}

float button_width(const PanelContext& context, std::string_view label, TextSize size) {
  return std::ceil(context.text.measure(context.look(size), label).x) + context.style.px(24);
}

namespace {

/// `label` draws into the rectangle in a colour, unless it has its own.
template <class Label>
bool button_with(PanelContext& context, const WidgetId& id, const Rect& rect, ButtonOptions options,
                 const Label& label) {
  const Style& style = context.style;
  options.enabled = options.enabled && !context.locked;
  const Interaction mouse = interact(context, id, rect, options.enabled);
  const ButtonColours colours = colours_of(style.colours, options, mouse);
  draw_box(*context.list, rect, style.small_rounding(), style.line(), colours.fill, colours.border);
  label(colours.label);
  focus_ring(context, id, rect, style.small_rounding());
  if (mouse.hovered && !options.tooltip.empty()) tooltip(context, options.tooltip);
  return mouse.clicked;
}

}  // namespace

bool button(PanelContext& context, const WidgetId& id, const Rect& rect, std::string_view label,
            const ButtonOptions& options) {
  return button_with(context, id, rect, options, [&](Colour colour) {
    const Face face = options.kind == ButtonKind::primary ? Face::sans_bold : Face::sans;
    context.text.draw_in(*context.list, rect.inset(context.style.px(4), 0),
                         context.look(options.size, colour, face), label, Align::centre);
  });
}

bool button(PanelContext& context, const WidgetId& id, const Rect& rect, const Runs& label,
            const ButtonOptions& options) {
  return button_with(context, id, rect, options, [&](Colour) {
    Runs runs = label;
    if (context.locked)
      for (Run& run : runs) run.look.colour = ink_of_locked(context, run.look.colour);
    context.text.draw_in(*context.list, rect.inset(context.style.px(4), 0), runs, Align::centre);
  });
}

bool icon_button(PanelContext& context, const WidgetId& id, const Rect& rect, Icon icon,
                 const ButtonOptions& options) {
  return button_with(context, id, rect, options, [&](Colour colour) {
    const float side = std::min(rect.width(), rect.height()) * 0.44f;
    const ImVec2 centre = rect.centre();
    draw_icon(
        *context.list,
        {{centre.x - side * 0.5f, centre.y - side * 0.5f}, {centre.x + side * 0.5f, centre.y + side * 0.5f}},
        icon, colour);
  });
}

std::optional<std::size_t> segmented(PanelContext& context, const WidgetId& id, const Rect& rect,
                                     std::span<const std::string_view> labels, std::size_t chosen,
                                     bool enabled) {
  const Style& style = context.style;
  const Theme& theme = style.colours;
  enabled = enabled && !context.locked;
  std::optional<std::size_t> result;
  draw_box(*context.list, rect, style.small_rounding(), style.line(), theme.field, theme.field_border);

  // Widths follow the labels, so that a long word does not squeeze where a short one has room to spare. Where
  // all are too long they are written a little smaller before any is cut.
  const float inset = style.px(3);
  const float room = rect.width() - 2.0f * inset;
  TextLook look = context.look(TextSize::body);
  std::vector<float> widths;
  const auto measure_all = [&] {
    widths.clear();
    for (const std::string_view label : labels)
      widths.push_back(context.text.measure(look, label).x + style.px(8));
    return std::accumulate(widths.begin(), widths.end(), 0.0f);
  };
  float total = measure_all();
  if (total > room) {
    const float letters = total - style.px(8) * static_cast<float>(labels.size());
    look.px *= std::max(0.78f, (room - style.px(8) * static_cast<float>(labels.size())) / letters);
    total = measure_all();
  }
  const float spare = (room - total) / static_cast<float>(labels.size());
  float x = rect.min.x + inset;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const float end = x + widths[i] + spare;
    const Rect segment{{std::round(x), rect.min.y + inset}, {std::round(end), rect.max.y - inset}};
    x = end;
    const WidgetId own = id.at(i);
    const Interaction mouse = interact(context, own, segment, enabled);
    const bool is_chosen = i == chosen;
    if (is_chosen) {
      draw_box(*context.list, segment, style.small_rounding() - inset * 0.5f, style.line(),
               enabled ? mix(theme.accent_soft, theme.accent, 0.06) : theme.track, 0);
    } else if (mouse.hovered) {
      draw_box(*context.list, segment, style.small_rounding() - inset * 0.5f, 0.0f, theme.button_hover, 0);
    }
    // What is set can be read where it cannot be changed.
    const Colour ink = is_chosen ? enabled ? theme.accent : theme.ink_muted
                       : enabled ? theme.ink_muted
                                 : theme.ink_disabled;
    look.colour = ink;
    context.text.draw_in(*context.list, segment.inset(style.px(2), 0), look, labels[i], Align::centre);
    focus_ring(context, own, segment, style.small_rounding() - inset * 0.5f);
    if (mouse.clicked && !is_chosen) result = i;
    if (!enabled || !context.widgets.shows_focus(own)) continue;  // after a click, arrows are for the map
    if (i > 0 && context.widgets.take(own, Key::left)) {
      result = i - 1;
      context.widgets.focus(id.at(i - 1), true);
    } else if (i + 1 < labels.size() && context.widgets.take(own, Key::right)) {
      result = i + 1;
      context.widgets.focus(id.at(i + 1), true);
    }
  }
  return result;
}

float field_error(PanelContext& context, ImVec2 position, float width, std::string_view reason) {
  const Style& style = context.style;
  const float pad = style.px(8);
  const auto lines =
      context.text.wrap(context.look(TextSize::body, context.colours().error), reason, width - 2.0f * pad);
  float height = 0.0f;
  for (const Line& line : lines) height += line.height;
  const Rect box{position, {position.x + width, position.y + height + pad}};
  draw_box(*context.list, box, style.small_rounding(), 0.0f, context.colours().error_soft, 0);
  context.text.draw(*context.list, {position.x + pad, position.y + pad * 0.5f}, lines);
  return box.height();
}

namespace {

/// With its upper left corner at `at`, or above `otherwise` where the window ends.
void draw_tooltip(PanelContext& context, ImVec2 at, float otherwise, std::string_view message) {
  const Style& style = context.style;
  const float pad = style.px(10);
  const auto lines = context.text.wrap(context.look(TextSize::body), message, style.px(360));
  ImVec2 size{0.0f, 0.0f};
  for (const Line& line : lines) {
    size.x = std::max(size.x, line.width);
    size.y += line.height;
  }
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  at.x = std::clamp(at.x, 0.0f, std::max(0.0f, window.x - size.x - 2.0f * pad));
  if (at.y + size.y + pad > window.y) at.y = otherwise - size.y - 2.0f * pad;
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  const Rect box{at, {at.x + size.x + 2.0f * pad, at.y + size.y + pad}};
  const Rect shadow{add(box.min, {0, style.px(3)}), add(box.max, {0, style.px(3)})};
  list.AddRectFilled(shadow.min, shadow.max, context.colours().shadow, style.small_rounding());
  draw_box(list, box, style.small_rounding(), style.line(), context.colours().panel,
           context.colours().field_border);
  context.text.draw(list, {box.min.x + pad, box.min.y + pad * 0.5f}, lines);
}

}  // namespace

void tooltip(PanelContext& context, std::string_view message) {
  constexpr float kWait = 0.5f;
  if (context.widgets.typing()) return;  // it would lie over what is being typed
  if (hover_seconds() < kWait) {
    context.animating = true;
    return;
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  draw_tooltip(context, add(mouse, {context.style.px(14), context.style.px(20)}), mouse.y, message);
}

void tooltip_below(PanelContext& context, const Rect& rect, std::string_view message) {
  draw_tooltip(context, {rect.min.x, rect.max.y + context.style.px(6)}, rect.min.y, message);
}

}  // namespace attn::ui
