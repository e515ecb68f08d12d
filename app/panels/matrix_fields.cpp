#include "app/panels/matrix_fields.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/lock.h"

namespace attn::ui {
namespace {

constexpr float kLeastField = 56.0f;
constexpr float kLeastTightField = 48.0f;
constexpr float kTightHeight = 30.0f;
constexpr float kMostField = 120.0f;

/// "columns 1–3 of 64" with an arrow on both sides. Returns the height.
float draw_pager(PanelContext& context, ImVec2 position, float width, const WidgetId& matrix,
                 std::size_t per_page, std::size_t n_columns, std::size_t& page) {
  const Style& style = context.style;
  const std::size_t n_pages = (n_columns + per_page - 1) / per_page;
  page = std::min(page, n_pages - 1);
  const float height = style.px(30);
  Rect line{position, {position.x + width, position.y + height}};
  WidgetId back{matrix.panel, "columns_before"};
  WidgetId on{matrix.panel, "columns_after"};
  back.parameter = on.parameter = matrix.parameter;
  back.stage = on.stage = matrix.stage;
  const Rect left = line.cut_left(height, style.px(4));
  const Rect right = line.cut_right(height, style.px(4));
  if (icon_button(context, back, left, Icon::back, {.kind = ButtonKind::quiet, .enabled = page > 0})) --page;
  context.text.draw_in(
      *context.list, line, context.look(TextSize::small, context.colours().ink_muted),
      context.say("columns {first}–{last} of {count}", fmt::arg("first", page * per_page + 1),
                  fmt::arg("last", std::min((page + 1) * per_page, n_columns)), fmt::arg("count", n_columns)),
      Align::centre);
  if (icon_button(context, on, right, Icon::chevron_right,
                  {.kind = ButtonKind::quiet, .enabled = page + 1 < n_pages}))
    ++page;
  return height;
}

}  // namespace

std::function<std::optional<std::string>(double)> problem_with(const PanelContext& context,
                                                               std::function<session::Edit(double)> edit) {
  return [&session = context.session, &catalogue = context.catalogue,
          edit = std::move(edit)](double value) -> std::optional<std::string> {
    if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max()))
      return std::string(catalogue.tr("That is more than a 32-bit number can hold."));
    const auto problem = session::problem_of(session.document(), edit(value));
    if (!problem) return std::nullopt;
    return with_indices(catalogue.tr(*problem));
  };
}

void post_edit(PanelContext& context, const NumberFieldResult& result,
               const std::function<session::Edit(double)>& edit) {
  if (result.preview) context.post(session::Preview{edit(*result.preview)});
  if (result.ended) context.post(session::EndGesture{});
  if (result.cancelled) context.post(session::CancelGesture{});
  if (result.commit) context.post(session::Apply{edit(*result.commit)});
}

float draw_matrix_fields(PanelContext& context, ImVec2 position, float width, const MatrixFields& matrix,
                         std::size_t& page) {
  const Style& style = context.style;
  const std::size_t n_rows = matrix.values.rows();
  const std::size_t n_columns = matrix.values.columns();
  const float gap = style.px(6);
  const float height = matrix.tight ? style.px(kTightHeight) : style.control_height();
  const float row_height = height + (matrix.tight ? style.px(4) : gap);
  const float least_field = style.px(matrix.tight ? kLeastTightField : kLeastField);

  // The widest label of those that could be seen decides where the numbers begin.
  const Rect clip{context.list->GetClipRectMin(), context.list->GetClipRectMax()};
  float label_width = 0.0f;
  if (matrix.label) {
    constexpr std::size_t kMeasured = 64;
    for (std::size_t row = 0; row < std::min(n_rows, kMeasured); ++row)
      label_width = std::max(label_width, context.text.measure(matrix.label(row)).x);
    label_width = std::min(label_width + style.px(14), width * 0.45f);
  }
  const float room = width - label_width;
  const auto fits = static_cast<std::size_t>(std::max(1.0f, std::floor((room + gap) / (least_field + gap))));
  const std::size_t per_page = std::min(n_columns, fits);
  float y = position.y;
  if (per_page < n_columns) {
    y += draw_pager(context, {position.x, y}, width, matrix.id, per_page, n_columns, page) + gap;
  } else {
    page = 0;
  }
  const std::size_t first = page * per_page;
  const std::size_t last = std::min(first + per_page, n_columns);
  const float field_width = std::min(
      (room - gap * static_cast<float>(per_page - 1)) / static_cast<float>(per_page), style.px(kMostField));

  if (matrix.draw_head) {
    Rect line{{position.x + label_width, y}, {position.x + width, y + style.px(26)}};
    for (std::size_t column = first; column < last; ++column)
      matrix.draw_head(column, line.cut_left(field_width, gap));
    y = line.max.y + style.px(2);
  }
  if (matrix.lies) matrix.lies(y, row_height);

  const auto row_at = [&](float screen_y) {
    return static_cast<std::size_t>(
        std::clamp(std::floor((screen_y - y) / row_height), 0.0f, static_cast<float>(n_rows)));
  };
  // Some rows more than can be seen, so that Tab finds the next one and scrolls to it.
  constexpr std::size_t kBeyond = 2;
  const std::size_t from = row_at(clip.min.y) > kBeyond ? row_at(clip.min.y) - kBeyond : 0;
  const std::size_t to = std::min(n_rows, row_at(clip.max.y) + 1 + kBeyond);
  float pushed = 0.0f;
  const auto line_at = [&](std::size_t row) {
    const float top = y + static_cast<float>(row) * row_height + pushed;
    return Rect{{position.x, top}, {position.x + width, top + height}};
  };
  const auto refuse = [&](const Rect& line, const std::string& error) {
    if (error.empty()) return;
    pushed += field_error(context, {line.min.x, line.max.y + gap * 0.5f}, width, error) + gap;
  };
  const auto extra = [&](std::size_t row) {
    if (matrix.extra_line != row) return;
    const Rect line = line_at(row);
    refuse(line, matrix.draw_extra_line(line));
    pushed += row_height;
  };
  if (matrix.extra_line && *matrix.extra_line < from) pushed += row_height;
  for (std::size_t row = from; row < to; ++row) {
    extra(row);
    const Rect whole = line_at(row);
    Rect line = whole;
    std::string error;
    const Rect label = line.cut_left(label_width);
    if (matrix.draw_label) {
      error = matrix.draw_label(row, label, whole);
    } else if (matrix.label) {
      context.text.draw_in(*context.list, label, matrix.label(row));
    }
    const LockedPart lock(context, matrix.edit(row, first, matrix.values(row, first)));
    const bool bare = matrix.without_numbers && matrix.without_numbers(row);
    for (std::size_t column = first; !bare && column < last; ++column) {
      const Rect field = line.cut_left(field_width, gap);
      const auto edit = [&](double value) { return matrix.edit(row, column, static_cast<float>(value)); };
      NumberFieldOptions options;
      options.decimals = context.session.settings().decimals;
      options.colour = matrix.colour;
      options.problem = problem_with(context, [make = matrix.edit, row, column](double value) {
        return make(row, column, static_cast<float>(value));
      });
      const NumberFieldResult result = number_field(context, matrix.id.at(row, column), field,
                                                    static_cast<double>(matrix.values(row, column)), options);
      post_edit(context, result, edit);
      if (!result.error.empty()) error = result.error;
      if (matrix.hovered)
        matrix.hovered(row, column, field.contains(ImGui::GetIO().MousePos) && ImGui::IsWindowHovered());
    }
    refuse(whole, error);
  }
  if (to == n_rows) extra(n_rows);
  if (matrix.extra_line && *matrix.extra_line >= to && to < n_rows) pushed += row_height;
  return y - position.y + static_cast<float>(n_rows) * row_height + pushed;
}

}  // namespace attn::ui
