#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/session/fuzzy.h"
#include "app/widgets/controls.h"
#include "app/widgets/pick_list.h"

namespace attn::ui {
namespace {

const WidgetId kKeysFilter{PanelId::dialog, "filter"};
const WidgetId kKeysList{PanelId::dialog, "key"};

struct KeysMemory {
  std::string filter;
  PickListMemory list;
};

/// A heading where `what` is empty; all empty beside a heading, or at the end of an odd section.
struct KeyLine {
  std::string keys;
  std::string what;
};

struct Gesture {
  std::string_view keys;
  std::string_view what;
};
/// What no command has: the mouse …
constexpr std::array<Gesture, 9> kGestures = {
    Gesture{ATTN_MESSAGE("drag an arrow"), ATTN_MESSAGE("moves the word; everything follows")},
    Gesture{ATTN_MESSAGE("drag a weight or a ring"), ATTN_MESSAGE("pulls on the answer; the inputs move")},
    Gesture{ATTN_MESSAGE("click a number"), ATTN_MESSAGE("says where it comes from")},
    Gesture{ATTN_MESSAGE("right click a number"), ATTN_MESSAGE("copies it, its row or its matrix")},
    Gesture{ATTN_MESSAGE("drag a field sideways"), ATTN_MESSAGE("changes the number")},
    Gesture{ATTN_MESSAGE("drop files"), ATTN_MESSAGE("opens a scenario, or imports arrays together")},
    Gesture{ATTN_MESSAGE("drag a score among the bars"), ATTN_MESSAGE("asks what if; nothing is changed")},
    Gesture{ATTN_MESSAGE("wheel over the map"), ATTN_MESSAGE("looks closer; by keys +, - and 0")},
    Gesture{ATTN_MESSAGE("drag a large map"), ATTN_MESSAGE("moves it; by keys Shift and an arrow")},
};
/// … and moving among the controls.
constexpr std::array<Gesture, 6> kMoves = {
    Gesture{"Tab", ATTN_MESSAGE("goes to the next control, Shift+Tab back")},
    Gesture{"Enter", ATTN_MESSAGE("presses it, or edits the number")},
    Gesture{"Space", ATTN_MESSAGE("presses it, or marks a file")},
    Gesture{"Esc", ATTN_MESSAGE("takes back the drag or the entry, closes a sheet")},
    Gesture{"F10", ATTN_MESSAGE("opens the menus; arrows go through them")},
    Gesture{"Menu · Shift+F10", ATTN_MESSAGE("copies the selected number, its row or its matrix")},
};

struct Section {
  std::string_view heading;
  session::Menu menu;
};
constexpr std::array<Section, 6> kSections = {Section{ATTN_MESSAGE("File"), session::Menu::file},
                                              Section{ATTN_MESSAGE("Edit"), session::Menu::edit},
                                              Section{ATTN_MESSAGE("View"), session::Menu::view},
                                              Section{ATTN_MESSAGE("Play"), session::Menu::play},
                                              Section{ATTN_MESSAGE("Lessons"), session::Menu::lessons},
                                              Section{ATTN_MESSAGE("Help"), session::Menu::help}};

/// The lines of a list with two columns: sections, each under its heading, with what matches the filter.
class KeyLines {
 public:
  KeyLines(const PanelContext& context, std::string_view filter) : context_(context), filter_(filter) {
    add(context.tr("With the mouse"), kGestures);
    add(context.tr("Moving about"), kMoves, session::Menu::none);
    for (const Section& section : kSections) add(context.tr(section.heading), {}, section.menu);
  }
  const std::vector<KeyLine>& lines() const { return lines_; }

 private:
  void add(std::string_view heading, std::span<const Gesture> gestures,
           std::optional<session::Menu> menu = std::nullopt) {
    std::vector<KeyLine> found;
    // "W_Q" is found as it is typed.
    const auto try_line = [&](std::string keys, std::string what) {
      if (session::fuzzy_match(filter_, keys + " " + what))
        found.push_back({std::move(keys), with_indices(std::move(what))});
    };
    for (const Gesture& gesture : gestures)
      try_line(std::string(context_.tr(gesture.keys)), std::string(context_.tr(gesture.what)));
    for (const session::Command& command : session::commands()) {
      if (command.menu != menu) continue;
      std::string keys;
      for (const session::KeyChord& chord : command.keys) keys += (keys.empty() ? "" : " · ") + text(chord);
      if (!keys.empty()) try_line(keys, context_.catalogue.tr(command.title));
    }
    if (found.empty()) return;
    lines_.push_back({std::string(heading), {}});
    lines_.push_back({});
    lines_.insert(lines_.end(), found.begin(), found.end());
    if (found.size() % 2 == 1) lines_.push_back({});
  }

  const PanelContext& context_;
  std::string_view filter_;
  std::vector<KeyLine> lines_;
};

/// Of the widest of them.
float width_of_keys(const PanelContext& context, const std::vector<KeyLine>& lines) {
  float width = 0.0f;
  for (const KeyLine& line : lines) {
    if (!line.what.empty())
      width = std::max(width, context.text.measure(context.look(TextSize::body), line.keys).x);
  }
  return std::ceil(width);
}

void draw_key_line(PanelContext& context, const Rect& rect, const KeyLine& line, float keys_width) {
  const Style& style = context.style;
  Rect words = rect.inset(style.px(8), 0);
  if (line.what.empty()) {
    context.text.draw_in(*context.list, words, context.look(TextSize::label, Face::sans_bold), line.keys);
    return;
  }
  // Never half of it all.
  const Rect keys = words.cut_left(std::min(keys_width, words.width() * 0.48f), style.px(14));
  context.text.draw_in(*context.list, keys, context.look(TextSize::body, style.colours.accent), line.keys);
  context.text.draw_in(*context.list, words, context.look(TextSize::body), line.what);
  const auto cut = [&](std::string_view text, const Rect& room) {
    return context.text.measure(context.look(TextSize::body), text).x > room.width() + 0.5f;
  };
  if (rect.contains(ImGui::GetIO().MousePos) && (cut(line.keys, keys) || cut(line.what, words)))
    tooltip(context, line.keys + ": " + line.what);
}

}  // namespace

void draw_keys(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  KeysMemory& memory = outer.memory.get<KeysMemory>();
  if (outer.memory.get<DialogBegun>().begun) {
    memory = {};
    edit_text_field(outer, kKeysFilter, "");
  }
  Sheet sheet(outer, window,
              {.size = {style.px(1340), style.px(820)}, .heading = outer.tr("Keys and gestures")});
  PanelContext& context = sheet.context;
  Rect content = sheet.content;
  const TextFieldResult typed =
      text_field(context, kKeysFilter, content.cut_top(style.control_height(), style.px(10)), memory.filter,
                 context.tr("type to find a key or what it does"));
  const Rect bottom = content.cut_bottom(style.control_height(), style.px(10));
  const KeyLines found(context, memory.filter);
  const std::vector<KeyLine>& lines = found.lines();
  PickListOptions options;
  options.count = lines.size();
  options.columns = 2;
  options.row_height = style.px(30);
  const float keys_width = width_of_keys(context, lines);
  pick_list(context, kKeysList, content, options, memory.list,
            [&](std::size_t i, const Rect& rect, bool, bool) {
              draw_key_line(context, rect, lines[i], keys_width);
            });
  const std::array<std::string_view, 1> labels = {context.tr("Close")};
  const bool escape = key_pressed(session::Key::escape) && !context.widgets.typing();
  if (draw_answers(context, bottom, labels, 0) || escape || typed.cancelled || typed.commit)
    context.post(session::CloseDialog{});
}

}  // namespace attn::ui
