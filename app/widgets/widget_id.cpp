#include "app/widgets/widget_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/platform/imgui_shims.h"
#include "app/widgets/theme.h"

namespace attn::ui {

std::string_view name(PanelId panel) {
  switch (panel) {
    case PanelId::top_bar:
      return "topbar";
    case PanelId::menu:
      return "menu";
    case PanelId::pipeline:
      return "pipeline";
    case PanelId::playhead:
      return "playhead";
    case PanelId::scenario:
      return "scenario";
    case PanelId::heatmap:
      return "heatmap";
    case PanelId::vectors:
      return "vectors";
    case PanelId::explain:
      return "explain";
    case PanelId::lesson:
      return "lesson";
    case PanelId::notice:
      return "notice";
    case PanelId::performance:
      return "performance";
    case PanelId::dialog:
      return "dialog";
  }
  return "";
}

std::string text(const WidgetId& id) {
  std::string all = fmt::format("{}.{}", name(id.panel), id.kind.text);
  if (id.stage) all += fmt::format("[{}]", name(*id.stage));
  if (id.parameter) all += fmt::format("[{}]", name(*id.parameter));
  if (id.head) all += fmt::format("[{}]", *id.head);
  if (id.row && id.column) {
    all += fmt::format("[{},{}]", *id.row, *id.column);
  } else if (id.row) {
    all += fmt::format("[{}]", *id.row);
  }
  return all;
}

void WidgetRegistry::begin_frame() {
  last_ = std::move(current_);
  current_.clear();
  taken_.clear();
  chosen_.clear();
  arrived_ = moved_;
  moved_ = false;
  if (typing_) return;
  if (tab_pressed() && !modifiers().ctrl && !modifiers().alt) {
    move_focus(modifiers().shift ? -1 : 1);
    arrived_ = true;
    moved_ = false;
  }
}

void WidgetRegistry::end_frame() {
  last_ = current_;
  const bool gone = focused_ && std::ranges::none_of(current_, [&](const WidgetRecord& w) {
                      return w.id == *focused_ && w.focusable;
                    });
  if (gone) focused_.reset();
  const Modifiers held = modifiers();
  if (!focused_ || !by_keyboard_ || typing_ || held.ctrl || held.alt || held.shift) return;
  const auto free = [&](session::Key key) { return key_pressed(key, true) && !taken(key); };
  if (free(session::Key::left)) move_towards(-1, 0);
  if (free(session::Key::right)) move_towards(1, 0);
  if (free(session::Key::up)) move_towards(0, -1);
  if (free(session::Key::down)) move_towards(0, 1);
}

void WidgetRegistry::add(const WidgetId& id, const Rect& rect, Focusable focusable, bool enabled) {
  current_.push_back({id, rect, focusable == Focusable::yes, enabled});
}

std::optional<Rect> WidgetRegistry::find(const WidgetId& id) const {
  for (const WidgetRecord& widget : last_)
    if (widget.id == id) return widget.rect;
  return std::nullopt;
}

std::optional<Rect> WidgetRegistry::find(std::string_view id_text) const {
  for (const WidgetRecord& widget : last_)
    if (text(widget.id) == id_text) return widget.rect;
  return std::nullopt;
}

void WidgetRegistry::focus(const WidgetId& id, bool by_keyboard) {
  if (focused_ != id && by_keyboard) moved_ = true;
  focused_ = id;
  by_keyboard_ = by_keyboard;
}

std::vector<WidgetRecord> WidgetRegistry::stops() const {
  std::vector<WidgetRecord> stops;
  for (const WidgetRecord& widget : last_) {
    if (widget.focusable && widget.enabled && (!confined_ || widget.id.panel == *confined_))
      stops.push_back(widget);
  }
  return stops;
}

void WidgetRegistry::move_focus(int steps) {
  const std::vector<WidgetRecord> all = stops();
  if (all.empty()) return;
  const auto count = static_cast<int>(all.size());
  const auto at = std::ranges::find_if(all, [&](const WidgetRecord& w) { return focused_ == w.id; });
  int next = steps > 0 ? 0 : count - 1;
  if (at != all.end()) next = ((static_cast<int>(at - all.begin()) + steps) % count + count) % count;
  focus(all[static_cast<std::size_t>(next)].id, true);
  by_keyboard_ = true;
}

void WidgetRegistry::move_towards(float x, float y) {
  const std::vector<WidgetRecord> all = stops();
  const auto from = std::ranges::find_if(all, [&](const WidgetRecord& w) { return focused_ == w.id; });
  if (from == all.end()) return;
  const ImVec2 start = from->rect.centre();
  const WidgetRecord* best = nullptr;
  float best_cost = 0.0f;
  for (const WidgetRecord& widget : all) {
    const ImVec2 to = subtract(widget.rect.centre(), start);
    const float along = to.x * x + to.y * y;
    const float aside = std::abs(to.x * y) + std::abs(to.y * x);
    if (along <= 1.0f || aside > 2.0f * along) continue;
    const float cost = along + 2.0f * aside;
    if (!best || cost < best_cost) {
      best = &widget;
      best_cost = cost;
    }
  }
  if (best) focus(best->id, true);
}

bool WidgetRegistry::take(const WidgetId& id, session::Key key) {
  const Modifiers held = modifiers();
  if (typing_ || focused_ != id || held.ctrl || held.alt || taken(key) || !key_pressed(key, true))
    return false;
  taken_.push_back(key);
  return true;
}

bool WidgetRegistry::take_activation(const WidgetId& id) {
  const Modifiers held = modifiers();
  if (typing_ || focused_ != id || held.ctrl || held.alt) return false;
  for (const session::Key key : {session::Key::enter, session::Key::space}) {
    if (taken(key) || !key_pressed(key)) continue;
    taken_.push_back(key);
    return true;
  }
  return false;
}

bool WidgetRegistry::taken(session::Key key) const { return std::ranges::find(taken_, key) != taken_.end(); }

void draw_focus_ring(ImDrawList& list, const Style& style, const Rect& rect, float rounding) {
  const float thickness = std::max(2.0f, style.px(2.5f));
  const Rect ring = rect.inset(-thickness);
  list.AddRect(ring.min, ring.max, style.colours.accent, rounding + thickness, 0, thickness);
}

std::string widgets_json(const WidgetRegistry& registry, float pixels_per_unit) {
  std::string json = "{";
  for (const WidgetRecord& widget : registry.records()) {
    if (widget.rect.empty()) continue;
    if (json.size() > 1) json += ", ";
    json += fmt::format("\"{}\": [{:.1f}, {:.1f}, {:.1f}, {:.1f}]", text(widget.id),
                        widget.rect.min.x * pixels_per_unit, widget.rect.min.y * pixels_per_unit,
                        widget.rect.max.x * pixels_per_unit, widget.rect.max.y * pixels_per_unit);
  }
  return json + "}";
}

}  // namespace attn::ui
