#include "app/widgets/cell_numbers.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "app/widgets/exact_format.h"
#include "app/widgets/formula_explainer.h"

namespace attn::ui {

std::string number_text(float value, NumberStyle style) {
  return format_number(static_cast<double>(value), style);
}

std::string exact_cell(const StageCells& cells, std::size_t row, std::size_t column, float shown,
                       std::size_t most) {
  if (cells.exact == nullptr) return {};
  const std::optional<Exact> exact = cells.exact->of(CellRef{cells.stage, cells.head, row, column});
  if (!exact || !reads_well(*exact)) return {};
  std::string text = exact_text(*exact);
  if (characters(text) > most) return {};
  // The cell says what was computed: an exact form that float32 has left behind would not be its number.
  const auto value = static_cast<double>(shown);
  const bool agrees = std::abs(exact->value() - value) <= 1e-4 * std::max(1.0, std::abs(value));
  return agrees ? text : std::string();
}

CellNumbers fit_numbers(const PanelContext& context, const CellGrid& grid, const StageCells& cells,
                        int decimals, float px, float least_px, bool allow_percent) {
  const float least_advance = context.text.measure({Face::mono, least_px, 0}, "0").x;
  const float room_x = grid.cell.x - std::max(4.0f, 0.08f * grid.cell.x);
  if (room_x < least_advance) return {};
  const CellRect rect = grid.visible_cells();
  if (rect.rows == 0 || rect.columns == 0) return {};
  const Read read = cells.trace.read(cells.stage, cells.head, rect);
  if (!read.ready()) return {};
  NumberWidths widths;
  for (std::size_t i = 0; i < rect.rows; ++i) {
    for (const float value : read.values.row(i)) widths.add(static_cast<double>(value));
  }
  const auto characters_at = [&](float size) {
    return static_cast<std::size_t>(room_x / context.text.measure({Face::mono, size, 0}, "0").x);
  };
  // All decimals in letters as large as they may be; then all decimals smaller; then fewer decimals.
  const float steps[] = {px, px * 0.9f, px * 0.8f, px * 0.7f, px * 0.62f, px * 0.55f};
  const auto at_size = [&](float size, int d, bool keep_zero) -> std::optional<NumberStyle> {
    if (size < least_px - 0.01f || grid.cell.y < size * 1.15f) return std::nullopt;
    const FittedStyle fitted = fit_style(widths, d, characters_at(size));
    if (!fitted.fits) return std::nullopt;
    // fit_style() goes down to one decimal by itself: smaller letters come first, and so does the zero.
    const bool as_asked =
        fitted.style.decimals == d && (!keep_zero || fitted.style.zero != LeadingZero::never);
    return as_asked || widths.whole() ? std::optional(fitted.style) : std::nullopt;
  };
  const int two = std::min(decimals, 2);
  for (const auto& [d, keep_zero] :
       {std::pair(decimals, true), {std::min(decimals, 3), true}, {two, true}, {two, false}, {1, false}}) {
    for (const float size : steps) {
      if (const auto style = at_size(size, d, keep_zero)) return {true, *style, size};
    }
  }
  if (allow_percent) {
    const NumberStyle percent{0, LeadingZero::always, true};
    const float smallest = context.style.px(11);
    for (float size = least_px; size >= smallest; size -= 1.0f) {
      if (grid.cell.y >= size * 1.15f && widths.widest(percent) <= characters_at(size))
        return {true, percent, size};
    }
  }
  return {};
}

std::string cell_text(const StageCells& cells, std::size_t row, std::size_t column, NumberStyle style) {
  if (cells.state(row, column) == CellState::unknown) return "?";
  const Read read = cells.trace.read_cell({cells.stage, cells.head, row, column});
  if (!read.ready()) return "…";
  constexpr std::size_t kAnyLength = 40;
  const std::string exact = exact_cell(cells, row, column, read.values(0, 0), kAnyLength);
  return exact.empty() ? number_text(read.values(0, 0), style) : exact;
}

std::string cell_text_to_fit(const StageCells& cells, std::size_t row, std::size_t column, int decimals,
                             std::size_t most) {
  if (cells.state(row, column) == CellState::unknown) return "?";
  const Read read = cells.trace.read_cell({cells.stage, cells.head, row, column});
  if (!read.ready()) return "…";
  const std::string exact = exact_cell(cells, row, column, read.values(0, 0), most);
  return exact.empty() ? format_to_fit(static_cast<double>(read.values(0, 0)), decimals, most) : exact;
}

std::string_view cell_sign(const StageCells& cells, std::size_t row, std::size_t column, int decimals) {
  if (cells.state(row, column) == CellState::unknown) return "=";
  const Read read = cells.trace.read_cell({cells.stage, cells.head, row, column});
  constexpr std::size_t kAnyLength = 40;
  if (!read.ready() || !exact_cell(cells, row, column, read.values(0, 0), kAnyLength).empty()) return "=";
  const auto value = static_cast<double>(read.values(0, 0));
  const std::string text = format_number(value, decimals);
  if (text.starts_with('<')) return "<";
  if (text.starts_with('>')) return ">";
  return is_shown_exactly(value, decimals) ? "=" : "≈";
}

ExactValues* exact_cells(const PanelContext& context, const session::Subject& subject) {
  if (!context.session.settings().exact_numbers || !subject.current) return nullptr;
  return &context.memory.get<ExplainerCache>().exact_of(subject.document);
}

}  // namespace attn::ui
