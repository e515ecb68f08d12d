#include "app/widgets/pipeline_layout.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace attn::ui {
namespace {

/// Stages that share a column, top to bottom.
struct Column {
  std::vector<std::size_t> members;  ///< indices into the stages
  bool stacked = false;
};

enum class Kind { words, placed, projected, turned, single };

Kind kind_of(Stage stage) {
  switch (stage) {
    case Stage::x:
    case Stage::source_x:
      return Kind::words;
    case Stage::x_position:
    case Stage::source_position:
      return Kind::placed;
    case Stage::q:
    case Stage::k:
    case Stage::v:
      return Kind::projected;
    case Stage::q_rotated:
    case Stage::k_rotated:
      return Kind::turned;
    default:
      return Kind::single;
  }
}

std::vector<Column> columns_of(std::span<const PipelineStage> stages) {
  std::vector<Column> columns;
  for (const Kind kind : {Kind::words, Kind::placed, Kind::projected, Kind::turned}) {
    Column column;
    for (std::size_t i = 0; i < stages.size(); ++i) {
      if (kind_of(stages[i].stage) == kind) column.members.push_back(i);
    }
    // The side column of Q, K and V is stacked even if only one of them is there.
    column.stacked = column.members.size() > 1;
    if (!column.members.empty()) columns.push_back(std::move(column));
  }
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (kind_of(stages[i].stage) == Kind::single) columns.push_back({{i}, false});
  }
  return columns;
}

/// One way to fill the strip: how large letters are, how many decimals, how wide gaps.
struct Attempt {
  float px = 0.0f;
  int decimals = 2;
  float gap = 0.0f;
  std::size_t most_columns = 64;  ///< wider matrices are pictures without numbers
};

class Layout {
 public:
  Layout(std::span<const PipelineStage> stages, const Rect& area, const PipelineMetrics& metrics)
      : stages_(stages), area_(area), m_(metrics), columns_(columns_of(stages)) {}

  PipelineLayout best() {
    const std::array letters = {m_.number_px,         m_.number_px * 0.94f, m_.number_px * 0.88f,
                                m_.number_px * 0.82f, m_.number_px * 0.76f, m_.number_px * 0.7f};
    PipelineLayout layout;
    const auto fits = [&](const Attempt& attempt) {
      layout = place(attempt);
      return layout.width <= area_.width() + 0.5f;
    };
    for (const float px : letters) {
      if (px < m_.least_number_px - 0.01f) continue;
      for (const float gap : {m_.gap, (m_.gap + m_.least_gap) / 2, m_.least_gap}) {
        if (fits({px, m_.decimals, gap})) return centred(std::move(layout));
      }
    }
    if (fits({m_.least_number_px, 1, m_.least_gap})) return centred(std::move(layout));
    for (const std::size_t most_columns : {4, 2, 0}) {
      for (const float gap : {m_.gap, m_.least_gap}) {
        const float px = std::max(m_.least_number_px, m_.number_px * 0.82f);
        if (fits({px, std::min(2, m_.decimals), gap, most_columns})) return centred(std::move(layout));
      }
    }
    return layout;  // it scrolls
  }

 private:
  float padding() const { return 8.0f * m_.scale; }
  float title_height(float px) const { return px * 1.5f; }

  /// Room between the columns that is left over goes evenly into the gaps, within reason.
  PipelineLayout centred(PipelineLayout layout) const {
    const float spare = area_.width() - layout.width;
    const std::size_t gaps = columns_.size() > 1 ? columns_.size() - 1 : 1;
    const float each = std::min(spare / static_cast<float>(gaps), 26.0f * m_.scale);
    const float start = std::max(0.0f, (spare - each * static_cast<float>(gaps)) / 2);
    for (PipelineBox& box : layout.boxes) {
      const float by = start + each * static_cast<float>(box.column);
      for (Rect* rect : {&box.frame, &box.title, &box.matrix}) {
        rect->min.x += by;
        rect->max.x += by;
      }
    }
    layout.width += spare;
    return layout;
  }

  /// Size of a matrix in a box of this height, with numbers if they fit.
  ImVec2 matrix_size(const PipelineStage& stage, float height, float px, float least_px,
                     const Attempt& attempt, bool stacked, PipelineBox& box) const {
    const auto rows = static_cast<float>(std::max<std::size_t>(stage.rows, 1));
    const auto columns = static_cast<float>(std::max<std::size_t>(stage.columns, 1));
    const float row_height = std::min(height / rows, px * (stacked ? 1.32f : 2.25f));
    const float letters = std::min(px, row_height / 1.22f);
    const int decimals = attempt.decimals;
    // As narrow as the wanted decimals allow: "<.01" rather than "<0.01".
    NumberStyle style{decimals, LeadingZero::not_after_sign};
    if (decimals == 1) style.zero = LeadingZero::never;
    const auto digits = static_cast<float>(std::max<std::size_t>(stage.widths.widest(style), 1));
    const float cell =
        std::max(digits * m_.advance * letters + letters * 0.55f, row_height * (stacked ? 1.2f : 1.0f));
    box.numbers = letters >= least_px - 0.01f && stage.columns <= attempt.most_columns &&
                  cell * columns <= 330.0f * m_.scale;
    if (box.numbers) {
      box.style = style;
      box.number_px = letters;
      return {std::round(cell) * columns, std::round(row_height) * rows};
    }
    // A picture of the matrix: square cells while that is neither a thread nor a wall.
    const float picture_height = std::min(height, 22.0f * m_.scale * rows);
    const float square = picture_height / rows * columns;
    return {std::clamp(square, 34.0f * m_.scale, std::max(picture_height, 60.0f * m_.scale)), picture_height};
  }

  PipelineLayout place(const Attempt& attempt) const {
    PipelineLayout layout;
    layout.boxes.resize(stages_.size());
    layout.title_px = std::min(m_.title_px, attempt.px * m_.title_px / m_.number_px * 1.05f);
    const float title_scale = layout.title_px / m_.title_px;
    const float title_row = title_height(layout.title_px);
    const float pad = padding();
    float x = area_.min.x;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const Column& column = columns_[c];
      const float right = column.stacked ? stack(column, attempt, x, layout, title_scale, c)
                                         : single(column, attempt, x, layout, title_scale, title_row, pad, c);
      x = right + attempt.gap;
    }
    layout.width = x - attempt.gap - area_.min.x;
    for (const PipelineBox& box : layout.boxes) layout.bottom = std::max(layout.bottom, box.frame.max.y);
    return layout;
  }

  float single(const Column& column, const Attempt& attempt, float x, PipelineLayout& layout,
               float title_scale, float title_row, float pad, std::size_t c) const {
    const PipelineStage& stage = stages_[column.members[0]];
    PipelineBox& box = layout.boxes[column.members[0]];
    box = {};
    box.stage = stage.stage;
    box.column = c;
    const float height = area_.height() - title_row - 2 * pad;
    const ImVec2 size = matrix_size(stage, height, attempt.px, m_.least_number_px, attempt, false, box);
    const float title = stage.title_width * title_scale;
    const float width = std::max(size.x, title) + 2 * pad;
    // Title and matrix together stand in the middle, all titles on one line as far as the rows allow.
    const float middle = area_.min.y + area_.height() / 2 + title_row / 2;
    const float top = middle - size.y / 2;
    box.matrix = {{std::round(x + (width - size.x) / 2), std::round(top)}, {}};
    box.matrix.max = add(box.matrix.min, size);
    box.title = {{x + (width - title) / 2, top - title_row}, {x + (width + title) / 2, top - pad * 0.4f}};
    box.frame = {{x, top - title_row - pad * 0.4f}, {x + width, top + size.y + pad}};
    return x + width;
  }

  float stack(const Column& column, const Attempt& attempt, float x, PipelineLayout& layout,
              float title_scale, std::size_t c) const {
    const auto n = static_cast<float>(column.members.size());
    const float between = 8.0f * m_.scale;
    const float height = (area_.height() - between * (n - 1)) / n;
    float title = 0.0f;
    for (const std::size_t i : column.members) title = std::max(title, stages_[i].title_width * title_scale);
    const float letter = title + 8.0f * m_.scale;
    float width = 0.0f;
    std::vector<ImVec2> sizes;
    float total = between * (n - 1);
    for (const std::size_t i : column.members) {
      PipelineBox& box = layout.boxes[i];
      box = {};
      box.stage = stages_[i].stage;
      box.column = c;
      box.stacked = true;
      sizes.push_back(matrix_size(stages_[i], height - 2.0f * m_.scale, attempt.px * 0.85f,
                                  m_.small_number_px, attempt, true, box));
      width = std::max(width, sizes.back().x);
      total += sizes.back().y;
    }
    float y = area_.min.y + (area_.height() - total) / 2;
    for (std::size_t k = 0; k < column.members.size(); ++k) {
      PipelineBox& box = layout.boxes[column.members[k]];
      box.matrix = {{std::round(x + letter), std::round(y)}, {}};
      box.matrix.max = add(box.matrix.min, sizes[k]);
      box.title = {{x, y}, {x + title, y + sizes[k].y}};
      box.frame = Rect{{x, y}, box.matrix.max}.inset(-3.0f * m_.scale);
      y += sizes[k].y + between;
    }
    return x + letter + width;
  }

  std::span<const PipelineStage> stages_;
  Rect area_;
  PipelineMetrics m_;
  std::vector<Column> columns_;
};

}  // namespace

const PipelineBox* PipelineLayout::find(Stage stage) const {
  for (const PipelineBox& box : boxes) {
    if (box.stage == stage) return &box;
  }
  return nullptr;
}

std::optional<PipelineLayout> refill_pipeline(PipelineLayout layout, std::span<const PipelineStage> before,
                                              std::span<const PipelineStage> stages,
                                              const PipelineMetrics& metrics) {
  const auto alike = [](const PipelineStage& a, const PipelineStage& b) {
    return a.stage == b.stage && a.rows == b.rows && a.columns == b.columns && a.title_width == b.title_width;
  };
  if (!std::ranges::equal(before, stages, alike) || layout.boxes.size() != stages.size()) return std::nullopt;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    PipelineBox& box = layout.boxes[i];
    if (!box.numbers) continue;
    const float cell = box.matrix.width() / static_cast<float>(std::max<std::size_t>(stages[i].columns, 1));
    const float digit = metrics.advance * box.number_px;
    const auto room = static_cast<std::size_t>((cell - 0.2f * box.number_px) / digit);
    if (stages[i].widths.widest(box.style) <= room) continue;
    const FittedStyle fitted = fit_style(stages[i].widths, box.style.decimals, room);
    if (!fitted.fits) return std::nullopt;
    box.style = fitted.style;
  }
  return layout;
}

PipelineLayout lay_out_pipeline(std::span<const PipelineStage> stages, const Rect& area,
                                const PipelineMetrics& metrics) {
  if (stages.empty() || area.empty()) return {};
  return Layout(stages, area, metrics).best();
}

}  // namespace attn::ui
