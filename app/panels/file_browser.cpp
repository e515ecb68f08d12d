#include "app/panels/file_browser.h"

#include <cmath>

#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/field_memory.h"

namespace attn::ui {
namespace {

using session::Dialog;
using session::Key;
namespace fs = std::filesystem;

const WidgetId kPath{PanelId::dialog, "path"};

void go_up(const BrowserPurpose& purpose, FileBrowserMemory& memory) {
  const fs::path folder = memory.listing.folder;
  if (folder.has_parent_path() && folder.parent_path() != folder)
    enter_folder(purpose, memory, folder.parent_path());
}

void draw_top(PanelContext& context, Rect line, const BrowserPurpose& purpose, FileBrowserMemory& memory) {
  const Style& style = context.style;
  const auto place = [&](const WidgetId& id, std::string_view label, std::string_view tip) {
    const Rect rect = line.cut_left(button_width(context, label), style.px(8));
    return button(context, id, rect, label, {.tooltip = tip});
  };
  if (place(browser_widget("up"), context.tr("Up"), "Alt+↑") || (modifiers().alt && key_pressed(Key::up)))
    go_up(purpose, memory);
  if (place(browser_widget("home"), context.tr("Home"), "~"))
    enter_folder(purpose, memory, session::home_folder());
  const TextFieldResult typed = text_field(context, kPath, line, memory.path, "~");
  if (typed.commit) {
    const fs::path path = session::typed_path(*typed.commit, memory.listing.folder);
    memory.path = memory.listing.folder.string();
    open_path(context, purpose, memory, path);
  } else if (typed.cancelled) {
    memory.path = memory.listing.folder.string();
  }
}

std::string_view heading(const PanelContext& context, Dialog dialog) {
  switch (dialog) {
    case Dialog::save_as:
      return context.tr("Save the scenario");
    case Dialog::save_picture:
      return context.tr("Save a picture of the window");
    case Dialog::save_answers:
      return context.tr("Save my answers");
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
    case Dialog::save_answers:
      return context.tr(
          "for the teacher: files of a class that are dropped on the window together are shown as ghosts");
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

void draw_file_browser(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  FileBrowserMemory& memory = outer.memory.get<FileBrowserMemory>();
  const BrowserPurpose purpose{outer.session.dialog()};
  // A picture that could not be written brings its dialog back as it was left.
  const bool comes_back = outer.session.save_problem() && !memory.name.empty();
  if (outer.memory.get<DialogBegun>().begun && !comes_back) begin_browsing(outer, purpose, memory);
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
  if (!purpose.saves()) {
    draw_recent_files(context, content.cut_left(std::round(content.width() * 0.2f), style.px(20)), purpose,
                      memory);
  }
  if (purpose.dialog != Dialog::save_picture) {
    const Rect glance = content.cut_right(std::round(content.width() * 0.36f), style.px(20));
    draw_file_glance(context, glance, memory);
  }
  draw_folder_list(context, content, purpose, memory);
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
