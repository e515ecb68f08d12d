#include "app/panels/notices.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

using session::Dialog;
using session::Key;
using session::Question;

struct OverlayMemory {
  bool keys = false;             ///< the list of keys is open
  Dialog dialog = Dialog::none;  ///< for which the path below was begun
  std::string path;
};

constexpr ImGuiWindowFlags kOverlayFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                           ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground |
                                           ImGuiWindowFlags_NoNav;

/// A card in the middle of the window with everything behind it dimmed; `body` draws into the card and
/// gets what is inside the padding.
template <class Body>
void draw_dialog(PanelContext& outer, ImVec2 window, ImVec2 size, std::string_view heading,
                 const Body& body) {
  const Style& style = outer.style;
  size.x = std::min(size.x, window.x - 2 * style.gap());
  size.y = std::min(size.y, window.y - 2 * style.gap());
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(window);
  ImGui::Begin("dialog", nullptr, kOverlayFlags);
  bring_window_to_front();
  const ImVec2 at{std::round((window.x - size.x) * 0.5f), std::round((window.y - size.y) * 0.42f)};
  PanelContext context = outer.within({at, add(at, size)});
  context.list = ImGui::GetWindowDrawList();
  context.list->AddRectFilled({0, 0}, window, style.colours.scrim);
  Rect content = draw_card(context, heading).inset(style.px(8), style.px(4));
  body(context, content);
  ImGui::End();
  outer.widgets.confine(PanelId::dialog);
}

/// Buttons along the lower edge, the last one at the right. Returns the one that was chosen.
std::optional<std::size_t> draw_answers(PanelContext& context, Rect content,
                                        std::span<const std::string_view> labels, std::size_t primary) {
  const Style& style = context.style;
  Rect line = content.cut_bottom(style.control_height());
  float width = 0.0f;
  for (const std::string_view label : labels) width += button_width(context, label) + style.px(24);
  line.min.x = std::max(line.min.x, line.max.x - width);
  std::optional<std::size_t> chosen;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Rect rect = line.cut_left(button_width(context, labels[i]) + style.px(16), style.px(8));
    const ButtonOptions options{.kind = i == primary ? ButtonKind::primary : ButtonKind::plain};
    if (button(context, WidgetId{PanelId::dialog, "answer"}.at(i), rect, labels[i], options)) chosen = i;
  }
  return chosen;
}

void draw_unsaved_question(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  draw_dialog(outer, window, {style.px(520), style.px(210)}, outer.tr("Unsaved work"),
              [&](PanelContext& context, const Rect& content) {
                context.text.draw_paragraph(*context.list, content.min, context.look(TextSize::body),
                                            context.tr("What you changed has not been saved. Save it first?"),
                                            content.width());
                const std::array<std::string_view, 3> labels = {context.tr("Cancel"), context.tr("Discard"),
                                                                context.tr("Save")};
                constexpr std::array kAnswers = {session::Answer::cancel, session::Answer::discard,
                                                 session::Answer::save};
                const auto chosen = draw_answers(context, content, labels, 2);
                if (chosen) context.post(session::AnswerQuestion{kAnswers[*chosen]});
                if (key_pressed(Key::escape)) context.post(session::AnswerQuestion{session::Answer::cancel});
              });
}

void draw_path_dialog(PanelContext& outer, ImVec2 window, OverlayMemory& memory, Dialog dialog) {
  const Style& style = outer.style;
  const bool opens = dialog == Dialog::open;
  const WidgetId field{PanelId::dialog, "path"};
  if (memory.dialog != dialog) {
    memory.dialog = dialog;
    memory.path = outer.session.file().string();
    edit_text_field(outer, field, memory.path);
  }
  draw_dialog(outer, window, {style.px(680), style.px(230)},
              opens ? outer.tr("Open a scenario") : outer.tr("Save the scenario"),
              [&](PanelContext& context, Rect content) {
                context.text.draw_in(
                    *context.list, content.cut_top(style.px(26), style.px(8)),
                    context.look(TextSize::body, context.colours().ink_muted),
                    opens ? context.tr("Path of the file; a file can also be dropped on the window")
                          : context.tr("Path of the file; it is replaced where it exists"));
                const TextFieldResult typed = text_field(
                    context, field, content.cut_top(style.control_height()), memory.path, "three-words.json");
                const std::array<std::string_view, 2> labels = {
                    context.tr("Cancel"), opens ? context.tr("Open") : context.tr("Save")};
                const auto chosen = draw_answers(context, content, labels, 1);
                const bool go = typed.commit || chosen == 1;
                if (go && !memory.path.empty()) {
                  if (opens)
                    context.post(session::Open{memory.path});
                  else
                    context.post(session::SaveAs{memory.path});
                } else if (chosen == 0 || typed.cancelled || key_pressed(Key::escape)) {
                  context.post(session::CloseDialog{});
                }
              });
}

struct Gesture {
  std::string_view keys;
  std::string_view what;
};
/// What no command has: the mouse, and moving among the controls.
constexpr std::array<Gesture, 8> kGestures = {
    Gesture{ATTN_MESSAGE("drag an arrow"), ATTN_MESSAGE("moves the word; everything follows")},
    Gesture{ATTN_MESSAGE("drag a weight or a ring"), ATTN_MESSAGE("pulls on the answer; the inputs move")},
    Gesture{ATTN_MESSAGE("click a number"), ATTN_MESSAGE("says where it comes from")},
    Gesture{ATTN_MESSAGE("drag a field sideways"), ATTN_MESSAGE("changes the number")},
    Gesture{"F10", ATTN_MESSAGE("opens the menus; arrows go through them")},
    Gesture{"Tab", ATTN_MESSAGE("goes to the next control, Shift+Tab back")},
    Gesture{"Enter", ATTN_MESSAGE("presses it, or edits the number")},
    Gesture{"Esc", ATTN_MESSAGE("takes back the drag or the entry")},
};

void draw_keys(PanelContext& outer, ImVec2 window, OverlayMemory& memory) {
  const Style& style = outer.style;
  draw_dialog(
      outer, window, {style.px(1080), style.px(760)}, outer.tr("Keys and gestures"),
      [&](PanelContext& context, const Rect& content) {
        const float line = style.px(27);
        Rect left = content;
        Rect right = left.cut_right(std::round((content.width() - style.px(28)) * 0.5f), style.px(28));
        right.max.y -= style.control_height();
        const float key_width = style.px(128);
        const float gesture_width = style.px(190);
        const auto row = [&](Rect& column, std::string_view keys, std::string_view what, float width) {
          Rect rect = column.cut_top(line);
          context.text.draw_in(*context.list, rect.cut_left(width, style.px(10)),
                               context.look(TextSize::small, context.colours().accent), keys);
          context.text.draw_in(*context.list, rect, context.look(TextSize::small), what);
        };
        for (const Gesture& gesture : kGestures)
          row(right, context.tr(gesture.keys), context.tr(gesture.what), gesture_width);
        for (const session::Command& command : session::commands()) {
          if (command.keys.empty()) continue;
          Rect& column = left.height() > line ? left : right;
          if (column.height() < line) break;
          row(column, text(command.keys.front()), context.tr(command.title), key_width);
        }
        const std::array<std::string_view, 1> labels = {context.tr("Close")};
        if (draw_answers(context, content, labels, 0) || key_pressed(Key::escape)) memory.keys = false;
      });
}

Colour colour_of(const Theme& theme, session::Severity severity) {
  switch (severity) {
    case session::Severity::information:
      return theme.accent;
    case session::Severity::warning:
      return theme.warning;
    case session::Severity::error:
      return theme.error;
  }
  return theme.ink;
}

/// Messages, the newest at the bottom, each with a cross to put it away.
void draw_messages(PanelContext& outer, ImVec2 window) {
  constexpr std::size_t kShown = 3;
  const auto& notices = outer.session.notices();
  if (notices.empty()) return;
  const Style& style = outer.style;
  const float width = std::min(style.px(640), window.x - 2 * style.gap());
  float bottom = window.y - style.gap() * 2.0f;
  const std::size_t first = notices.size() > kShown ? notices.size() - kShown : 0;
  for (std::size_t i = notices.size(); i-- > first;) {
    const session::Notice& notice = notices[i];
    const float pad = style.px(12);
    const float cross = style.px(28);
    const auto lines =
        outer.text.wrap(outer.look(TextSize::body), outer.tr(notice.text), width - cross - 3 * pad);
    float height = pad;
    for (const Line& line : lines) height += line.height;
    const Rect box{{std::round((window.x - width) * 0.5f), bottom - height},
                   {std::round((window.x + width) * 0.5f), bottom}};
    bottom = box.min.y - style.px(8);
    ImGui::SetNextWindowPos(box.min);
    ImGui::SetNextWindowSize(box.size());
    ImGui::PushID(static_cast<int>(i));
    ImGui::Begin(("message " + std::to_string(i)).c_str(), nullptr,
                 kOverlayFlags | ImGuiWindowFlags_NoFocusOnAppearing);
    bring_window_to_front();
    PanelContext context = outer.within(box);
    context.list = ImGui::GetWindowDrawList();
    context.list->AddRectFilled(box.min, box.max, style.colours.panel, style.rounding());
    context.list->AddRect(box.min, box.max, style.colours.field_border, style.rounding(), 0, style.line());
    context.list->AddRectFilled(box.min, {box.min.x + style.px(5), box.max.y},
                                colour_of(style.colours, notice.severity), style.rounding(),
                                ImDrawFlags_RoundCornersLeft);
    context.text.draw(*context.list, {box.min.x + style.px(5) + pad, box.min.y + pad * 0.5f}, lines);
    const Rect button_area{{box.max.x - cross - pad * 0.5f, box.min.y + pad * 0.5f},
                           {box.max.x - pad * 0.5f, box.min.y + pad * 0.5f + cross}};
    if (icon_button(context, WidgetId{PanelId::notice, "close"}.at(i), button_area, Icon::close,
                    {.kind = ButtonKind::quiet}))
      context.post(session::DismissNotice{i});
    ImGui::End();
    ImGui::PopID();
  }
}

}  // namespace

bool overlay_has_keyboard(const session::Session& session, PanelMemory& memory) {
  return session.question() != Question::none || session.dialog() != Dialog::none ||
         memory.get<OverlayMemory>().keys;
}

void show_keys(PanelMemory& memory) { memory.get<OverlayMemory>().keys = true; }

void draw_overlays(const session::Subject&, PanelContext& context, ImVec2 window) {
  OverlayMemory& memory = context.memory.get<OverlayMemory>();
  draw_messages(context, window);
  if (context.session.question() == Question::unsaved_work) {
    draw_unsaved_question(context, window);
  } else if (context.session.dialog() != Dialog::none) {
    draw_path_dialog(context, window, memory, context.session.dialog());
  } else if (memory.keys) {
    draw_keys(context, window, memory);
  }
  if (context.session.dialog() == Dialog::none) memory.dialog = Dialog::none;
  if (!overlay_has_keyboard(context.session, context.memory) && context.widgets.confined() == PanelId::dialog)
    context.widgets.confine(std::nullopt);
}

}  // namespace attn::ui
