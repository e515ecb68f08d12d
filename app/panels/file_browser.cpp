#include "app/panels/file_browser.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/session/file_problem.h"
#include "app/session/import.h"
#include "app/widgets/controls.h"
#include "app/widgets/field_memory.h"

namespace attn::ui {
namespace {

using session::Dialog;
using session::EntryKind;
using session::FolderEntry;
using session::Key;
namespace fs = std::filesystem;

const WidgetId kFilter{PanelId::dialog, "filter"};
const WidgetId kPath{PanelId::dialog, "path"};
const WidgetId kName{PanelId::dialog, "name"};
const WidgetId kList{PanelId::dialog, "file"};
const WidgetId kRecent{PanelId::dialog, "recent"};

void refilter(FileBrowserMemory& memory) {
  memory.shown = matching(memory.listing, memory.filter);
  memory.list.restart();
}

void enter(const BrowserPurpose& purpose, FileBrowserMemory& memory, const fs::path& folder) {
  const fs::path left = memory.listing.folder;
  memory.listing = session::list_folder(folder, purpose.filter());
  memory.path = folder.string();
  memory.filter.clear();
  memory.replacing.reset();
  refilter(memory);
  // On the way up the folder one comes from has the cursor.
  if (left.parent_path() != folder) return;
  for (std::size_t i = 0; i < memory.shown.size(); ++i) {
    if (memory.listing.entries[memory.shown[i]].name == left.filename().string()) memory.list.cursor = i;
  }
}

/// The folder to begin in: that of the open file, of the last one, or where the program was started.
fs::path first_folder(const session::Session& session) {
  std::error_code error;
  const auto usable = [&](const fs::path& folder) {
    return !folder.empty() && fs::is_directory(folder, error);
  };
  if (const fs::path own = fs::absolute(session.file(), error).parent_path();
      !session.file().empty() && usable(own))
    return own.lexically_normal();
  for (const std::string& recent : session.settings().recent_files) {
    if (usable(fs::path(recent).parent_path())) return fs::path(recent).parent_path();
  }
  const fs::path here = fs::current_path(error);
  return error ? session::home_folder() : here;
}

void begin(PanelContext& context, const BrowserPurpose& purpose, FileBrowserMemory& memory) {
  auto glances = std::move(memory.glances);
  memory = {};
  memory.glances = glances ? std::move(glances) : std::make_unique<session::Glances>();
  enter(purpose, memory, first_folder(context.session));
  // The open file has the cursor, else the first one: its words and its map are seen at once.
  std::optional<std::size_t> first_file;
  for (std::size_t i = 0; i < memory.shown.size(); ++i) {
    const FolderEntry& entry = memory.listing.entries[memory.shown[i]];
    if (entry.kind == EntryKind::folder) continue;
    if (!first_file || memory.path_of(entry) == context.session.file()) first_file = i;
  }
  memory.list.cursor = first_file.value_or(0);
  if (purpose.saves()) {
    const fs::path file = context.session.file();
    memory.name = file.empty() ? "example" + std::string(purpose.extension())
                               : file.stem().string() + std::string(purpose.extension());
    edit_text_field(context, kName, memory.name, Caret::selects_all);
  } else {
    edit_text_field(context, kFilter, "");
  }
}

/// A folder is entered, a file acted on.
void open_path(PanelContext& context, const BrowserPurpose& purpose, FileBrowserMemory& memory,
               const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found && !purpose.saves()) {
    memory.listing.problem = session::why_not_opened(path, {});
  } else if (fs::is_directory(status) || status.type() == fs::file_type::none) {
    enter(purpose, memory, path);
    if (!purpose.saves()) edit_text_field(context, kFilter, "");
  } else {
    act_on(context, purpose, memory, path);
  }
}

void go_up(const BrowserPurpose& purpose, FileBrowserMemory& memory) {
  const fs::path folder = memory.listing.folder;
  if (folder.has_parent_path() && folder.parent_path() != folder)
    enter(purpose, memory, folder.parent_path());
}

void draw_top(PanelContext& context, Rect line, const BrowserPurpose& purpose, FileBrowserMemory& memory) {
  const Style& style = context.style;
  const auto place = [&](const WidgetId& id, std::string_view label, std::string_view tip) {
    const Rect rect = line.cut_left(button_width(context, label), style.px(8));
    return button(context, id, rect, label, {.tooltip = tip});
  };
  if (place(browser_widget("up"), context.tr("Up"), "Alt+↑") || (modifiers().alt && key_pressed(Key::up)))
    go_up(purpose, memory);
  if (place(browser_widget("home"), context.tr("Home"), "~")) enter(purpose, memory, session::home_folder());
  const TextFieldResult typed = text_field(context, kPath, line, memory.path, "~");
  if (typed.commit) {
    const fs::path path = session::typed_path(*typed.commit, memory.listing.folder);
    memory.path = memory.listing.folder.string();
    open_path(context, purpose, memory, path);
  } else if (typed.cancelled) {
    memory.path = memory.listing.folder.string();
  }
}

void draw_recent(PanelContext& context, Rect area, const BrowserPurpose& purpose, FileBrowserMemory& memory) {
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
    context.text.draw_in(*context.list, words.cut_top(style.px(24)), context.look(TextSize::body),
                         files[i].filename().string());
    context.text.draw_in(*context.list, words, context.look(TextSize::small, style.colours.ink_muted),
                         files[i].parent_path().string());
    if (hovered) tooltip(context, files[i].string());
  };
  // No cursor is shown where nothing has been chosen.
  const PickListResult result = pick_list(context, kRecent, area, options, memory.recent, row);
  const auto chosen = result.opened ? result.opened : result.clicked;
  if (chosen) act_on(context, purpose, memory, files[*chosen]);
}

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
  context.text.draw_in(*context.list, words, context.look(TextSize::body), entry.name);
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

void draw_list(PanelContext& context, Rect area, const BrowserPurpose& purpose, FileBrowserMemory& memory) {
  const Style& style = context.style;
  const bool filtered = !memory.filter.empty();  // Esc takes the text back before it is told
  const TextFieldResult typed =
      text_field(context, kFilter, area.cut_top(style.control_height(), style.px(8)), memory.filter,
                 context.tr("type to find a name"));
  // Typing on the list goes into the filter.
  if (context.widgets.is_focused(kList) && !context.widgets.typing() && !modifiers().ctrl) {
    const std::string text = typed_text();
    if (!text.empty() && text != " ") {
      memory.filter += text;
      edit_text_field(context, kFilter, memory.filter);
      ImGui::GetIO().ClearInputCharacters();
    }
  }
  if (const auto found = matching(memory.listing, memory.filter); found != memory.shown) refilter(memory);
  if (memory.listing.problem) {
    const std::string line = context.tr(*memory.listing.problem);
    const auto lines =
        context.text.wrap(context.look(TextSize::body, style.colours.error), line, area.width());
    area.min.y += context.text.draw(*context.list, area.min, lines) + style.px(6);
  } else if (memory.shown.empty()) {
    context.text.draw_in(*context.list, area.cut_top(style.px(30)),
                         context.look(TextSize::body, style.colours.ink_muted),
                         memory.filter.empty() ? context.tr("nothing here that can be opened")
                                               : context.tr("no name has these letters"));
  }
  PickListOptions options;
  options.count = memory.shown.size();
  options.row_height = style.px(34);
  const bool in_filter = context.memory.get<FieldMemory>().editing == kFilter;
  options.takes_keys = in_filter;
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
      edit_text_field(context, kFilter, "");
    } else {
      context.post(session::CloseDialog{});
    }
    return;
  }
  if ((result.opened || typed.commit) && current) {
    open_path(context, purpose, memory, memory.path_of(*current));
  } else if (typed.commit) {
    edit_text_field(context, kFilter, memory.filter);
  }
}

std::string_view heading(const PanelContext& context, Dialog dialog) {
  switch (dialog) {
    case Dialog::save_as:
      return context.tr("Save the scenario");
    case Dialog::save_picture:
      return context.tr("Save a picture of the window");
    case Dialog::import:
      return context.tr("Import arrays of NumPy");
    default:
      return context.tr("Open a scenario");
  }
}

std::string_view subheading(const PanelContext& context, Dialog dialog) {
  switch (dialog) {
    case Dialog::save_picture:
      return context.tr("as a file: the clipboard takes text only");
    case Dialog::import:
      return context.tr("x, q, k, v, parameters or attention weights; Space marks several");
    case Dialog::open:
      return context.tr("or drop files on the window");
    default:
      return {};
  }
}

}  // namespace

WidgetId browser_widget(const WidgetKind& kind) { return {PanelId::dialog, kind}; }

const FolderEntry* FileBrowserMemory::current() const {
  return list.cursor < shown.size() ? &listing.entries[shown[list.cursor]] : nullptr;
}

bool FileBrowserMemory::is_marked(const fs::path& file) const {
  return std::ranges::count(marked, file) != 0;
}

session::FolderFilter BrowserPurpose::filter() const {
  switch (dialog) {
    case Dialog::save_as:
      return session::FolderFilter::scenarios;
    case Dialog::save_picture:
      return session::FolderFilter::pictures;
    case Dialog::import:
      return session::FolderFilter::arrays;
    default:
      return session::FolderFilter::scenarios_and_arrays;
  }
}

void act_on(PanelContext& context, const BrowserPurpose& purpose, FileBrowserMemory& memory,
            const fs::path& file) {
  std::error_code error;
  if (fs::is_directory(file, error)) {
    enter(purpose, memory, file);
    return;
  }
  if (purpose.saves()) {
    fs::path target = file;
    if (target.extension() != purpose.extension()) target += purpose.extension();
    if (fs::exists(target, error) && memory.replacing != target) {
      memory.replacing = target;
      return;
    }
    memory.replacing.reset();
    if (purpose.dialog == Dialog::save_picture) {
      context.post(session::SavePicture{target});
    } else {
      context.post(session::SaveAs{target});
    }
  } else if (purpose.imports()) {
    session::Import import{memory.marked.empty() ? std::vector{file} : memory.marked, std::nullopt};
    if (!memory.heads.empty())
      import.heads = static_cast<std::size_t>(std::max(0, std::atoi(memory.heads.c_str())));
    if (import.heads == std::size_t{0}) import.heads.reset();
    context.post(std::move(import));
  } else {
    context.post(session::Open{file});
  }
}

void draw_file_browser(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  FileBrowserMemory& memory = outer.memory.get<FileBrowserMemory>();
  const BrowserPurpose purpose{outer.session.dialog()};
  // A picture that could not be written brings its dialog back as it was left.
  const bool comes_back = outer.session.save_problem() && !memory.name.empty();
  if (outer.memory.get<DialogBegun>().begun && !comes_back) begin(outer, purpose, memory);
  Sheet sheet(outer, window,
              {.size = {style.px(1240), style.px(780)},
               .heading = heading(outer, purpose.dialog),
               .subheading = subheading(outer, purpose.dialog)});
  PanelContext& context = sheet.context;
  Rect content = sheet.content;
  Rect top = content.cut_top(style.control_height(), style.px(12));
  const Rect bottom = content.cut_bottom(style.control_height(), style.px(14));
  if (purpose.saves() && context.session.save_problem())
    draw_save_problem(context, content.cut_bottom(style.px(26), style.px(6)));
  draw_top(context, top, purpose, memory);
  if (!purpose.saves())
    draw_recent(context, content.cut_left(std::round(content.width() * 0.2f), style.px(20)), purpose, memory);
  if (purpose.dialog != Dialog::save_picture) {
    const Rect glance = content.cut_right(std::round(content.width() * 0.36f), style.px(20));
    draw_file_glance(context, glance, memory);
  }
  draw_list(context, content, purpose, memory);
  draw_browser_bottom(context, bottom, purpose, memory);
  if (key_pressed(Key::escape) && !context.memory.get<FieldMemory>().editing && !context.widgets.typing()) {
    if (memory.replacing) {
      memory.replacing.reset();
    } else {
      context.post(session::CloseDialog{});
    }
  }
}

}  // namespace attn::ui
