#include "app/widgets/value_bar.h"

#include <algorithm>
#include <cmath>

#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/lock.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

using session::Key;

/// The bar under the hand, of which there is one.
struct ValueBarMemory {
  std::optional<WidgetId> dragged;
  double pressed_value = 0.0;
  float pressed_x = 0.0f;
  bool moved = false;
};

constexpr float kDragStarts = 3.0f;

void draw_bar(PanelContext& context, const Rect& rect, const ValueBar& bar, bool lit) {
  const Style& style = context.style;
  const Theme& theme = style.colours;
  ImDrawList& list = *context.list;
  const double range = std::max(bar.high - bar.low, 1e-30);
  const auto x_of = [&](double value) {
    const double t = std::clamp((value - bar.low) / range, 0.0, 1.0);
    return rect.min.x + static_cast<float>(t) * rect.width();
  };
  list.AddRectFilled(rect.min, rect.max, lit ? theme.button_hover : theme.field, style.small_rounding());
  // A thin bar below the letters, so that both can be read.
  const Rect strip{{rect.min.x, rect.max.y - style.px(5)}, rect.max};
  const float zero = x_of(0.0);
  const float end = x_of(std::isfinite(bar.value) ? bar.value : 0.0);
  list.AddRectFilled(strip.min, strip.max, theme.track, style.px(2));
  if (std::abs(end - zero) >= 0.5f) {
    list.AddRectFilled({std::min(zero, end), strip.min.y}, {std::max(zero, end), strip.max.y},
                       with_alpha(bar.colour, lit ? 1.0f : 0.7f));
  }
  if (bar.low < 0.0) {
    list.AddRectFilled({zero - style.line() / 2, strip.min.y - style.px(2)},
                       {zero + style.line() / 2, strip.max.y}, theme.axis);
  }
}

}  // namespace

ValueBarResult value_bar(PanelContext& context, const WidgetId& id, const Rect& rect, const ValueBar& bar) {
  const Style& style = context.style;
  ValueBarMemory& memory = context.memory.get<ValueBarMemory>();
  const Interaction mouse = interact(context, id, rect);
  const bool dragging = memory.dragged == id;
  draw_bar(context, rect, bar, bar.enabled && (mouse.hovered || dragging));
  Rect words = rect.inset(style.px(6), 0);
  words.max.y -= style.px(4);
  const Colour ink = context.locked ? ink_of_locked(context, context.colours().ink) : context.colours().ink;
  const TextLook digits{Face::mono, style.text(TextSize::body) * 0.94f, ink};
  const std::string number = format_number(bar.value, bar.decimals);
  const float width = context.text.measure(digits, number).x;
  context.text.draw_in(*context.list, words.cut_right(width, style.px(6)), digits, number, Align::right);
  Runs name;
  if (!bar.mark.empty()) {
    name.push_back({std::string(bar.mark) + " ",
                    context.look(TextSize::body, context.colours().accent, Face::sans_bold), 0.0f});
  }
  name.push_back({std::string(bar.name), context.look(TextSize::body, ink), 0.0f});
  context.text.draw_in(*context.list, words, name);
  focus_ring(context, id, rect, style.small_rounding());
  ValueBarResult result;
  if (!bar.enabled || context.locked) return result;
  if (mouse.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);

  const float x = ImGui::GetIO().MousePos.x;
  if (mouse.pressed) memory = {id, bar.value, x, false};
  if (memory.dragged == id) {
    if (!mouse.held) {
      result.ended = memory.moved;
      memory.dragged.reset();
    } else if (memory.moved && !context.session.history().in_gesture()) {
      memory.dragged.reset();  // Esc took it back
      release_mouse();
    } else if (memory.moved || std::abs(x - memory.pressed_x) > style.px(kDragStarts)) {
      if (!memory.moved || ImGui::GetIO().MouseDelta.x != 0.0f) {
        const double by = static_cast<double>((x - memory.pressed_x) / rect.width()) * (bar.high - bar.low);
        const double fine = bar.step / 10.0;
        const double to = memory.pressed_value + by;
        result.preview = modifiers().shift ? to : std::round(to / fine) * fine;
        memory.moved = true;
      }
    }
    return result;
  }
  const double step = bar.step * (modifiers().shift ? 0.1 : 1.0);
  double by = 0.0;
  if (context.widgets.take(id, Key::left)) by -= step;
  if (context.widgets.take(id, Key::right)) by += step;
  if (by != 0.0) result.commit = std::round((bar.value + by) / step) * step;
  return result;
}

}  // namespace attn::ui
