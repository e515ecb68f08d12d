#include "app/panels/lines_controls.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

/// A chip a head: pressed where it is drawn, with a stripe in its colour.
void draw_chips(const AttentionScene& scene, const std::vector<DrawnHead>& drawn, Rect& content) {
  PanelContext& context = scene.context();
  const Style& style = context.style;
  const std::size_t heads = scene.shape().heads;
  const float gap = style.px(4);
  const float wanted = style.px(42) + gap;
  const float least = style.px(34) + gap;
  const auto in_a_line = std::clamp<std::size_t>(static_cast<std::size_t>((content.width() + gap) / least), 1,
                                                 std::max<std::size_t>(heads, 1));
  const float width = std::min(wanted, (content.width() + gap) / static_cast<float>(in_a_line)) - gap;
  for (std::size_t first = 0; first < heads; first += in_a_line) {
    Rect line = content.cut_top(style.px(32), style.px(4));
    for (std::size_t h = first; h < std::min(first + in_a_line, heads); ++h) {
      const auto found = std::ranges::find(drawn, h, &DrawnHead::head);
      const bool on = found != drawn.end();
      ButtonOptions options;
      options.chosen = on;
      options.enabled = on || drawn.size() < kHeadColours;
      const Rect chip = line.cut_left(width, gap);
      const bool clicked = button(context, WidgetId{PanelId::heatmap, "line_head"}.at(h), chip,
                                  fmt::format("{}", h + 1), options);
      if (on) {
        context.list->AddRectFilled({chip.min.x + style.px(6), chip.max.y - style.px(5)},
                                    {chip.max.x - style.px(6), chip.max.y - style.px(2)}, found->colour,
                                    style.px(1));
      }
      if (!clicked) continue;
      std::vector<std::size_t> also = scene.view().also_heads;
      if (!on) {
        also.push_back(h);
      } else if (h == scene.head()) {
        // The head that is shown leaves only to another one that is drawn.
        if (drawn.size() == 1) continue;
        std::erase(also, h);
        context.post(session::SelectHead{drawn[1].head});
      } else {
        std::erase(also, h);
      }
      context.post(session::SetAlsoHeads{also});
    }
  }
}

}  // namespace

std::vector<DrawnHead> drawn_heads(const AttentionScene& scene) {
  const Theme& theme = scene.context().colours();
  std::vector<DrawnHead> heads{{scene.head(), head_colour(theme, 0)}};
  for (const std::size_t head : scene.view().also_heads) {
    if (head == scene.head() || head >= scene.shape().heads || heads.size() == kHeadColours) continue;
    heads.push_back({head, head_colour(theme, heads.size())});
  }
  return heads;
}

void draw_lines_controls(const AttentionScene& scene, const std::vector<DrawnHead>& heads, Rect& content,
                         bool may_scroll) {
  PanelContext& context = scene.context();
  const Style& style = context.style;
  if (scene.shape().heads > 1) draw_chips(scene, heads, content);
  Rect line = content.cut_top(style.px(32), style.px(8));
  const bool all = scene.view().also_rows.size() == scene.shape().rows;
  const std::string_view all_words = context.tr("all words");
  if (button(context, {PanelId::heatmap, "line_all"},
             line.cut_left(button_width(context, all_words), style.px(8)), all_words, {.chosen = all})) {
    std::vector<std::size_t> rows(all ? 0 : scene.shape().rows);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    context.post(session::SetAlsoRows{rows});
  }
  if (may_scroll) {
    const bool fit = scene.view().lines_fit;
    const std::string_view label = context.tr("fit");
    if (button(context, {PanelId::heatmap, "line_fit"},
               line.cut_right(button_width(context, label), style.px(8)), label,
               {.chosen = fit, .tooltip = context.tr("all words at once, or a list that scrolls")}))
      context.post(session::SetLinesFit{!fit});
  }
  const double threshold = scene.view().line_threshold;
  const TextLook look = context.look(TextSize::body, context.colours().ink_muted);
  const std::string_view from = context.tr("from");
  context.text.draw_in(*context.list, line.cut_left(context.text.measure(look, from).x, style.px(8)), look,
                       from);
  const std::string value = fmt::format("{:.2f}", threshold);
  context.text.draw_in(*context.list, line.cut_right(style.px(46), style.px(6)),
                       {Face::mono, look.px, context.colours().ink}, value, Align::right);
  const SliderResult result =
      slider(context, {PanelId::heatmap, "line_threshold"}, line, threshold, 0.0, 1.0, 0.01);
  if (result.value) context.post(session::SetLineThreshold{*result.value});
}

}  // namespace attn::ui
