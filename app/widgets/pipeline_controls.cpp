#include "app/widgets/pipeline_controls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/widgets/controls.h"
#include "app/widgets/formula_explainer.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/formula_steps.h"
#include "app/widgets/mask_layers.h"
#include "app/widgets/number_format.h"
#include "app/widgets/pipeline.h"
#include "core/io/scenario.h"

namespace attn::ui {
namespace {

constexpr std::array kSpeeds = {0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0};

double next_speed(double speed) {
  for (const double faster : kSpeeds) {
    if (faster > speed + 1e-9) return faster;
  }
  return kSpeeds.front();
}

void draw_scrubber(const session::Subject& subject, PanelContext& context, const Rect& area) {
  const session::Playhead& playhead = subject.playhead;
  const session::StepOrder& order = playhead.order();
  const Theme& theme = context.colours();
  const Style& style = context.style;
  ImDrawList& list = *context.list;
  const WidgetId id(PanelId::playhead, "scrubber");
  const Interaction use = interact(context, id, area);
  const float knob = style.px(9);
  const Rect track{{area.min.x + knob, area.centre().y - style.px(3)},
                   {area.max.x - knob, area.centre().y + style.px(3)}};
  const auto count = static_cast<double>(std::max<std::size_t>(order.count(), 1));
  const auto x_of = [&](std::size_t position) {
    return track.min.x + track.width() * static_cast<float>(static_cast<double>(position) / count);
  };
  const float at = x_of(playhead.position());
  list.AddRectFilled(track.min, track.max, theme.track, style.px(3));
  list.AddRectFilled(track.min, {at, track.max.y}, theme.accent, style.px(3));
  for (const Stage stage : order.stages()) {
    const float x = std::round(x_of(order.end_of(stage)));
    const bool past = order.end_of(stage) <= playhead.position();
    list.AddLine({x, track.min.y - style.px(5)}, {x, track.max.y + style.px(5)},
                 past ? theme.accent : theme.ink_muted, style.px(1.5f));
  }
  list.AddCircleFilled({at, track.centre().y}, knob, theme.accent, 24);
  list.AddCircleFilled({at, track.centre().y}, knob * 0.42f, theme.on_accent, 24);
  focus_ring(context, id, area, style.small_rounding());
  const double pointed =
      std::clamp(static_cast<double>((ImGui::GetIO().MousePos.x - track.min.x) / track.width()), 0.0, 1.0);
  const auto position = static_cast<std::size_t>(std::lround(pointed * count));
  if (use.held) {
    if (position != playhead.position()) context.post(session::SetPlayhead{position});
  } else if (use.hovered) {
    if (const auto moment = order.moment(std::max<std::size_t>(position, 1))) {
      tooltip(context, stage_heading(context, subject.document.input(), moment->stage));
    }
  }
  WidgetRegistry& widgets = context.widgets;
  using session::Key;
  if (widgets.take(id, Key::left)) context.post(session::StepBack{});
  if (widgets.take(id, Key::right)) context.post(session::StepForward{});
  if (widgets.take(id, Key::page_up)) context.post(session::PreviousStage{});
  if (widgets.take(id, Key::page_down)) context.post(session::NextStage{});
  if (widgets.take(id, Key::home)) context.post(session::ToStart{});
  if (widgets.take(id, Key::end)) context.post(session::ToEnd{});
}

/// What stands on the left of the arithmetic: q₁·k₃ for a dot product, else the cell's symbol.
Formula left_side(const Input& input, const CellRef& cell, const Conventions& conventions,
                  std::span<const std::string> features) {
  const bool dot = cell.stage == Stage::scores && input.config.score == Score::dot &&
                   input.config.attend_over == AttendOver::tokens;
  if (!dot) return cell_symbol(cell, true, conventions, feature_name(input, features, cell));
  const bool rope = present(Stage::q_rotated, input);
  const CellRef q{rope ? Stage::q_rotated : Stage::q, 0, cell.row, 0};
  const CellRef k{rope ? Stage::k_rotated : Stage::k, 0, cell.column, 0};
  return score_product(cell_symbol(q, false, conventions), cell_symbol(k, false, conventions), conventions);
}

}  // namespace

void draw_playhead_controls(const session::Subject& subject, PanelContext& context, const Rect& area) {
  const Style& style = context.style;
  const session::Playhead& playhead = subject.playhead;
  Rect rest = area;
  const float gap = style.px(6);
  const auto next = [&] { return rest.cut_left(style.px(38), gap); };
  const auto options = [&](std::string_view tip, bool enabled, ButtonKind kind = ButtonKind::plain) {
    ButtonOptions o;
    o.tooltip = tip;
    o.enabled = enabled;
    o.kind = kind;
    return o;
  };
  const PanelId panel = PanelId::playhead;
  const auto post_when = [&](bool clicked, session::Action action) {
    if (clicked) context.post(std::move(action));
  };
  post_when(icon_button(context, {panel, "to_start"}, next(), Icon::to_start,
                        options(context.tr("To the start"), !playhead.at_start())),
            session::ToStart{});
  post_when(icon_button(context, {panel, "back"}, next(), Icon::step_back,
                        options(context.tr("One step back"), !playhead.at_start())),
            session::StepBack{});
  if (playhead.playing()) {
    post_when(icon_button(context, {panel, "play"}, next(), Icon::pause,
                          options(context.tr("Pause"), true, ButtonKind::primary)),
              session::Pause{});
  } else {
    post_when(icon_button(context, {panel, "play"}, next(), Icon::play,
                          options(context.tr("Play"), true, ButtonKind::primary)),
              session::Play{});
  }
  post_when(icon_button(context, {panel, "forward"}, next(), Icon::step_forward,
                        options(context.tr("One step forward"), !playhead.at_end())),
            session::StepForward{});
  post_when(icon_button(context, {panel, "to_end"}, next(), Icon::to_end,
                        options(context.tr("To the end"), !playhead.at_end())),
            session::ToEnd{});
  const double speed = context.session.settings().speed;
  const std::string label = format_number(speed, 2) + "×";
  ButtonOptions speed_options;
  speed_options.kind = ButtonKind::quiet;
  speed_options.tooltip = context.tr("Speed");
  if (button(context, {panel, "speed"}, rest.cut_right(style.px(62), gap), label, speed_options)) {
    context.post(session::SetSpeed{next_speed(speed)});
  }
  draw_scrubber(subject, context, rest);
}

void draw_moment(const session::Subject& subject, PanelContext& context, const Rect& area) {
  if (subject.trace == nullptr || area.empty()) return;
  const session::Playhead& playhead = subject.playhead;
  const TextLook muted = context.look(TextSize::body, context.colours().ink_muted);
  if (playhead.at_start()) {
    context.text.draw_in(*context.list, area, muted,
                         context.tr("Nothing is computed yet: only the words are known."));
    return;
  }
  CellRef cell = subject.view.selection;
  const auto moment = playhead.moment();
  const bool by_rows = playhead.order().by_rows();
  if (moment && !playhead.at_end()) {
    cell = {moment->stage, shown_head(subject, moment->stage), moment->row, moment->column};
  }
  if (!playhead.computed(cell)) return;  // a lesson does not show it yet
  const Input& input = subject.document.input();
  Explainer& explainer = context.memory.get<ExplainerCache>().of(subject.document);
  const ExplainNode node = explainer.cell(cell);
  const bool masked = is_score_like(cell.stage) && input.config.attend_over == AttendOver::tokens;
  const StepWords words{masked ? hidden_words(context, input.config.mask, cell.row, cell.column)
                               : std::string(context.tr("hidden by the mask")),
                        std::string(context.tr("nothing to share")),
                        std::string(context.tr("removed by dropout"))};
  const float px = context.style.text(TextSize::label);
  Rect rest = area;
  if (by_rows && moment && !playhead.at_end()) {
    const std::string whole =
        context.say("row {row} at once, first:", fmt::arg("row", moment->row + 1)) + " ";
    rest.min.x += context.text.measure(muted, whole).x;
    context.text.draw_in(*context.list, area, muted, whole);
  }
  // Fewer terms until the line fits.
  for (const std::size_t terms :
       {std::size_t{12}, std::size_t{6}, std::size_t{4}, std::size_t{3}, std::size_t{2}, std::size_t{1}}) {
    StepOptions options;
    options.decimals = context.session.settings().decimals;
    options.max_terms = terms;
    options.level_fractions = true;
    options.conventions = conventions_of(context.session.settings());
    if (const auto& names = subject.document.scenario().feature_names) options.features = *names;
    if (context.session.settings().exact_numbers)
      options.exact = &context.memory.get<ExplainerCache>().exact_of(subject.document);
    const StepLine line = step_line(explainer, node, words, options);
    const Formula all = row({left_side(input, cell, options.conventions, options.features),
                             word(" " + std::string(line.lead_sign) + " "), line.formula});
    const FormulaBox box = measure(all, context.text, px);
    if (box.width > rest.width() && terms > 1) continue;
    context.list->PushClipRect(area.min, area.max, true);
    draw(*context.list, all, context.text, px, formula_colours(context.colours()),
         {rest.min.x, rest.centre().y + (box.ascent - box.descent) / 2});
    context.list->PopClipRect();
    break;
  }
}

}  // namespace attn::ui
