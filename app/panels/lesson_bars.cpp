#include "app/panels/lesson_bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/widgets/controls.h"

namespace attn::ui {

void set_share(std::vector<double>& shares, std::size_t i, double value) {
  if (shares.size() < 2) {
    shares.assign(shares.size(), 1.0);
    return;
  }
  value = std::clamp(value, 0.0, 1.0);
  const double others = 1.0 - shares[i];
  const double rest = 1.0 - value;
  for (std::size_t j = 0; j < shares.size(); ++j) {
    if (j == i) continue;
    shares[j] = others > 1.0e-9 ? shares[j] * rest / others : rest / static_cast<double>(shares.size() - 1);
  }
  shares[i] = value;
}

namespace {

/// Keys nudge the bar that has the focus.
std::optional<double> nudged(PanelContext& context, const WidgetId& id, double share) {
  constexpr double kStep = 0.01;
  constexpr double kLargeStep = 0.1;
  const double step = ImGui::GetIO().KeyShift ? kLargeStep : kStep;
  for (const session::Key key : {session::Key::up, session::Key::right})
    if (context.widgets.take(id, key)) return share + step;
  for (const session::Key key : {session::Key::down, session::Key::left})
    if (context.widgets.take(id, key)) return share - step;
  return std::nullopt;
}

}  // namespace

void draw_predicted_bars(PanelContext& context, const Rect& rect, PredictedBars& bars,
                         std::optional<std::size_t>& dragging) {
  const Style& style = context.style;
  const Theme& theme = context.colours();
  ImDrawList& list = *context.list;
  std::vector<double>& shares = *bars.shares;
  const std::size_t n = shares.size();
  Rect room = rect;
  const Rect names = room.cut_bottom(style.px(30));
  room.cut_top(style.px(30));
  const float slot = room.width() / static_cast<float>(n);
  const float width = std::min(slot * 0.62f, style.px(90));
  const auto y_of = [&](double share) {
    return room.max.y - room.height() * static_cast<float>(std::clamp(share, 0.0, 1.0));
  };
  list.AddLine({room.min.x, room.max.y}, {room.max.x, room.max.y}, theme.grid, style.line());
  for (std::size_t i = 0; i < n; ++i) {
    const float centre = room.min.x + slot * (static_cast<float>(i) + 0.5f);
    const Rect whole{{centre - slot * 0.45f, rect.min.y}, {centre + slot * 0.45f, room.max.y}};
    const WidgetId id = WidgetId(PanelId::lesson, "bar").at(i);
    const Interaction mouse = interact(context, id, whole, bars.enabled, style.small_rounding());
    if (mouse.pressed) dragging = i;
    if (dragging == i && mouse.held)
      set_share(shares, i, static_cast<double>((room.max.y - ImGui::GetIO().MousePos.y) / room.height()));
    if (mouse.released && dragging == i) dragging.reset();
    if (bars.enabled)
      if (const auto moved = nudged(context, id, shares[i])) set_share(shares, i, *moved);

    for (const std::vector<double>* const ghost : bars.ghosts) {
      if (ghost->size() != n) continue;
      const float y = y_of((*ghost)[i]);
      list.AddRectFilled({centre - width / 2, y}, {centre + width / 2, room.max.y},
                         with_alpha(theme.ink_muted, 0.10f));
      list.AddLine({centre - width / 2, y}, {centre + width / 2, y}, with_alpha(theme.ink_muted, 0.5f),
                   style.px(1.5f));
    }
    const float own_left = bars.real ? centre - width / 2 - style.px(2) : centre - width / 2;
    const float own_right = bars.real ? centre - style.px(2) : centre + width / 2;
    const float top = y_of(shares[i]);
    list.AddRectFilled({own_left, top}, {own_right, room.max.y}, with_alpha(theme.accent, 0.42f));
    list.AddRectFilled({own_left - style.px(3), top - style.px(3)},
                       {own_right + style.px(3), top + style.px(3)}, theme.accent, style.px(3));
    if (bars.real) {
      const float real = y_of((*bars.real)[i]);
      list.AddRectFilled({centre + style.px(2), real}, {centre + width / 2 + style.px(2), room.max.y},
                         cividis((*bars.real)[i]));
      list.AddRect({centre + style.px(2), real}, {centre + width / 2 + style.px(2), room.max.y},
                   theme.cell_border);
    }
    const double shown = bars.real ? (*bars.real)[i] : shares[i];
    const float over = std::min(top, bars.real ? y_of((*bars.real)[i]) : top);
    const Rect number{{whole.min.x, over - style.px(30)}, {whole.max.x, over - style.px(4)}};
    context.text.draw_in(list, number, context.look(TextSize::body, Face::mono),
                         fmt::format("{:.0f}%", shown * 100.0), Align::centre);
    context.text.draw_in(list, {{whole.min.x, names.min.y}, {whole.max.x, names.max.y}},
                         context.look(TextSize::body, theme.k, Face::sans_bold), bars.names[i],
                         Align::centre);
  }
}

}  // namespace attn::ui
