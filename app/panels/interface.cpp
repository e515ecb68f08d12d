#include "app/panels/interface.h"

#include <algorithm>
#include <cmath>

#include "app/panels/layout.h"
#include "app/panels/lesson_highlights.h"
#include "app/panels/lesson_panel.h"
#include "app/panels/lesson_pick.h"
#include "app/panels/lesson_reveal.h"
#include "app/panels/map_view.h"
#include "app/panels/notices.h"
#include "app/panels/performance_card.h"
#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/field_memory.h"
#include "app/widgets/heatmap_texture.h"
#include "core/io/scenario.h"

namespace attn::ui {
namespace {

using session::Key;
using session::KeyChord;

ThemeKind theme_kind(session::Theme wanted, ThemeKind system) {
  switch (wanted) {
    case session::Theme::light:
      return ThemeKind::light;
    case session::Theme::dark:
      return ThemeKind::dark;
    case session::Theme::system:
      return system;
  }
  return system;
}

/// The few parts that ImGui draws itself: scroll bars and the text editor.
void apply_style(const Style& style) {
  ImGuiStyle& imgui = ImGui::GetStyle();
  imgui.WindowPadding = {0, 0};
  imgui.WindowBorderSize = 0.0f;
  imgui.WindowMinSize = {1, 1};
  imgui.ChildBorderSize = 0.0f;
  imgui.PopupBorderSize = 0.0f;
  imgui.FrameBorderSize = 0.0f;
  imgui.ItemSpacing = {0, 0};
  imgui.ScrollbarSize = style.px(10);
  imgui.ScrollbarRounding = style.px(5);
  imgui.AntiAliasedLinesUseTex = false;
  const auto set = [&](ImGuiCol which, Colour colour) {
    imgui.Colors[which] = ImGui::ColorConvertU32ToFloat4(colour);
  };
  set(ImGuiCol_WindowBg, 0);
  set(ImGuiCol_ChildBg, 0);
  set(ImGuiCol_PopupBg, 0);
  set(ImGuiCol_Border, 0);
  set(ImGuiCol_ScrollbarBg, 0);
  set(ImGuiCol_ScrollbarGrab, style.colours.track);
  set(ImGuiCol_ScrollbarGrabHovered, style.colours.ink_disabled);
  set(ImGuiCol_ScrollbarGrabActive, style.colours.ink_muted);
  set(ImGuiCol_NavHighlight, 0);
  set(ImGuiCol_ModalWindowDimBg, 0);
}

constexpr ImGuiWindowFlags kPanelFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                         ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground |
                                         ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNav |
                                         ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoScrollbar;

/// Beside a lesson stand the cards that its step shows.
WantedCards wanted_cards(const lessons::Player* player) {
  if (player == nullptr) return {};
  using lessons::Card;
  const auto shows = [&](Card card) { return player->step().show.at(static_cast<std::size_t>(card)); };
  return {shows(Card::pipeline), true, shows(Card::scenario), shows(Card::heatmap), shows(Card::vectors),
          shows(Card::explain)};
}

bool is_arrow(Key key) { return key == Key::left || key == Key::right || key == Key::up || key == Key::down; }

}  // namespace

Interface::Interface(session::Session& session, TextureMaker& textures, float pixels_per_unit)
    : session_(session), textures_(textures), fonts_(pixels_per_unit), text_(fonts_) {
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  for (const std::string& line : fonts_.missing())
    session_.notify(session::Severity::warning, session::verbatim(line));
}

Interface::~Interface() = default;

void Interface::note_engine(std::string note) { memory_.get<EngineNote>().text = std::move(note); }

void Interface::zoom_map(double zoom) { memory_.get<WantedZoom>().zoom = zoom; }

void Interface::note_frame(double seconds) { memory_.get<FrameTimes>().add(seconds); }

bool Interface::prepare(ImFontAtlas& atlas) { return fonts_.update(atlas); }

void Interface::draw(const Surroundings& surroundings) {
  const session::Settings& settings = session_.settings();
  const Style style{
      theme(theme_kind(settings.theme, surroundings.system_theme)),
      style_scale(surroundings.size.x, surroundings.size.y, surroundings.display_scale),
      settings.reduced_motion,
  };
  apply_style(style);
  background_ = style.colours.background;
  const bool typing = memory_.get<FieldMemory>().editing.has_value();
  widgets_.set_typing(typing);
  widgets_.begin_frame();

  Hover hover_next;
  bool animating = false;
  PanelContext context{
      .session = session_,
      .post = [this](session::Action action) { session_.post(std::move(action)); },
      .widgets = widgets_,
      .text = text_,
      .style = style,
      .catalogue = catalogue(name(settings.language)),
      .area = {},
      .list = nullptr,
      .hover = hover_,
      .hover_next = hover_next,
      .time = settings.reduced_motion ? 0.0 : surroundings.seconds,
      .animating = animating,
      .memory = memory_,
      .textures = textures_,
      .classroom = classroom_,
  };
  const session::Subject subject = session_.subject();
  const lessons::Player* const player = classroom_ != nullptr ? classroom_->player() : nullptr;
  Layout layout = arrange(surroundings.size, style, session_.view().pipeline_folded, wanted_cards(player));
  if (subject.view.reason_tab == session::ReasonTab::code) widen_for_code(layout);
  StepArrival& arrival = memory_.get<StepArrival>();
  if (arrival.at(player)) {
    reveal_lesson_widgets(context, *player);
    arrival.mouse = ImGui::GetIO().MousePos;
  }
  for (const PanelEntry& panel : panels()) {
    const Rect area = layout.*panel.area;
    if (area.empty()) continue;
    ImGui::SetNextWindowPos(area.min);
    ImGui::SetNextWindowSize(area.size());
    ImGui::Begin(panel.name, nullptr, kPanelFlags);
    PanelContext own = context.within(area);
    own.list = ImGui::GetWindowDrawList();
    panel.draw(subject, own);
    ImGui::End();
  }
  if (player != nullptr && session_.dialog() == session::Dialog::none) {
    draw_lesson_highlights(context, *player);
    answer_by_choice(context, *player);
  }
  draw_performance_card(context, surroundings.size);
  memory_.get<MessageTimes>().wakes_in.reset();
  draw_overlays(context, surroundings.size, message_area(layout, surroundings.size, style));
  wakes_in_ = memory_.get<MessageTimes>().wakes_in;

  run_shortcuts();
  if (const auto text = session_.take_clipboard()) ImGui::SetClipboardText(text->c_str());
  const std::optional<WidgetId> focus_before = widgets_.focused();
  widgets_.end_frame();

  // A new step speaks of its own cell, not of what happens to lie under the mouse now, until that moves.
  if (arrival.mouse) {
    const ImVec2 now = ImGui::GetIO().MousePos;
    if (now.x == arrival.mouse->x && now.y == arrival.mouse->y) {
      hover_next = {};
    } else {
      arrival.mouse.reset();
    }
  }
  // What was found hovered is highlighted everywhere in the next frame.
  animating_ = animating || session_.animating() || hover_next != hover_ || fonts_.stale() ||
               widgets_.focused() != focus_before || memory_.get<FieldMemory>().claim_keyboard > 0 ||
               typing != memory_.get<FieldMemory>().editing.has_value();
  hover_ = hover_next;
}

void Interface::run_shortcuts() {
  const Modifiers held = modifiers();
  if (overlay_has_keyboard(session_, memory_)) return;
  for (const session::Command& command : session::commands()) {
    for (const KeyChord& chord : command.keys) {
      if (chord.ctrl != held.ctrl || chord.alt != held.alt) continue;
      // "+" needs Shift on many keyboards.
      if (chord.shift != held.shift && chord.key != Key::plus) continue;
      if (widgets_.typing() && !(chord.ctrl && (chord.key == Key::s || chord.key == Key::o ||
                                                chord.key == Key::q || chord.key == Key::k)))
        continue;
      if (widgets_.taken(chord.key) && !chord.ctrl && !chord.alt) continue;
      // With the ring on a widget, arrows move the ring.
      if (is_arrow(chord.key) && !chord.ctrl && !chord.alt && widgets_.focused() &&
          widgets_.shows_focus(*widgets_.focused()))
        continue;
      if (!key_pressed(chord.key, true)) continue;
      if (command.enabled(session_)) session_.post(command.make(session_));
    }
  }
}

}  // namespace attn::ui
