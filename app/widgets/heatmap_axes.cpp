#include "app/widgets/heatmap_axes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace attn::ui {
namespace {

constexpr float kSlant = -std::numbers::pi_v<float> * 50.0f / 180.0f;
constexpr std::size_t kMeasured = 200;

/// Every how many labels one has room: 1, 2, 5 or 10, 20, 50 …
std::size_t stride_for(float cell, float needed) {
  const float least = needed / std::max(cell, 1e-6f);
  for (std::size_t power = 1;; power *= 10) {
    for (const std::size_t factor : {1, 2, 5}) {
      if (static_cast<float>(factor * power) >= least) return factor * power;
    }
  }
}

}  // namespace

float widest_label(const PanelContext& context, const AxisLabels& labels, std::size_t count) {
  float widest = 0.0f;
  const auto measure = [&](std::size_t i) {
    widest = std::max(widest, context.text.measure(labels.look(i), labels.name(i)).x);
  };
  for (std::size_t i = 0; i < std::min(count, kMeasured); ++i) measure(i);
  // Of thousands some all the way along: numbers grow longer.
  constexpr std::size_t kFurther = 16;
  for (std::size_t k = 1; count > kMeasured && k <= kFurther; ++k) measure(count * k / kFurther - 1);
  return widest;
}

ColumnLabelPlan plan_column_labels(const PanelContext& context, float widest, float px, float cell_width,
                                   float most_height) {
  if (widest + context.style.px(6) <= cell_width) return {false, px * 1.3f, 0.0f};
  const float height = std::min(widest * -std::sin(kSlant) + px * 0.8f, most_height);
  return {true, height, height / std::tan(-kSlant) * 0.9f};
}

void draw_row_labels(PanelContext& context, const CellGrid& grid, const AxisLabels& labels, float right,
                     float width) {
  const CellGrid::Range rows = grid.visible_down();
  if (rows.size() == 0) return;
  const std::size_t stride = stride_for(grid.cell.y, labels.look(rows.first).px * 1.15f);
  for (std::size_t i = (rows.first + stride - 1) / stride * stride; i < rows.last; i += stride) {
    const Rect cell = grid.transposed ? grid.rect(0, i) : grid.rect(i, 0);
    const TextLook look = labels.look(i);
    // A row that is cut off by panning would put its name over what is above or below.
    if (cell.centre().y < grid.clip.min.y || cell.centre().y > grid.clip.max.y) continue;
    const float half = std::max(cell.height(), look.px * 1.2f) / 2;
    context.text.draw_in(*context.list,
                         {{right - width, cell.centre().y - half}, {right, cell.centre().y + half}}, look,
                         labels.name(i), Align::right);
  }
}

void draw_column_labels(PanelContext& context, const CellGrid& grid, const AxisLabels& labels,
                        const ColumnLabelPlan& plan, float bottom) {
  const CellGrid::Range columns = grid.visible_across();
  if (columns.size() == 0) return;
  const float px = labels.look(columns.first).px;
  const std::size_t stride = plan.slanted ? stride_for(grid.cell.x, px * 1.25f) : 1;
  for (std::size_t j = (columns.first + stride - 1) / stride * stride; j < columns.last; j += stride) {
    const Rect cell = grid.transposed ? grid.rect(j, 0) : grid.rect(0, j);
    const TextLook look = labels.look(j);
    const float middle = cell.centre().x;
    if (middle < grid.clip.min.x || middle > grid.clip.max.x) continue;
    if (!plan.slanted) {
      context.text.draw_in(*context.list, {{cell.min.x, bottom - look.px * 1.3f}, {cell.max.x, bottom}}, look,
                           labels.name(j), Align::centre);
      continue;
    }
    const float length = (plan.height - look.px * 0.8f) / -std::sin(kSlant);
    draw_turned(*context.list, context.text, {middle + look.px * 0.25f, bottom}, kSlant, look,
                context.text.ellipsis(look, labels.name(j), std::max(length, look.px)));
  }
}

std::optional<std::string> line_sum_text(const StageCells& cells, bool of_row, std::size_t line, int decimals,
                                         RowReads* rows) {
  const StageShape shape = cells.trace.shape(cells.stage);
  const std::size_t others = of_row ? shape.columns : shape.rows;
  const CellRect rect = of_row ? CellRect{line, 0, 1, others} : CellRect{0, line, others, 1};
  const std::size_t last = others - 1;
  const bool known = (of_row ? cells.state(line, last) : cells.state(last, line)) != CellState::unknown;
  if (!known) return "Σ = ?";
  const Read read = rows != nullptr && of_row ? rows->row(cells.trace, cells.stage, cells.head, line)
                                              : cells.trace.read(cells.stage, cells.head, rect);
  if (!read.ready()) return std::nullopt;
  double sum = 0.0;
  for (std::size_t r = 0; r < read.values.rows; ++r) {
    for (const float value : read.values.row(r)) sum += static_cast<double>(value);
  }
  // Adding n float32 shares leaves a difference in the seventh digit, which nobody put there.
  const double whole = std::round(sum);
  if (std::abs(sum - whole) <= 1e-6 * static_cast<double>(others + 1)) sum = whole;
  return "Σ " + after_sign(sum, decimals);
}

void draw_sums(PanelContext& context, const CellGrid& grid, const StageCells& cells, bool of_rows, float at,
               std::optional<std::size_t> focus) {
  const bool beside = of_rows != grid.transposed;  // else below
  const CellGrid::Range range = of_rows ? grid.visible_rows() : grid.visible_columns();
  TextLook look = context.look(TextSize::body, context.colours().ink_muted);
  const auto fits = [&] { return beside ? grid.cell.y >= look.px * 1.15f : grid.cell.x >= look.px * 3.6f; };
  if (!fits()) look = context.look(TextSize::small, context.colours().ink_muted);
  const bool all = fits();
  for (std::size_t i = range.first; i < range.last; ++i) {
    if (!all && focus != i) continue;
    const auto text = line_sum_text(cells, of_rows, i, std::min(3, context.session.settings().decimals),
                                    &context.memory.get<RowReads>());
    if (!text) continue;
    const Rect cell = of_rows ? grid.rect(i, 0) : grid.rect(0, i);
    const ImVec2 centre = cell.centre();
    const auto put = [&](ImVec2 corner) {
      const float width = context.text.draw(*context.list, corner, look, *text);
      const WidgetId kind =
          of_rows ? WidgetId(PanelId::heatmap, "row_sum") : WidgetId(PanelId::heatmap, "column_sum");
      context.widgets.add(kind.at(i), {corner, {corner.x + width, corner.y + look.px}}, Focusable::no);
    };
    if (beside) {
      if (centre.y < grid.clip.min.y || centre.y > grid.clip.max.y) continue;
      put({at, centre.y - look.px * 0.6f});
    } else {
      if (centre.x < grid.clip.min.x || centre.x > grid.clip.max.x) continue;
      put({centre.x - context.text.measure(look, *text).x / 2, at});
    }
  }
}

void draw_colour_bar(PanelContext& context, const Rect& area, const ColourScale& scale) {
  const float height = context.style.px(11);
  const Rect bar{area.min, {area.max.x, area.min.y + height}};
  constexpr std::size_t kSteps = 51;
  ImDrawList& list = *context.list;
  const auto colour = [&](std::size_t i) { return (*scale.table)[i * (scale.table->size() - 1) / kSteps]; };
  for (std::size_t i = 0; i < kSteps; ++i) {
    const float left = bar.min.x + bar.width() * static_cast<float>(i) / kSteps;
    const float right = bar.min.x + bar.width() * static_cast<float>(i + 1) / kSteps;
    list.AddRectFilledMultiColor({left, bar.min.y}, {right, bar.max.y}, colour(i), colour(i + 1),
                                 colour(i + 1), colour(i));
  }
  const TextLook look = context.look(TextSize::body, context.colours().ink_muted);
  const float y = bar.max.y + context.style.px(4);
  const auto label = [&](double value, float x, float align) {
    const std::string text = format_number(value, std::min(2, context.session.settings().decimals));
    const float width = context.text.measure(look, text).x;
    context.text.draw(list,
                      {std::clamp(x - width * align, bar.min.x, std::max(bar.min.x, bar.max.x - width)), y},
                      look, text);
  };
  label(scale.low, bar.min.x, 0.0f);
  label(scale.high, bar.max.x, 1.0f);
  // In a short bar the ends have no room for 0 between them.
  const std::string end = format_number(scale.low, std::min(2, context.session.settings().decimals));
  const bool room = bar.width() > 2 * context.text.measure(look, end).x + context.style.px(34);
  if (scale.low < 0.0 && scale.high > 0.0 && room) label(0.0, bar.centre().x, 0.5f);
}

void draw_turned(ImDrawList& list, const Text& text, ImVec2 position, float angle, const TextLook& look,
                 std::string_view words) {
  const int first = list.VtxBuffer.Size;
  text.draw(list, {position.x, position.y - look.px}, look, words);
  const float c = std::cos(angle);
  const float s = std::sin(angle);
  for (int i = first; i < list.VtxBuffer.Size; ++i) {
    ImVec2& p = list.VtxBuffer[i].pos;
    const ImVec2 from{p.x - position.x, p.y - position.y};
    p = {position.x + from.x * c - from.y * s, position.y + from.x * s + from.y * c};
  }
}

}  // namespace attn::ui
