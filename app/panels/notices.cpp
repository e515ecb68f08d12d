#include "app/panels/notices.h"

#include "app/panels/sheet.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

using session::Dialog;
using session::Question;

/// Which dialog the last frame showed: each begins afresh.
struct OverlayMemory {
  Dialog dialog = Dialog::none;
};

void draw_dialog(PanelContext& context, ImVec2 window, Dialog dialog) {
  switch (dialog) {
    case Dialog::none:
      return;
    case Dialog::new_example:
      draw_new_example(context, window);
      return;
    case Dialog::open:
    case Dialog::save_as:
    case Dialog::import:
    case Dialog::save_picture:
    case Dialog::save_answers:
      draw_file_browser(context, window);
      return;
    case Dialog::gallery:
      draw_gallery(context, window);
      return;
    case Dialog::palette:
      draw_palette(context, window);
      return;
    case Dialog::find:
      draw_find_bar(context, window);
      return;
    case Dialog::messages:
      draw_message_list(context, window);
      return;
    case Dialog::keys:
      draw_keys(context, window);
      return;
    case Dialog::lessons:
      if (context.classroom != nullptr) draw_start_page(context, window);
      return;
    case Dialog::glossary:
      if (context.classroom != nullptr) draw_glossary(context, window);
      return;
  }
}

}  // namespace

bool overlay_has_keyboard(const session::Session& session, PanelMemory& memory) {
  return session.question() != Question::none || session.dialog() != Dialog::none ||
         memory.get<ContextMenuMemory>().open();
}

void draw_overlays(PanelContext& context, ImVec2 window, const Rect& messages) {
  const Dialog dialog = context.session.dialog();
  OverlayMemory& memory = context.memory.get<OverlayMemory>();
  if (memory.dialog != dialog) {
    memory.dialog = dialog;
    context.memory.get<DialogBegun>().begun = true;
  }
  draw_messages(context, messages);
  if (context.session.question() == Question::unsaved_work) {
    draw_unsaved_question(context, window);
  } else {
    draw_dialog(context, window, dialog);
  }
  draw_context_menu(context, window);
  context.memory.get<DialogBegun>().begun = false;
  if (!overlay_has_keyboard(context.session, context.memory) && context.widgets.confined() == PanelId::dialog)
    context.widgets.confine(std::nullopt);
}

}  // namespace attn::ui
