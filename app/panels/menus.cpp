#include "app/panels/menus.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "app/panels/notices.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/popup.h"

namespace attn::ui {
namespace {

using session::Key;
using session::Menu;

struct MenuTitle {
  Menu menu;
  std::string_view title;
};
constexpr std::array<MenuTitle, 6> kMenus = {
    MenuTitle{Menu::file, ATTN_MESSAGE("File")},       MenuTitle{Menu::edit, ATTN_MESSAGE("Edit")},
    MenuTitle{Menu::view, ATTN_MESSAGE("View")},       MenuTitle{Menu::play, ATTN_MESSAGE("Play")},
    MenuTitle{Menu::lessons, ATTN_MESSAGE("Lessons")}, MenuTitle{Menu::help, ATTN_MESSAGE("Help")}};

/// A line of a menu.
struct Item {
  const session::Command* command = nullptr;
  std::string title;
  std::string keys;
  int group = 0;
};

std::vector<Item> items_of(const PanelContext& context, Menu menu) {
  std::vector<Item> items;
  for (const session::Command& command : session::commands()) {
    if (command.menu != menu) continue;
    std::string title = context.tr(command.title);
    if (const auto detail = detail_of(command, context.session)) title += "  " + context.tr(*detail);
    items.push_back(
        {&command, std::move(title), command.keys.empty() ? "" : text(command.keys.front()), command.group});
  }
  return items;
}

WidgetId title_id(std::size_t i) { return WidgetId{PanelId::menu, "title"}.at(i); }
WidgetId item_id(std::size_t i) { return WidgetId{PanelId::menu, "item"}.at(i); }

void close(PanelContext& context, MenuMemory& memory) {
  memory.open.reset();
  context.widgets.confine(std::nullopt);
}

/// The keyboard goes to the first line that can be chosen.
void focus_first_item(PanelContext& context, Menu menu) {
  const std::vector<Item> items = items_of(context, menu);
  const auto enabled = [&](const Item& item) {
    return !item.command || item.command->enabled(context.session);
  };
  const auto first = std::ranges::find_if(items, enabled);
  const auto i = first == items.end() ? 0 : first - items.begin();
  context.widgets.focus(item_id(static_cast<std::size_t>(i)), true);
}

/// True when the line was chosen.
bool draw_item(PanelContext& context, const Rect& rect, const Item& item, const WidgetId& id) {
  const Style& style = context.style;
  const Theme& colours = style.colours;
  const bool enabled = item.command->enabled(context.session);
  const Interaction mouse = interact(context, id, rect, enabled);
  if (mouse.hovered || context.widgets.shows_focus(id))
    context.list->AddRectFilled(rect.min, rect.max, colours.accent_soft, style.small_rounding());
  const Colour ink = enabled ? colours.ink : colours.ink_disabled;
  Rect words = rect.inset(style.px(10), 0);
  const Rect tick = words.cut_left(style.px(16), style.px(8));
  if (item.command->checked && item.command->checked(context.session)) {
    const float side = style.px(14);
    const ImVec2 c = tick.centre();
    draw_icon(*context.list, {{c.x - side / 2, c.y - side / 2}, {c.x + side / 2, c.y + side / 2}}, Icon::tick,
              enabled ? colours.accent : colours.ink_disabled);
  }
  context.text.draw_in(*context.list, words, context.look(TextSize::body, ink), item.title);
  context.text.draw_in(*context.list, words, context.look(TextSize::small, enabled ? colours.ink_muted : ink),
                       item.keys, Align::right);
  return mouse.clicked;
}

/// Where the lines of a menu stand, from its upper left corner.
struct MenuPlaces {
  ImVec2 size;
  std::vector<Rect> lines;
  std::vector<ImVec2> rules;      ///< where the thin lines between groups begin
  std::size_t second_column = 0;  ///< its first line; 0: there is one column
  float column_width = 0.0f;
};

/// One column, or two, broken between two groups, where one is higher than the window has room for.
MenuPlaces lay_out(const PanelContext& context, const std::vector<Item>& items, float room) {
  const Style& style = context.style;
  const float line = style.px(32);
  const float rule = style.px(9);
  const float pad = style.px(6);
  MenuPlaces places;
  float width = style.px(200);
  for (const Item& item : items) {
    const float words = context.text.measure(context.look(TextSize::body), item.title).x;
    const float keys = context.text.measure(context.look(TextSize::small), item.keys).x;
    width = std::max(width, words + keys + style.px(90));
  }
  places.column_width = std::ceil(width);
  const auto begins_group = [&](std::size_t i) { return i > 0 && items[i].group != items[i - 1].group; };
  const auto height_of = [&](std::size_t first, std::size_t last) {
    float height = 2.0f * pad;
    for (std::size_t i = first; i < last; ++i) height += line + (i > first && begins_group(i) ? rule : 0.0f);
    return height;
  };
  float height = height_of(0, items.size());
  if (height > room) {
    for (std::size_t i = 1; i < items.size(); ++i) {
      const float higher = std::max(height_of(0, i), height_of(i, items.size()));
      if (!begins_group(i) || higher >= height) continue;
      places.second_column = i;
      height = higher;
    }
  }
  const std::size_t columns = places.second_column > 0 ? 2 : 1;
  places.size = {places.column_width * static_cast<float>(columns), height};
  float x = 0.0f;
  float y = pad;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0 && i == places.second_column) {
      x = places.column_width;
      y = pad;
    } else if (begins_group(i)) {
      places.rules.emplace_back(x, y + rule * 0.5f);
      y += rule;
    }
    places.lines.push_back({{x + pad, y}, {x + places.column_width - pad, y + line}});
    y += line;
  }
  return places;
}

/// The line beside this one in the other column.
std::optional<std::size_t> beside(const MenuPlaces& places, std::size_t i, bool right) {
  if (places.second_column == 0 || right != (i < places.second_column)) return std::nullopt;
  std::optional<std::size_t> best;
  const auto distance = [&](std::size_t j) {
    return std::abs(places.lines[j].min.y - places.lines[i].min.y);
  };
  for (std::size_t j = 0; j < places.lines.size(); ++j) {
    if ((j < places.second_column) == right) continue;
    if (!best || distance(j) < distance(*best)) best = j;
  }
  return best;
}

/// Left and right go to the other column, else to the menu beside; down goes from the end of a column to the
/// next one, and up back.
void use_item_keys(PanelContext& context, MenuMemory& memory, const MenuPlaces& places, std::size_t i) {
  const auto sideways = [&](Key key, bool right) {
    if (!context.widgets.take(item_id(i), key)) return;
    if (const auto other = beside(places, i, right)) {
      context.widgets.focus(item_id(*other), true);
      return;
    }
    memory.turn = right ? 1 : -1;
    context.animating = true;
  };
  sideways(Key::right, true);
  sideways(Key::left, false);
  if (places.second_column == 0) return;
  if (i + 1 == places.second_column && context.widgets.take(item_id(i), Key::down))
    context.widgets.focus(item_id(i + 1), true);
  if (i == places.second_column && context.widgets.take(item_id(i), Key::up))
    context.widgets.focus(item_id(i - 1), true);
}

/// The open menu, below its title.
void draw_open_menu(PanelContext& outer, MenuMemory& memory, const Rect& title) {
  const Style& style = outer.style;
  const std::vector<Item> items = items_of(outer, *memory.open);
  const float top = title.max.y + style.px(4);
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const MenuPlaces places = lay_out(outer, items, window.y - top - style.px(8));
  const float left = std::max(0.0f, std::min(title.min.x, window.x - places.size.x - style.px(8)));
  const Rect box{{left, top}, {left + places.size.x, top + places.size.y}};

  PopUp pop_up(outer, "open menu", box);
  PanelContext& context = pop_up.context;

  for (const ImVec2& rule : places.rules) {
    const float y = std::round(box.min.y + rule.y);
    const float x = box.min.x + rule.x;
    context.list->AddLine({x + style.px(12), y}, {x + places.column_width - style.px(12), y},
                          style.colours.panel_border, style.line());
  }
  if (places.second_column > 0) {
    const float x = std::round(box.min.x + places.column_width);
    context.list->AddLine({x, box.min.y + style.px(12)}, {x, box.max.y - style.px(12)},
                          style.colours.panel_border, style.line());
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Rect rect{add(box.min, places.lines[i].min), add(box.min, places.lines[i].max)};
    use_item_keys(context, memory, places, i);
    if (!draw_item(context, rect, items[i], item_id(i))) continue;
    close(context, memory);
    context.post(items[i].command->make(context.session));
  }

  const bool outside = ImGui::IsMouseClicked(0) && !box.contains(ImGui::GetIO().MousePos) &&
                       !title.contains(ImGui::GetIO().MousePos);
  if (!memory.just_opened && (outside || key_pressed(Key::escape))) close(context, memory);
  memory.just_opened = false;
}

}  // namespace

float draw_menus(PanelContext& context, const Rect& area) {
  const Style& style = context.style;
  MenuMemory& memory = context.memory.get<MenuMemory>();
  float x = area.min.x;
  std::optional<Rect> open_title;
  const auto open = [&](std::size_t i, bool by_keyboard) {
    memory.open = kMenus[i].menu;
    memory.just_opened = true;
    context.widgets.confine(PanelId::menu);
    if (by_keyboard) context.widgets.focus(title_id(i), true);
  };
  // Before the menus are drawn, so that the line that gets the keyboard is there in this frame.
  if (!memory.open && key_pressed(Key::f10) && !modifiers().shift &&
      !overlay_has_keyboard(context.session, context.memory)) {
    open(0, true);
    focus_first_item(context, *memory.open);
  }
  if (const int turn = std::exchange(memory.turn, 0); turn != 0 && memory.open) {
    const auto now =
        static_cast<std::size_t>(std::ranges::find(kMenus, *memory.open, &MenuTitle::menu) - kMenus.begin());
    open((now + (turn > 0 ? 1 : kMenus.size() - 1)) % kMenus.size(), true);
    focus_first_item(context, *memory.open);
  }
  for (std::size_t i = 0; i < kMenus.size(); ++i) {
    const std::string_view title = context.tr(kMenus[i].title);
    const float width = button_width(context, title);
    const Rect rect{{x, area.min.y}, {x + width, area.max.y}};
    x += width + style.px(2);
    const bool is_open = memory.open == kMenus[i].menu;
    const Interaction mouse = interact(context, title_id(i), rect);
    if (is_open || mouse.hovered) {
      context.list->AddRectFilled(rect.min, rect.max,
                                  is_open ? style.colours.accent_soft : style.colours.button_hover,
                                  style.small_rounding());
    }
    context.text.draw_in(*context.list, rect, context.look(TextSize::body), title, Align::centre);
    focus_ring(context, title_id(i), rect, style.small_rounding());

    const bool pointed = rect.contains(ImGui::GetIO().MousePos);
    const bool by_key = mouse.clicked && !mouse.released;
    if (mouse.pressed || by_key) {
      is_open ? close(context, memory) : open(i, by_key);
    } else if (memory.open && !is_open && pointed && ImGui::GetIO().MouseDelta.x != 0.0f) {
      open(i, false);  // an open menu follows the mouse along the bar
    } else if (context.widgets.take(title_id(i), Key::down)) {
      if (!memory.open) open(i, true);
      context.widgets.move_focus(0);
      focus_first_item(context, *memory.open);
    }
    if (memory.open == kMenus[i].menu) open_title = rect;
  }
  if (open_title) draw_open_menu(context, memory, *open_title);
  return x - area.min.x;
}

}  // namespace attn::ui
