// The number field of controls.h.

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/field_editor.h"
#include "app/widgets/lock.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

using session::Key;

/// The number that was typed, or why it is none. A minus may be typed as it is shown (−).
std::optional<double> parse(std::string_view typed, const NumberFieldOptions& options,
                            const Catalogue& catalogue, std::string& error) {
  std::string text;
  for (std::size_t i = 0; i < typed.size();) {
    if (typed.substr(i).starts_with(kMinus)) {
      text += '-';
      i += kMinus.size();
    } else {
      if (typed[i] != ' ') text += typed[i];
      ++i;
    }
  }
  if (text.starts_with('+')) text.erase(0, 1);
  double value = 0.0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    const std::string pointed = with_decimal_point(text);
    error = text.empty()      ? std::string(catalogue.tr("A number is expected here."))
            : pointed.empty() ? catalogue.say("“{text}” is not a number.", fmt::arg("text", typed))
                              : catalogue.say("“{text}” has a comma: write {number}.",
                                              fmt::arg("text", typed), fmt::arg("number", pointed));
    return std::nullopt;
  }
  if (options.integer && value != std::floor(value)) {
    error = catalogue.tr("A whole number is expected here.");
  } else if (value < options.low) {
    error = catalogue.say("At least {low} is expected here.", fmt::arg("low", format_number(options.low, 4)));
  } else if (value > options.high) {
    error =
        catalogue.say("At most {high} is expected here.", fmt::arg("high", format_number(options.high, 4)));
  } else if (options.problem) {
    if (const auto problem = options.problem(value)) error = *problem;
  }
  if (!error.empty()) return std::nullopt;
  return value;
}

/// The shortest text that reads back to the same float32; a whole number in full.
std::string text_to_edit(double value, bool integer) {
  return integer ? fmt::format("{:.0f}", value) : fmt::format("{}", static_cast<float>(value));
}

bool begins_a_number(const std::string& typed) {
  return !typed.empty() && (std::isdigit(static_cast<unsigned char>(typed[0])) != 0 || typed[0] == '-' ||
                            typed[0] == '.' || typed[0] == '+' || typed.starts_with(kMinus));
}

/// Away from binary fractions: 0.30000000000000004 is 0.3.
double tidy(double value, double step) {
  const double steps = value / step;
  return std::abs(steps - std::round(steps)) < 1.0e-6 ? std::round(steps) * step : value;
}

}  // namespace

NumberFieldResult number_field(PanelContext& context, const WidgetId& id, const Rect& rect, double value,
                               const NumberFieldOptions& options) {
  constexpr float kPixelsAStep = 6.0f;
  constexpr float kDragStarts = 4.0f;
  FieldMemory& memory = context.memory.get<FieldMemory>();
  const Style& style = context.style;
  NumberFieldResult result;
  if (memory.refused == id) result.error = memory.error;

  if (memory.editing == id) {
    draw_field(context, id, rect, true, false, true, !result.error.empty());
    context.widgets.add(id, rect);
    context.widgets.set_typing(true);
    result.editing = true;
    const Editor editor = edit_text(context, memory, rect, Face::mono, true);
    if (editor.escaped) {
      memory.refused.reset();
      result.error.clear();
      stop_editing(context, memory);
    } else if (editor.entered || editor.tabbed || editor.left) {
      std::string error;
      const std::string typed = memory.text.data();
      const auto parsed = parse(typed, options, context.catalogue, error);
      if (parsed) {
        result.commit = *parsed;
        memory.refused.reset();
      } else {
        memory.refused = id;
        memory.error = error;
      }
      result.error = error;
      if (parsed || editor.left) {
        stop_editing(context, memory);
        if (editor.tabbed) context.widgets.move_focus(modifiers().shift ? -1 : 1);
      } else {
        memory.claim_keyboard = 3;  // Enter took the keyboard away: the field stays open
      }
    }
    return result;
  }

  const bool enabled = options.enabled && !context.locked;
  const Interaction mouse = interact(context, id, rect, enabled);
  const bool dragging = memory.dragging == id;
  draw_field(context, id, rect, enabled, mouse.hovered || dragging, false, !result.error.empty());
  Colour ink = options.colour != 0 ? options.colour : context.colours().ink;
  if (context.locked) {
    ink = ink_of_locked(context, ink);
  } else if (!enabled) {
    ink = context.colours().ink_disabled;
  }
  const TextLook look{Face::mono, style.text(TextSize::body), ink};
  const Rect inside = rect.inset(style.px(4), 0);
  // Fewer decimals where the field is narrow; a number that is cut would be another number.
  const float character = context.text.measure(look, "0").x;
  const auto room = static_cast<std::size_t>(std::max(0.0f, inside.width() / character));
  std::string shown = format_to_fit(value, options.decimals, room);
  if (shown.empty()) shown = format_number(value, options.decimals);
  context.text.draw_in(*context.list, inside, look, shown, Align::centre);
  if (!enabled) return result;
  if (mouse.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  if (mouse.hovered && !dragging && !options.tooltip.empty()) tooltip(context, options.tooltip);

  const auto allowed = [&](double v) {
    v = std::clamp(tidy(v, options.step), options.low, options.high);
    return options.problem && options.problem(v) ? std::optional<double>{} : std::optional<double>{v};
  };

  // Drag sideways.
  if (mouse.pressed) memory.pressed_value = value;
  const float moved = ImGui::GetIO().MousePos.x - ImGui::GetIO().MouseClickedPos[0].x;
  if (mouse.held && !dragging && std::abs(moved) > kDragStarts * style.scale) {
    memory.dragging = id;
    memory.refused.reset();
  }
  if (memory.dragging == id) {
    if (mouse.held && key_pressed(Key::escape)) {
      memory.dragging.reset();
      release_mouse();
      result.cancelled = true;
      return result;
    }
    if (mouse.held) {
      const double steps = static_cast<double>(std::round(moved / (kPixelsAStep * style.scale)));
      const auto next = allowed(memory.pressed_value + steps * options.step);
      if (next && *next != value) result.preview = next;
      return result;
    }
    memory.dragging.reset();
    result.ended = true;
    return result;
  }

  // Type.
  if (mouse.clicked) {
    begin_editing(memory, id, text_to_edit(value, options.integer), false);
    context.widgets.set_typing(true);
    return result;
  }
  if (mouse.focused && !context.widgets.typing() && !modifiers().ctrl) {
    const std::string typed = typed_text();
    if (begins_a_number(typed)) {
      begin_editing(memory, id, typed, true);
      context.widgets.set_typing(true);
      return result;
    }
  }

  // Nudge.
  double step = modifiers().shift ? options.step * 10.0 : options.step;
  double steps = 0.0;
  if (context.widgets.take(id, Key::up)) steps += 1.0;
  if (context.widgets.take(id, Key::down)) steps -= 1.0;
  if (mouse.focused && mouse.hovered) {
    own_mouse_wheel();
    steps += std::round(static_cast<double>(ImGui::GetIO().MouseWheel));
  }
  if (steps != 0.0) {
    const auto next = allowed(value + steps * step);
    if (next && *next != value) result.commit = next;
  }
  return result;
}

}  // namespace attn::ui
