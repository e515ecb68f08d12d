// Messages at the lower edge, the newest at the bottom, each with a cross to put it away. They go by
// themselves when they have been read; the list of messages keeps them.

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

constexpr ImGuiWindowFlags kOverlayFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                           ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground |
                                           ImGuiWindowFlags_NoNav;

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

}  // namespace

double reading_time(std::string_view text) {
  // Some 15 letters a second, or 5 Chinese characters of three bytes; and time to notice it.
  constexpr double kSecondsAByte = 0.066;
  constexpr double kNoticed = 3.0;
  return std::clamp(kNoticed + kSecondsAByte * static_cast<double>(text.size()), 6.0, 20.0);
}

namespace {

/// Lets the time of those pass that were on screen before. It stands still while one of them is looked at.
void pass_time(PanelContext& context, const std::vector<const session::Notice*>& shown, bool held) {
  MessageTimes& times = context.memory.get<MessageTimes>();
  const double passed = held ? 0.0 : static_cast<double>(ImGui::GetIO().DeltaTime);
  std::map<std::uint64_t, double> left;
  for (const session::Notice* notice : shown) {
    const auto known = times.left.find(notice->number);
    const double now =
        known == times.left.end() ? reading_time(context.tr(notice->text)) : known->second - passed;
    left.emplace(notice->number, now);
    if (now <= 0.0) context.post(session::LetNoticeGo{notice->number});
    if (!held) times.wakes_in = std::min(times.wakes_in.value_or(now), std::max(now, 0.0));
  }
  times.left = std::move(left);
}

/// Returns whether the mouse or the keyboard is on it.
bool draw_message(PanelContext& outer, const session::Notice& notice, std::size_t index, const Rect& area,
                  float& bottom) {
  const Style& style = outer.style;
  const float width = area.width();
  const float pad = style.px(12);
  const float cross = style.px(28);
  const auto lines =
      outer.text.wrap(outer.look(TextSize::body), outer.tr(notice.text), width - cross - 3 * pad);
  float height = pad;
  for (const Line& line : lines) height += line.height;
  const Rect box{{std::round(area.min.x), bottom - height}, {std::round(area.max.x), bottom}};
  bottom = box.min.y - style.px(8);
  ImGui::SetNextWindowPos(box.min);
  ImGui::SetNextWindowSize(box.size());
  ImGui::Begin(("message " + std::to_string(index)).c_str(), nullptr,
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
  const WidgetId close = WidgetId{PanelId::notice, "close"}.at(index);
  if (icon_button(context, close, button_area, Icon::close, {.kind = ButtonKind::quiet}))
    context.post(session::DismissNotice{index});
  ImGui::End();
  return box.contains(ImGui::GetIO().MousePos) || context.widgets.shows_focus(close);
}

}  // namespace

void draw_messages(PanelContext& outer, const Rect& area) {
  constexpr std::size_t kShown = 3;
  const auto& notices = outer.session.notices();
  float bottom = area.max.y;
  bool held = false;
  std::vector<const session::Notice*> shown;
  for (std::size_t i = notices.size(); i-- > 0 && shown.size() < kShown;) {
    if (!notices[i].shown) continue;
    ImGui::PushID(static_cast<int>(i));
    held = draw_message(outer, notices[i], i, area, bottom) || held;
    ImGui::PopID();
    shown.push_back(&notices[i]);
  }
  pass_time(outer, shown, held);
}

void draw_message_list(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  Sheet sheet(outer, window,
              {.size = {style.px(820), style.px(560)},
               .heading = outer.tr("Messages"),
               .subheading = outer.tr("the newest first")});
  PanelContext& context = sheet.context;
  Rect content = sheet.content;
  const Rect bottom = content.cut_bottom(style.control_height(), style.px(10));
  ImGui::SetCursorScreenPos(content.min);
  ImGui::BeginChild("message list", content.size(), false, ImGuiWindowFlags_NoNav);
  PanelContext inner = context;
  inner.list = ImGui::GetWindowDrawList();
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const auto& notices = context.session.notices();
  float y = corner.y;
  for (std::size_t i = notices.size(); i-- > 0;) {
    const auto lines = inner.text.wrap(inner.look(TextSize::body), inner.tr(notices[i].text),
                                       content.width() - style.px(40));
    float height = style.px(8);
    for (const Line& line : lines) height += line.height;
    inner.list->AddRectFilled({corner.x, y}, {corner.x + style.px(5), y + height - style.px(4)},
                              colour_of(style.colours, notices[i].severity), style.px(2));
    inner.text.draw(*inner.list, {corner.x + style.px(16), y}, lines);
    inner.widgets.add(WidgetId{PanelId::dialog, "message"}.at(i),
                      {{corner.x, y}, {corner.x + content.width(), y + height}}, Focusable::no);
    y += height + style.px(6);
  }
  if (notices.empty()) {
    inner.text.draw(*inner.list, corner, inner.look(TextSize::body, style.colours.ink_muted),
                    inner.tr("there is no message"));
  }
  if (key_pressed(session::Key::down, true)) ImGui::SetScrollY(ImGui::GetScrollY() + style.px(60));
  if (key_pressed(session::Key::up, true)) ImGui::SetScrollY(ImGui::GetScrollY() - style.px(60));
  ImGui::SetCursorScreenPos({corner.x, std::max(corner.y, y - 1.0f)});
  ImGui::Dummy({1, 1});
  ImGui::EndChild();
  const std::array<std::string_view, 1> labels = {context.tr("Close")};
  if (draw_answers(context, bottom, labels, 0) || key_pressed(session::Key::escape))
    context.post(session::CloseDialog{});
}

}  // namespace attn::ui
