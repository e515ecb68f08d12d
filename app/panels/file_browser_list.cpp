#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/file_browser.h"
#include "app/platform/imgui_shims.h"
#include "app/session/import.h"
#include "app/widgets/controls.h"
#include "app/widgets/field_memory.h"

namespace attn::ui {
namespace {

using session::EntryKind;
using session::FolderEntry;
namespace fs = std::filesystem;

/// False where the name had to be shortened.
bool draw_file_name(PanelContext& context, const Rect& room, const std::string& name) {
  const TextLook look = context.look(TextSize::body);
  const std::string shown = context.text.ellipsis_inside(look, name, room.width());
  context.text.draw_in(*context.list, room, look, shown);
  return shown == name;
}

const WidgetId kList{PanelId::dialog, "file"};
const WidgetId kRecent{PanelId::dialog, "recent"};

/// A sign for what an entry is, drawn as shapes.
void draw_sign(PanelContext& context, const Rect& box, EntryKind kind) {
  const Theme& colours = context.colours();
  ImDrawList& list = *context.list;
  const float line = std::max(1.2f, context.style.px(1.6f));
  const Rect r = box.inset(box.width() * 0.12f, box.height() * 0.16f);
  if (kind == EntryKind::folder) {
    list.AddRectFilled({r.min.x, r.min.y + r.height() * 0.16f}, r.max, colours.ink_muted,
                       context.style.px(2));
    list.AddRectFilled(r.min, {r.min.x + r.width() * 0.45f, r.min.y + r.height() * 0.3f}, colours.ink_muted,
                       context.style.px(2));
  } else if (kind == EntryKind::arrays) {
    list.AddRect(r.min, r.max, colours.ink_muted, 0.0f, 0, line);
    for (int i = 1; i < 3; ++i) {
      const float t = static_cast<float>(i) / 3.0f;
      list.AddLine({r.min.x + r.width() * t, r.min.y}, {r.min.x + r.width() * t, r.max.y}, colours.ink_muted,
                   line);
      list.AddLine({r.min.x, r.min.y + r.height() * t}, {r.max.x, r.min.y + r.height() * t},
                   colours.ink_muted, line);
    }
  } else {
    list.AddRect({r.min.x + r.width() * 0.12f, r.min.y}, {r.max.x - r.width() * 0.12f, r.max.y},
                 colours.ink_muted, context.style.px(2), 0, line);
  }
}

void draw_row(PanelContext& context, const Rect& rect, const BrowserPurpose& purpose,
              const FileBrowserMemory& memory, const FolderEntry& entry) {
  const Style& style = context.style;
  Rect words = rect.inset(style.px(8), 0);
  if (purpose.imports() && entry.kind != EntryKind::folder) {
    const Rect mark = words.cut_left(style.px(20), style.px(8));
    const Rect box{{mark.min.x, mark.centre().y - style.px(9)},
                   {mark.min.x + style.px(18), mark.centre().y + style.px(9)}};
    const bool marked = memory.is_marked(memory.path_of(entry));
    if (marked) context.list->AddRectFilled(box.min, box.max, style.colours.accent, style.px(4));
    context.list->AddRect(box.min, box.max, marked ? style.colours.accent : style.colours.field_border,
                          style.px(4), 0, std::max(1.0f, style.px(1.5f)));
    if (marked) draw_icon(*context.list, box.inset(style.px(4)), Icon::tick, style.colours.on_accent);
  }
  const Rect sign = words.cut_left(style.px(22), style.px(8));
  draw_sign(context,
            {{sign.min.x, sign.centre().y - style.px(11)}, {sign.max.x, sign.centre().y + style.px(11)}},
            entry.kind);
  const Rect date = words.cut_right(style.px(150), style.px(8));
  const Rect size = words.cut_right(style.px(84), style.px(8));
  if (!draw_file_name(context, words, entry.name) && words.contains(ImGui::GetIO().MousePos))
    tooltip(context, entry.name);
  const TextLook quiet = context.look(TextSize::small, style.colours.ink_muted, Face::mono);
  if (entry.kind != EntryKind::folder)
    context.text.draw_in(*context.list, size, quiet, session::size_text(entry.bytes), Align::right);
  context.text.draw_in(*context.list, date, quiet, entry.changed, Align::right);
}

void toggle_mark(FileBrowserMemory& memory, const FolderEntry& entry) {
  if (entry.kind == EntryKind::folder) return;
  const fs::path file = memory.path_of(entry);
  if (memory.is_marked(file)) {
    std::erase(memory.marked, file);
  } else {
    memory.marked.push_back(file);
  }
}

std::string_view nothing_here(const PanelContext& context, session::Dialog dialog) {
  switch (dialog) {
    case session::Dialog::save_as:
      return context.tr("no scenario in this folder yet");
    case session::Dialog::save_picture:
      return context.tr("no picture in this folder yet");
    case session::Dialog::import:
      return context.tr("no .npy or .npz file in this folder");
    default:
      return context.tr("nothing here that can be opened");
  }
}

}  // namespace

void draw_recent_files(PanelContext& context, Rect area, const BrowserPurpose& purpose,
                       FileBrowserMemory& memory) {
  const Style& style = context.style;
  context.text.draw_in(*context.list, area.cut_top(style.px(26), style.px(4)),
                       context.look(TextSize::body, style.colours.ink_muted), context.tr("recent files"));
  std::vector<fs::path> files;
  for (const std::string& recent : context.session.settings().recent_files) {
    const bool arrays = session::is_array_file(recent);
    if (purpose.saves() || (purpose.imports() && !arrays)) continue;
    files.emplace_back(recent);
  }
  if (files.empty()) {
    context.text.draw_in(*context.list, area.cut_top(style.px(26)),
                         context.look(TextSize::body, style.colours.ink_disabled), context.tr("none yet"));
  }
  PickListOptions options;
  options.count = files.size();
  options.row_height = style.px(50);
  options.takes_keys = false;
  options.shows_cursor = false;
  const auto row = [&](std::size_t i, const Rect& rect, bool hovered, bool) {
    Rect words = rect.inset(style.px(8), style.px(3));
    draw_file_name(context, words.cut_top(style.px(24)), files[i].filename().string());
    context.text.draw_in(*context.list, words, context.look(TextSize::small, style.colours.ink_muted),
                         files[i].parent_path().string());
    if (hovered) tooltip(context, files[i].string());
  };
  // No cursor is shown where nothing has been chosen.
  const PickListResult result = pick_list(context, kRecent, area, options, memory.recent, row);
  const auto chosen = result.opened ? result.opened : result.clicked;
  if (chosen) act_on(context, purpose, memory, files[*chosen]);
}

void draw_folder_list(PanelContext& context, Rect area, const BrowserPurpose& purpose,
                      FileBrowserMemory& memory) {
  const Style& style = context.style;
  const bool filtered = !memory.filter.empty();  // Esc takes the text back before it is told
  // Space marks from the empty filter too: no name begins with one.
  const bool in_filter = context.memory.get<FieldMemory>().editing == kBrowserFilter;
  if (purpose.imports() && in_filter && !filtered && typed_text() == " ") {
    if (const FolderEntry* const entry = memory.current()) toggle_mark(memory, *entry);
    ImGui::GetIO().ClearInputCharacters();
  }
  const TextFieldResult typed =
      text_field(context, kBrowserFilter, area.cut_top(style.control_height(), style.px(8)), memory.filter,
                 context.tr("type to find a name"));
  // Typing on the list goes into the filter.
  if (context.widgets.is_focused(kList) && !context.widgets.typing() && !modifiers().ctrl) {
    const std::string text = typed_text();
    if (!text.empty() && text != " ") {
      memory.filter += text;
      edit_text_field(context, kBrowserFilter, memory.filter);
      ImGui::GetIO().ClearInputCharacters();
    }
  }
  if (const auto found = matching(memory.listing, memory.filter); found != memory.shown) memory.refilter();
  if (memory.listing.problem) {
    const std::string line = context.tr(*memory.listing.problem);
    const auto lines =
        context.text.wrap(context.look(TextSize::body, style.colours.error), line, area.width());
    area.min.y += context.text.draw(*context.list, area.min, lines) + style.px(6);
  } else if (memory.shown.empty()) {
    context.text.draw_in(*context.list, area.cut_top(style.px(30)),
                         context.look(TextSize::body, style.colours.ink_muted),
                         memory.filter.empty() ? nothing_here(context, purpose.dialog)
                                               : context.tr("no name has these letters"));
  }
  PickListOptions options;
  options.count = memory.shown.size();
  options.row_height = style.px(34);
  options.takes_keys = context.memory.get<FieldMemory>().editing == kBrowserFilter;
  const std::size_t cursor_before = memory.list.cursor;
  const auto entry_at = [&](std::size_t i) -> const FolderEntry& {
    return memory.listing.entries[memory.shown[i]];
  };
  const PickListResult result =
      pick_list(context, kList, area, options, memory.list, [&](std::size_t i, const Rect& rect, bool, bool) {
        draw_row(context, rect, purpose, memory, entry_at(i));
      });
  const FolderEntry* const current = memory.current();
  const bool chosen_now = result.clicked || memory.list.cursor != cursor_before;
  if (purpose.saves() && chosen_now && current && current->kind != EntryKind::folder)
    memory.name = current->name;
  if (purpose.imports() && result.marked) toggle_mark(memory, entry_at(*result.marked));
  if (purpose.imports() && result.clicked) {
    const float x = ImGui::GetIO().MousePos.x - area.min.x;
    if (x < style.px(36) || modifiers().ctrl) toggle_mark(memory, entry_at(*result.clicked));
  }
  if (typed.cancelled) {
    if (filtered) {
      memory.filter.clear();
      edit_text_field(context, kBrowserFilter, "");
    } else {
      context.post(session::CloseDialog{});
    }
    return;
  }
  if ((result.opened || typed.commit) && current) {
    open_path(context, purpose, memory, memory.path_of(*current));
  } else if (typed.commit) {
    edit_text_field(context, kBrowserFilter, memory.filter);
  }
}

}  // namespace attn::ui
