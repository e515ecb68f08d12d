#include "app/panels/top_bar.h"

#include <fmt/format.h>

#include <array>

#include "app/panels/interface.h"
#include "app/panels/menus.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

/// Places things from the right end of the bar to the left.
class FromRight {
 public:
  FromRight(const Rect& area, float gap) : area_(area), gap_(gap) {}
  Rect take(float width) { return area_.cut_right(width, gap_); }
  const Rect& rest() const { return area_; }

 private:
  Rect area_;
  float gap_;
};

void draw_status(PanelContext& context, const Rect& rect, std::string_view words) {
  const Style& style = context.style;
  const WidgetId id{PanelId::top_bar, "status"};
  const Interaction mouse = interact(context, id, rect);
  const session::RunnerStatus status = context.session.status();
  const Colour ink = status.error ? context.colours().error : context.colours().ink_muted;
  context.text.draw_in(*context.list, rect, context.look(TextSize::body, ink), words, Align::centre);
  focus_ring(context, id, rect, style.small_rounding());
  if (mouse.hovered) tooltip(context, status_details(context));
}

}  // namespace

std::string status_text(const PanelContext& context) {
  const session::RunnerStatus status = context.session.status();
  if (status.error) return std::string(context.tr("cannot be computed"));
  if (status.computing && status.fraction > 0.0f) {
    return context.say("computing {percent} %",
                       fmt::arg("percent", static_cast<int>(status.fraction * 100.0f)));
  }
  if (status.stopped) return std::string(context.tr("stopped"));
  if (status.backend.empty()) return std::string(context.tr("computing"));
  if (!status.lost.empty()) {
    return context.say("{backend} · {lost} lost", fmt::arg("backend", status.backend),
                       fmt::arg("lost", status.lost.back().name));
  }
  if (!context.memory.get<EngineNote>().text.empty())
    return context.say("{backend} · no GPU", fmt::arg("backend", status.backend));
  return status.backend;
}

std::string status_details(const PanelContext& context) {
  const session::RunnerStatus status = context.session.status();
  std::string details = status.description;
  const auto line = [&](const std::string& words) {
    if (!details.empty()) details += "\n";
    details += words;
  };
  if (status.error) line(*status.error);
  if (const std::string& note = context.memory.get<EngineNote>().text; !note.empty()) line(note);
  for (const session::LostBackend& lost : status.lost)
    line(context.say("{backend}: {reason}", fmt::arg("backend", lost.name), fmt::arg("reason", lost.reason)));
  if (!status.on_cpu.empty()) {
    std::string stages;
    for (const Stage stage : status.on_cpu) stages += (stages.empty() ? "" : ", ") + std::string(name(stage));
    line(context.say("on the CPU: {stages}", fmt::arg("stages", stages)));
  }
  return details;
}

void draw_top_bar(const session::Subject&, PanelContext& context) {
  const Style& style = context.style;
  const Theme& colours = style.colours;
  context.list->AddRectFilled(context.area.min, context.area.max, colours.bar);
  context.list->AddLine({context.area.min.x, context.area.max.y - style.line()},
                        {context.area.max.x, context.area.max.y - style.line()}, colours.panel_border,
                        style.line());
  Rect area = context.area.inset(style.padding(), style.px(8));

  const TextLook name = context.look(TextSize::label, Face::sans_bold);
  const Rect title = area.cut_left(context.text.measure(name, "AttentionScope").x, style.px(14));
  context.text.draw_in(*context.list, title, name, "AttentionScope");
  area.min.x += draw_menus(context, area);

  // Measured first, drawn from left to right: that is the order of Tab.
  FromRight right(area, style.px(8));
  const std::string status = status_text(context);
  const Rect status_area = right.take(button_width(context, status));
  const std::array<std::string_view, 2> themes = {context.tr("Light"), context.tr("Dark")};
  const Rect theme_area =
      right.take(button_width(context, themes[0]) + button_width(context, themes[1]) - style.px(8));
  constexpr std::array<std::string_view, 2> kLanguageNames = {"EN", "中文"};
  const Rect language_area = right.take(button_width(context, kLanguageNames[0]) +
                                        button_width(context, kLanguageNames[1]) - style.px(8));
  const std::string_view undo = context.tr("Undo");
  const std::string_view redo = context.tr("Redo");
  const Rect redo_area = right.take(button_width(context, redo));
  const Rect undo_area = right.take(button_width(context, undo));

  const auto command_button = [&](const WidgetId& id, const Rect& rect, std::string_view label,
                                  std::string_view command_id) {
    const session::Command& command = *session::find_command(command_id);
    std::string tip = context.tr(command.title);
    if (const auto detail = detail_of(command, context.session)) tip += "  " + context.tr(*detail);
    tip += "  " + text(command.keys.front());
    const ButtonOptions options{.enabled = command.enabled(context.session), .tooltip = tip};
    if (button(context, id, rect, label, options)) context.post(command.make(context.session));
  };
  command_button({PanelId::top_bar, "undo"}, undo_area, undo, "edit.undo");
  command_button({PanelId::top_bar, "redo"}, redo_area, redo, "edit.redo");

  const session::Settings& settings = context.session.settings();
  const auto language = segmented(context, {PanelId::top_bar, "language"}, language_area, kLanguageNames,
                                  settings.language == session::Language::zh ? 1 : 0);
  if (language)
    context.post(session::SetLanguage{*language == 1 ? session::Language::zh : session::Language::en});

  const auto theme = segmented(context, {PanelId::top_bar, "theme"}, theme_area, themes,
                               colours.kind == ThemeKind::dark ? 1 : 0);
  if (theme) context.post(session::SetTheme{*theme == 1 ? session::Theme::dark : session::Theme::light});

  draw_status(context, status_area, status);

  // What the file is called, where there is room, with a dot for unsaved work.
  Rect middle = right.rest();
  middle.cut_left(style.px(16));
  if (middle.width() > style.px(80)) {
    std::string file = context.session.file().filename().string();
    if (context.session.has_unsaved_work()) {
      if (file.empty()) file = context.tr("not saved yet");
      file += " •";
    }
    context.text.draw_in(*context.list, middle, context.look(TextSize::body, colours.ink_muted), file,
                         Align::right);
  }
}

}  // namespace attn::ui
