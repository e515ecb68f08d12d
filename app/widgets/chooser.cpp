#include "app/widgets/chooser.h"

#include <algorithm>
#include <cmath>

#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/popup.h"

namespace attn::ui {
namespace {

using session::Key;

/// The one list that is open, if any.
struct ChooserMemory {
  std::optional<WidgetId> open;
  bool just_opened = false;
  std::size_t first = 0;  ///< the topmost name that is shown
};

class OpenList {
 public:
  OpenList(PanelContext& outer, ChooserMemory& memory, const WidgetId& id, const WidgetId& item,
           const Rect& field, std::span<const std::string> names, std::size_t chosen)
      : outer_(outer), memory_(memory), id_(id), item_(item), names_(names), chosen_(chosen) {
    const Style& style = outer.style;
    line_ = style.px(30);
    const float bottom = ImGui::GetIO().DisplaySize.y - style.gap();
    const float room = std::max(bottom - field.max.y - style.px(4), 3 * line_) - 2 * pad();
    shown_ = std::clamp<std::size_t>(static_cast<std::size_t>(room / line_), 1, names.size());
    float width = field.width();
    for (const std::string& name : names.first(std::min<std::size_t>(names.size(), 256)))
      width = std::max(width, outer.text.measure(outer.look(TextSize::body), name).x + style.px(60));
    width = std::min(width, style.px(320));
    const float x = std::min(field.min.x, ImGui::GetIO().DisplaySize.x - width - style.gap());
    box_ = {{x, field.max.y + style.px(4)},
            {x + width, field.max.y + style.px(4) + line_ * static_cast<float>(shown_) + 2 * pad()}};
  }

  std::optional<std::size_t> draw(const Rect& field) {
    PopUp box(outer_, "open chooser", box_);
    PanelContext& context = box.context;
    scroll();
    const std::optional<std::size_t> result = draw_names(context);
    draw_scroll_mark(context);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const bool outside = ImGui::IsMouseClicked(0) && !box_.contains(mouse) && !field.contains(mouse);
    const bool escaped = key_pressed(Key::escape);
    if (!memory_.just_opened && (outside || escaped || result)) {
      memory_.open.reset();
      if (!outside) outer_.widgets.focus(id_, escaped);
    }
    memory_.just_opened = false;
    return result;
  }

 private:
  float pad() const { return outer_.style.px(6); }

  void scroll() {
    if (memory_.just_opened) memory_.first = chosen_ >= shown_ ? chosen_ - shown_ / 2 : 0;
    if (ImGui::IsWindowHovered() && ImGui::GetIO().MouseWheel != 0.0f) {
      const long by = std::lround(-ImGui::GetIO().MouseWheel * 3.0f);
      memory_.first = static_cast<std::size_t>(std::max(0L, static_cast<long>(memory_.first) + by));
    }
    memory_.first = std::min(memory_.first, names_.size() - shown_);
  }

  void focus_name(std::size_t i) {
    if (i < memory_.first) memory_.first = i;
    if (i >= memory_.first + shown_) memory_.first = i + 1 - shown_;
    outer_.widgets.focus(item_.at(i), true);
    outer_.animating = true;
  }

  std::optional<std::size_t> draw_names(PanelContext& context) {
    const Style& style = context.style;
    std::optional<std::size_t> result;
    std::optional<std::size_t> go_to;
    float y = box_.min.y + pad();
    const std::size_t end = memory_.first + shown_;
    for (std::size_t i = memory_.first; i < end; ++i) {
      const Rect rect{{box_.min.x + pad(), y}, {box_.max.x - pad(), y + line_}};
      y += line_;
      const WidgetId own = item_.at(i);
      const Interaction mouse = interact(context, own, rect);
      if (mouse.hovered || context.widgets.is_focused(own))
        context.list->AddRectFilled(rect.min, rect.max, style.colours.accent_soft, style.small_rounding());
      Rect words = rect.inset(style.px(8), 0);
      const Rect tick = words.cut_left(style.px(14), style.px(8));
      if (i == chosen_) {
        const float side = style.px(14);
        const ImVec2 c = tick.centre();
        draw_icon(*context.list, {{c.x - side / 2, c.y - side / 2}, {c.x + side / 2, c.y + side / 2}},
                  Icon::tick, style.colours.accent);
      }
      context.text.draw_in(*context.list, words, context.look(TextSize::body), names_[i]);
      if (mouse.clicked) result = i;
      if (context.widgets.take(own, Key::up) && i > 0) go_to = i - 1;
      if (context.widgets.take(own, Key::down) && i + 1 < names_.size()) go_to = i + 1;
      if (context.widgets.take(own, Key::home)) go_to = 0;
      if (context.widgets.take(own, Key::end)) go_to = names_.size() - 1;
    }
    if (go_to) focus_name(*go_to);
    return result;
  }

  void draw_scroll_mark(const PanelContext& context) const {
    if (shown_ == names_.size()) return;
    const Style& style = context.style;
    const float x = box_.max.x - style.px(4);
    const float top = box_.min.y + pad();
    const float height = box_.height() - 2 * pad();
    const auto all = static_cast<float>(names_.size());
    const float from = top + height * static_cast<float>(memory_.first) / all;
    context.list->AddLine({x, from}, {x, from + height * static_cast<float>(shown_) / all},
                          style.colours.ink_disabled, style.px(3));
  }

  PanelContext& outer_;
  ChooserMemory& memory_;
  const WidgetId& id_;
  const WidgetId& item_;
  std::span<const std::string> names_;
  std::size_t chosen_;
  Rect box_;
  float line_ = 0.0f;
  std::size_t shown_ = 1;
};

}  // namespace

std::optional<std::size_t> chooser(PanelContext& context, const WidgetId& id, const WidgetId& item,
                                   const Rect& rect, std::span<const std::string> names, std::size_t chosen,
                                   const ChooserOptions& options) {
  if (names.empty()) return std::nullopt;
  ChooserMemory& memory = context.memory.get<ChooserMemory>();
  const Style& style = context.style;
  const Theme& theme = style.colours;
  chosen = std::min(chosen, names.size() - 1);
  std::optional<std::size_t> result;

  const Interaction mouse = interact(context, id, rect);
  const bool was_open = memory.open == id;
  context.list->AddRectFilled(rect.min, rect.max,
                              was_open        ? theme.accent_soft
                              : mouse.hovered ? theme.button_hover
                                              : theme.button,
                              style.small_rounding());
  context.list->AddRect(rect.min, rect.max, theme.button_border, style.small_rounding(), 0, style.line());
  Rect words = rect.inset(style.px(8), 0);
  const Rect sign = words.cut_right(style.px(14), style.px(4));
  const float side = style.px(12);
  const ImVec2 c = sign.centre();
  draw_icon(*context.list, {{c.x - side / 2, c.y - side / 2}, {c.x + side / 2, c.y + side / 2}},
            Icon::chevron_down, theme.ink_muted);
  Runs runs;
  if (!options.mark.empty())
    runs.push_back({std::string(options.mark) + " ", context.look(TextSize::body, theme.ink_muted), 0.0f});
  runs.push_back({names[chosen], context.look(TextSize::body), 0.0f});
  context.text.draw_in(*context.list, words, runs);
  focus_ring(context, id, rect, style.small_rounding());
  if (mouse.hovered && !was_open && !options.tooltip.empty()) tooltip(context, options.tooltip);

  if (context.locked) return result;
  if (context.widgets.take(id, Key::left) && chosen > 0) result = chosen - 1;
  if (context.widgets.take(id, Key::right) && chosen + 1 < names.size()) result = chosen + 1;
  const bool by_key = mouse.clicked && !mouse.released;
  const bool down = context.widgets.take(id, Key::down);
  if (mouse.pressed || by_key || down) {
    if (was_open) {
      memory.open.reset();
    } else {
      memory.open = id;
      memory.just_opened = true;
      if (!mouse.pressed) context.widgets.focus(item.at(chosen), true);
    }
    context.animating = true;
  }
  if (memory.open == id) {
    if (const auto picked = OpenList(context, memory, id, item, rect, names, chosen).draw(rect)) {
      if (*picked != chosen) result = picked;
    }
  }
  return result;
}

}  // namespace attn::ui
