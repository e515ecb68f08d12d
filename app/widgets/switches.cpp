#include <algorithm>
#include <cmath>

#include "app/widgets/controls.h"

namespace attn::ui {

using session::Key;

bool toggle(PanelContext& context, const WidgetId& id, const Rect& rect, std::string_view label, bool on,
            bool enabled) {
  const Style& style = context.style;
  const Theme& theme = style.colours;
  enabled = enabled && !context.locked;
  const Interaction mouse = interact(context, id, rect, enabled);
  const float height = style.px(22);
  const float width = style.px(40);
  const Rect pill{{rect.min.x, rect.centre().y - height * 0.5f},
                  {rect.min.x + width, rect.centre().y + height * 0.5f}};
  const Colour fill = on ? theme.accent : mouse.hovered ? theme.button_pressed : theme.track;
  context.list->AddRectFilled(pill.min, pill.max, enabled ? fill : theme.button, height * 0.5f);
  const float x = on ? pill.max.x - height * 0.5f : pill.min.x + height * 0.5f;
  context.list->AddCircleFilled({x, pill.centre().y}, height * 0.5f - style.px(3),
                                on ? theme.on_accent : theme.panel);
  const Rect words{{pill.max.x + style.px(10), rect.min.y}, rect.max};
  context.text.draw_in(*context.list, words,
                       context.look(TextSize::body, enabled ? theme.ink : theme.ink_disabled), label);
  focus_ring(context, id, pill, height * 0.5f);
  return mouse.clicked;
}

SliderResult slider(PanelContext& context, const WidgetId& id, const Rect& rect, double value, double low,
                    double high, double step, bool enabled) {
  const Style& style = context.style;
  const Theme& theme = style.colours;
  enabled = enabled && !context.locked;
  const Interaction mouse = interact(context, id, rect, enabled);
  const float radius = style.px(9);
  const float left = rect.min.x + radius;
  const float right = rect.max.x - radius;
  SliderResult result;
  result.begun = mouse.pressed;
  result.ended = mouse.released;
  const auto set = [&](double v) {
    v = std::clamp(v, low, high);
    if (v != value) result.value = v;
    value = v;
  };
  if (mouse.held && right > left) {
    const auto t = static_cast<double>((ImGui::GetIO().MousePos.x - left) / (right - left));
    set(low + std::round(std::clamp(t, 0.0, 1.0) * (high - low) / step) * step);
  }
  const auto nudge = [&](Key key, double to) {
    if (!enabled || !context.widgets.take(id, key)) return;
    set(to);
    result.begun = result.ended = true;
  };
  nudge(Key::left, value - step);
  nudge(Key::right, value + step);
  nudge(Key::page_down, value - 10.0 * step);
  nudge(Key::page_up, value + 10.0 * step);
  nudge(Key::home, low);
  nudge(Key::end, high);

  const float y = rect.centre().y;
  const float half = std::max(1.5f, style.px(5) * 0.5f);
  const auto t = static_cast<float>(high > low ? (value - low) / (high - low) : 0.0);
  const float x = left + (right - left) * t;
  const Colour ink = enabled ? theme.accent : theme.ink_disabled;
  context.list->AddRectFilled({rect.min.x, y - half}, {rect.max.x, y + half}, theme.track, half);
  context.list->AddRectFilled({rect.min.x, y - half}, {x, y + half}, ink, half);
  context.list->AddCircleFilled({x, y}, mouse.held ? radius * 1.15f : radius, ink);
  if (context.widgets.shows_focus(id))
    draw_focus_ring(*context.list, style, {{x - radius, y - radius}, {x + radius, y + radius}}, radius);
  return result;
}

}  // namespace attn::ui
