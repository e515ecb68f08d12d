#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/session/fuzzy.h"
#include "app/widgets/controls.h"
#include "app/widgets/pick_list.h"

namespace attn::ui {
namespace {

const WidgetId kFilter{PanelId::dialog, "filter"};
const WidgetId kList{PanelId::dialog, "key"};

struct KeysMemory {
  std::string filter;
  PickListMemory list;
};

struct KeyLine {
  std::string keys;
  std::string what;
};

struct Gesture {
  std::string_view keys;
  std::string_view what;
};
/// What no command has: the mouse, and moving among the controls.
constexpr std::array<Gesture, 12> kGestures = {
    Gesture{ATTN_MESSAGE("drag an arrow"), ATTN_MESSAGE("moves the word; everything follows")},
    Gesture{ATTN_MESSAGE("drag a weight or a ring"), ATTN_MESSAGE("pulls on the answer; the inputs move")},
    Gesture{ATTN_MESSAGE("click a number"), ATTN_MESSAGE("says where it comes from")},
    Gesture{ATTN_MESSAGE("right click a number"), ATTN_MESSAGE("copies it, its row or its matrix")},
    Gesture{"Menu · Shift+F10", ATTN_MESSAGE("copies the selected number, its row or its matrix")},
    Gesture{ATTN_MESSAGE("drag a field sideways"), ATTN_MESSAGE("changes the number")},
    Gesture{ATTN_MESSAGE("drop files"), ATTN_MESSAGE("opens a scenario, or imports arrays together")},
    Gesture{"F10", ATTN_MESSAGE("opens the menus; arrows go through them")},
    Gesture{"Tab", ATTN_MESSAGE("goes to the next control, Shift+Tab back")},
    Gesture{"Enter", ATTN_MESSAGE("presses it, or edits the number")},
    Gesture{"Space", ATTN_MESSAGE("presses it, or marks a file")},
    Gesture{"Esc", ATTN_MESSAGE("takes back the drag or the entry, closes a sheet")},
};

/// Every key of the registry, then the gestures.
std::vector<KeyLine> key_lines(const PanelContext& context, std::string_view filter) {
  std::vector<KeyLine> lines;
  const auto add = [&](std::string keys, std::string what) {
    if (session::fuzzy_match(filter, keys + " " + what))
      lines.push_back({std::move(keys), with_indices(std::move(what))});
  };
  for (const session::Command& command : session::commands()) {
    std::string keys;
    for (const session::KeyChord& chord : command.keys) keys += (keys.empty() ? "" : " · ") + text(chord);
    if (!keys.empty()) add(keys, context.catalogue.tr(command.title));  // "W_Q" is found as it is typed
  }
  for (const Gesture& gesture : kGestures)
    add(std::string(context.tr(gesture.keys)), std::string(context.tr(gesture.what)));
  return lines;
}

}  // namespace

void draw_keys(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  KeysMemory& memory = outer.memory.get<KeysMemory>();
  if (outer.memory.get<DialogBegun>().begun) {
    memory = {};
    edit_text_field(outer, kFilter, "");
  }
  Sheet sheet(outer, window,
              {.size = {style.px(1120), style.px(780)}, .heading = outer.tr("Keys and gestures")});
  PanelContext& context = sheet.context;
  Rect content = sheet.content;
  const TextFieldResult typed =
      text_field(context, kFilter, content.cut_top(style.control_height(), style.px(10)), memory.filter,
                 context.tr("type to find a key or what it does"));
  const Rect bottom = content.cut_bottom(style.control_height(), style.px(10));
  const std::vector<KeyLine> lines = key_lines(context, memory.filter);
  PickListOptions options;
  options.count = lines.size();
  options.columns = 2;
  options.row_height = style.px(30);
  pick_list(context, kList, content, options, memory.list, [&](std::size_t i, const Rect& rect, bool, bool) {
    Rect words = rect.inset(style.px(8), 0);
    const Rect keys = words.cut_left(std::round(words.width() * 0.4f), style.px(10));
    context.text.draw_in(*context.list, keys, context.look(TextSize::body, style.colours.accent),
                         lines[i].keys);
    context.text.draw_in(*context.list, words, context.look(TextSize::body), lines[i].what);
  });
  const std::array<std::string_view, 1> labels = {context.tr("Close")};
  const bool escape = key_pressed(session::Key::escape) && !context.widgets.typing();
  if (draw_answers(context, bottom, labels, 0) || escape || typed.cancelled || typed.commit)
    context.post(session::CloseDialog{});
}

}  // namespace attn::ui
