#include "app/widgets/weights_thumbnail.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/heatmap.h"
#include "app/widgets/heatmap_scale.h"

namespace attn::ui {
namespace {

constexpr std::size_t kMostPixels = 256;

}  // namespace

void WeightsThumbnail::draw(PanelContext& context, const Rect& area) {
  const session::Glance& glance = *glance_;
  if (glance.weights.empty() || !glance.input) return;
  const Style& style = context.style;
  const Matrix& first = glance.weights[0];
  const auto count = static_cast<float>(glance.weights.size());
  const float gap = style.px(8);
  const auto aspect = static_cast<float>(first.columns()) / static_cast<float>(first.rows());
  float height = area.height();
  float width = height * aspect;
  const float widest = (area.width() - gap * (count - 1)) / count;
  if (width > widest) {
    width = widest;
    height = std::min(area.height(), width / aspect);
  }
  width = std::max(std::round(width), style.px(6));
  height = std::max(std::round(height), style.px(6));
  const float total = width * count + gap * (count - 1);
  const ImVec2 middle = area.centre();
  ImVec2 at{std::round(middle.x - total * 0.5f), std::round(middle.y - height * 0.5f)};
  textures_.resize(glance.weights.size());
  const Input& input = *glance.input;
  for (std::size_t h = 0; h < glance.weights.size(); ++h) {
    const Rect map{at, {at.x + width, at.y + height}};
    at.x += width + gap;
    if (may_hide(input, Stage::weights)) draw_hatching(*context.list, style, map);
    if (!textures_[h]) textures_[h] = std::make_unique<HeatmapTexture>();
    const Matrix& weights = glance.weights[h];
    HeatmapKey key;
    key.trace = glance_.get();
    key.stage = Stage::weights;
    key.head = h;
    key.max_side = kMostPixels;
    ImTextureID texture = textures_[h]->get(context.textures, key, [&] {
      const CellStates states = [&](std::size_t row, std::span<CellState> cells) {
        for (std::size_t j = 0; j < cells.size(); ++j)
          cells[j] = hidden_cell(input, Stage::weights, row, j) ? CellState::hidden : CellState::shown;
      };
      return paint_heatmap(view(weights), {}, may_hide(input, Stage::weights) ? states : CellStates{}, 0,
                           kMostPixels);
    });
    context.list->AddImage(texture, map.min, map.max);
    context.list->AddRect(map.min, map.max, style.colours.panel_border, 0.0f, 0, style.line());
  }
}

}  // namespace attn::ui
