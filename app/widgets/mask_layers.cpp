#include "app/widgets/mask_layers.h"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

constexpr float kLegendLine = 30.0f;

/// Where the masks that are set stand in the legend.
struct Place {
  MaskLayer layer;
  Rect rect;
};

std::vector<Place> places(const PanelContext& context, const Rect& area, const MaskConfig& mask) {
  const Style& style = context.style;
  const float height = style.px(kLegendLine) - style.px(4);
  std::vector<Place> found;
  float x = area.min.x;
  float y = area.min.y;
  for (const MaskLayer layer : kMaskLayers) {
    if (!has_layer(mask, layer)) continue;
    const float words = context.text.measure(context.look(TextSize::body), layer_name(context, layer)).x;
    const float width = std::ceil(words) + style.px(42);
    if (x > area.min.x && x + width > area.max.x) {
      x = area.min.x;
      y += style.px(kLegendLine);
    }
    found.push_back({layer, {{x, y}, {x + width, y + height}}});
    x += width + style.px(4);
  }
  return found;
}

}  // namespace

std::string_view layer_name(const PanelContext& context, MaskLayer layer) {
  switch (layer) {
    case MaskLayer::causal:
      return context.tr("causal");
    case MaskLayer::window:
      return context.tr("window");
    case MaskLayer::padding:
      return context.tr("padding");
    case MaskLayer::own:
      return context.tr("own mask");
  }
  return {};
}

std::string layer_reason(const PanelContext& context, const MaskConfig& mask, MaskLayer layer) {
  switch (layer) {
    case MaskLayer::causal:
      return std::string(context.tr("causal: it comes later"));
    case MaskLayer::window:
      return context.say("window: more than {width} away", fmt::arg("width", mask.window.value_or(0)));
    case MaskLayer::padding:
      return std::string(context.tr("padding: it only fills a place"));
    case MaskLayer::own:
      return std::string(context.tr("own mask: hidden by hand"));
  }
  return {};
}

std::string hidden_words(const PanelContext& context, const MaskConfig& mask, std::size_t i, std::size_t j) {
  std::string names;
  for (const MaskLayer layer : layers_hiding(mask, i, j)) {
    if (!names.empty()) names += ", ";
    names += layer_name(context, layer);
  }
  if (names.empty()) return std::string(context.tr("hidden by the mask"));
  return context.say("hidden ({masks})", fmt::arg("masks", names));
}

void for_each_hatch_line(const Style& style, const Rect& rect, MaskLayer layer,
                         const std::function<void(ImVec2, ImVec2)>& line) {
  if (rect.empty()) return;
  const float step = style.px(9);
  // Lines hang together across cells: they start from multiples of the step on the whole screen.
  const auto first = [&](float from) { return std::floor(from / step) * step; };
  switch (layer) {
    case MaskLayer::causal:
      for (float sum = first(rect.min.x + rect.min.y); sum < rect.max.x + rect.max.y; sum += step)
        line({sum - rect.max.y, rect.max.y}, {sum - rect.min.y, rect.min.y});
      break;
    case MaskLayer::window:
      for (float gap = first(rect.min.x - rect.max.y); gap < rect.max.x - rect.min.y; gap += step)
        line({gap + rect.min.y, rect.min.y}, {gap + rect.max.y, rect.max.y});
      break;
    case MaskLayer::padding:
      for (float x = first(rect.min.x); x < rect.max.x; x += step) line({x, rect.min.y}, {x, rect.max.y});
      break;
    case MaskLayer::own:
      for (float y = first(rect.min.y); y < rect.max.y; y += step) line({rect.min.x, y}, {rect.max.x, y});
      break;
  }
}

void draw_layer_hatching(ImDrawList& list, const Style& style, const Rect& rect, MaskLayer layer) {
  if (rect.empty()) return;
  list.PushClipRect(rect.min, rect.max, true);
  for_each_hatch_line(style, rect, layer, [&](ImVec2 from, ImVec2 to) {
    list.AddLine(from, to, style.colours.hatch, style.line());
  });
  list.PopClipRect();
}

float layer_legend_height(const PanelContext& context, float width, const MaskConfig& mask) {
  const std::vector<Place> all = places(context, {{0, 0}, {width, 0}}, mask);
  return all.empty() ? 0.0f : all.back().rect.min.y + context.style.px(kLegendLine);
}

float draw_layer_legend(PanelContext& context, const Rect& area, const MaskConfig& mask,
                        const ShownLayers& shown) {
  const Style& style = context.style;
  const Theme& theme = context.colours();
  const std::vector<Place> all = places(context, area, mask);
  for (const Place& place : all) {
    const bool on = shown[static_cast<std::size_t>(place.layer)];
    const WidgetId id = WidgetId{PanelId::heatmap, "mask_layer"}.at(static_cast<std::size_t>(place.layer));
    const Interaction mouse = interact(context, id, place.rect);
    if (mouse.hovered) {
      context.list->AddRectFilled(place.rect.min, place.rect.max, theme.button_hover, style.small_rounding());
    }
    Rect line = place.rect.inset(style.px(4), 0);
    const float side = style.px(20);
    Rect swatch = line.cut_left(side, style.px(6));
    swatch.min.y = swatch.centre().y - side / 2;
    swatch.max.y = swatch.min.y + side;
    context.list->AddRectFilled(swatch.min, swatch.max, theme.hatch_background);
    if (on) draw_layer_hatching(*context.list, style, swatch, place.layer);
    context.list->AddRect(swatch.min, swatch.max, on ? theme.ink_muted : theme.button_border, 0.0f, 0,
                          style.line());
    context.text.draw_in(*context.list, line,
                         context.look(TextSize::body, on ? theme.ink : theme.ink_disabled),
                         layer_name(context, place.layer));
    focus_ring(context, id, place.rect, style.small_rounding());
    if (mouse.hovered) tooltip(context, layer_reason(context, mask, place.layer));
    if (mouse.clicked) context.post(session::ShowMaskLayer{place.layer, !on});
  }
  return all.empty() ? 0.0f : all.back().rect.max.y - area.min.y;
}

}  // namespace attn::ui
