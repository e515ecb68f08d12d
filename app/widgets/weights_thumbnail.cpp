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
  const std::size_t count = glance.weights.size();
  const float gap = style.px(8);
  const auto aspect = static_cast<float>(first.columns()) / static_cast<float>(first.rows());
  // As many in a line as make the maps largest.
  ImVec2 size{0.0f, 0.0f};
  std::size_t across = 1;
  for (std::size_t columns = 1; columns <= count; ++columns) {
    const auto n = static_cast<float>(columns);
    const std::size_t n_lines = (count + columns - 1) / columns;
    const auto lines = static_cast<float>(n_lines);
    const float width =
        std::min((area.width() - gap * (n - 1)) / n, (area.height() - gap * (lines - 1)) / lines * aspect);
    if (width < size.x) continue;
    size = {width, width / aspect};
    across = columns;
  }
  size = {std::max(std::round(size.x), style.px(6)), std::max(std::round(size.y), style.px(6))};
  const std::size_t down = (count + across - 1) / across;
  const auto total = [&](float one, std::size_t n) {
    return one * static_cast<float>(n) + gap * static_cast<float>(n - 1);
  };
  const ImVec2 corner{std::round(area.centre().x - total(size.x, across) * 0.5f),
                      std::round(area.centre().y - total(size.y, down) * 0.5f)};
  textures_.resize(glance.weights.size());
  const Input& input = *glance.input;
  for (std::size_t h = 0; h < glance.weights.size(); ++h) {
    const std::size_t line = h / across;
    const ImVec2 at{corner.x + static_cast<float>(h % across) * (size.x + gap),
                    corner.y + static_cast<float>(line) * (size.y + gap)};
    const Rect map{at, add(at, size)};
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
