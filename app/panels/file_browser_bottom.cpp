#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "app/panels/file_browser.h"
#include "app/panels/sheet.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

namespace fs = std::filesystem;

void ask_to_replace(PanelContext& context, Rect area, const BrowserPurpose& purpose,
                    FileBrowserMemory& memory) {
  const Style& style = context.style;
  const fs::path target = *memory.replacing;
  // "Save" stood at the right end: a double click on it must not replace anything.
  const std::array<std::string_view, 2> labels = {context.tr("Keep it"), context.tr("Replace it")};
  const float save = button_width(context, context.tr("Save")) + style.px(24);
  Rect right = area.cut_right(std::max(save, button_width(context, labels[0]) + style.px(16)), style.px(8));
  const Rect left = area.cut_right(button_width(context, labels[1]) + style.px(16), style.px(8));
  const auto answer = [&](std::size_t i, const Rect& rect, ButtonKind kind) {
    return button(context, WidgetId{PanelId::dialog, "answer"}.at(i), rect, labels[i], {.kind = kind});
  };
  std::optional<std::size_t> chosen;
  if (answer(1, left, ButtonKind::plain)) chosen = 1;
  if (answer(0, right, ButtonKind::primary)) chosen = 0;
  context.text.draw_in(*context.list, area, context.look(TextSize::body, style.colours.warning),
                       context.say("{name} exists already.", fmt::arg("name", target.filename().string())));
  if (chosen == 0) memory.replacing.reset();
  if (chosen == 1) act_on(context, purpose, memory, target);
}

void draw_name(PanelContext& context, Rect area, FileBrowserMemory& memory, const BrowserPurpose& purpose) {
  const Style& style = context.style;
  const std::string_view label = context.tr("file name");
  const Rect words = area.cut_left(context.text.measure(context.look(TextSize::body), label).x, style.px(10));
  context.text.draw_in(*context.list, words, context.look(TextSize::body, style.colours.ink_muted), label);
  const TextFieldResult typed = text_field(context, kBrowserName, area, memory.name, purpose.extension());
  if (typed.commit && !typed.commit->empty())
    act_on(context, purpose, memory, session::typed_path(*typed.commit, memory.listing.folder));
  if (typed.cancelled) context.post(session::CloseDialog{});
}

void draw_import_choices(PanelContext& context, Rect area, FileBrowserMemory& memory) {
  const Style& style = context.style;
  const std::string_view label = context.tr("heads");
  const Rect words = area.cut_left(context.text.measure(context.look(TextSize::body), label).x, style.px(10));
  context.text.draw_in(*context.list, words, context.look(TextSize::body, style.colours.ink_muted), label);
  const WidgetId field{PanelId::dialog, "heads"};
  const Rect rect = area.cut_left(style.px(180), style.px(16));
  text_field(context, field, rect, memory.heads, context.tr("by the shapes"));
  const std::string marked =
      memory.marked.empty() ? std::string()
                            : context.say("files marked: {count}", fmt::arg("count", memory.marked.size()));
  context.text.draw_in(*context.list, area, context.look(TextSize::body), marked);
}

}  // namespace

void draw_save_problem(PanelContext& context, const Rect& line) {
  const std::string text = context.tr(*context.session.save_problem());
  context.widgets.add(browser_widget("problem"), line, Focusable::no);
  context.text.draw_in(*context.list, line, context.look(TextSize::body, context.colours().error), text);
  if (line.contains(ImGui::GetIO().MousePos)) tooltip(context, text);
}

void draw_browser_bottom(PanelContext& context, const Rect& area, const BrowserPurpose& purpose,
                         FileBrowserMemory& memory) {
  const Style& style = context.style;
  if (memory.replacing) {
    ask_to_replace(context, area, purpose, memory);
    return;
  }
  const std::string_view go = purpose.saves()     ? context.tr("Save")
                              : purpose.imports() ? context.tr("Import")
                                                  : context.tr("Open");
  const std::array<std::string_view, 2> labels = {context.tr("Cancel"), go};
  const float buttons = button_width(context, labels[0]) + button_width(context, labels[1]) + style.px(64);
  Rect left = area;
  left.max.x -= buttons;
  if (purpose.saves()) draw_name(context, left, memory, purpose);
  if (purpose.imports()) draw_import_choices(context, left, memory);
  const session::FolderEntry* const current = memory.current();
  const bool possible = purpose.saves() ? !memory.name.empty() : current || !memory.marked.empty();
  const auto chosen = draw_answers(context, area, labels, 1, possible);
  if (chosen == 0) context.post(session::CloseDialog{});
  if (chosen != 1) return;
  if (purpose.saves()) {
    act_on(context, purpose, memory, session::typed_path(memory.name, memory.listing.folder));
  } else {
    const bool marked = !memory.marked.empty();
    act_on(context, purpose, memory, marked ? memory.marked.front() : memory.path_of(*current));
  }
}

}  // namespace attn::ui
