#include "app/panels/map_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "app/widgets/heatmap_pull.h"

namespace attn::ui {
namespace {

// In design pixels.
constexpr float kBarHeight = 36.0f;
constexpr float kNotesHeight = 92.0f;
constexpr float kAxisTitle = 26.0f;

/// Cells of a pixel get a frame that can be seen.
Rect at_least(Rect cell, float least) {
  const ImVec2 grow{std::max(0.0f, (least - cell.width()) / 2), std::max(0.0f, (least - cell.height()) / 2)};
  return {subtract(cell.min, grow), add(cell.max, grow)};
}

}  // namespace

MapView::MapView(const AttentionScene& scene, MapMemory& memory)
    : scene_(scene), context_(scene.context()), memory_(memory) {
  if (memory_.shown.stage == scene_.stage() && memory_.shown.head == scene_.head()) return;
  // Heads and stages of scores lie over each other: what is looked at in one is looked at in the next.
  if (large() && scene_.score_like() && is_score_like(memory_.shown.stage)) {
    memory_.shown = scene_.cell(0, 0);
    return;
  }
  memory_.shown = scene_.cell(0, 0);
  memory_.zoom = 1.0;
  memory_.pan = {};
}

void MapView::draw(Rect content) {
  const Frame frame = measure(content);
  const CellNumbers numbers =
      fit_numbers(context_, frame.grid, scene_.cells(), context_.session.settings().decimals,
                  context_.style.text(TextSize::number), context_.style.px(14), scene_.shares());
  draw_matrix(frame, numbers);
  draw_head_blocks(frame);
  use_mouse_and_keys(frame);
  draw_notes(frame, numbers);
}

// ---- layout ----

AxisLabels MapView::row_labels() const {
  return {[this](std::size_t i) -> std::string_view { return name_ = scene_.row_name(i); },
          [this](std::size_t i) {
            return label_look(i == scene_.focus().row, context_.hover.query == i, scene_.shape().rows,
                              scene_.row_colour());
          }};
}

AxisLabels MapView::column_labels() const {
  return {[this](std::size_t j) -> std::string_view { return name_ = scene_.column_name(j); },
          [this](std::size_t j) {
            return label_look(j == scene_.focus().column, context_.hover.key == j, scene_.shape().columns,
                              scene_.column_colour());
          }};
}

TextLook MapView::label_look(bool selected, bool hovered, std::size_t count, Colour colour) const {
  constexpr std::size_t kAllColoured = 6;
  if (count <= kAllColoured) return context_.look(TextSize::label, colour, Face::sans_bold);
  const bool strong = selected || hovered;
  return smaller(context_.look(TextSize::body, strong ? colour : context_.colours().ink,
                               strong ? Face::sans_bold : Face::sans));
}

/// Names give way a little before every second one is left out.
TextLook MapView::smaller(TextLook look) const {
  const float least = std::min(context_.style.text(TextSize::small), look.px);
  look.px = std::clamp(cell_estimate_ * 0.86f, least, look.px);
  return look;
}

MapView::Frame MapView::measure(Rect content) {
  const Style& style = context_.style;
  const StageShape& shape = scene_.shape();
  Frame frame;
  // What is said about a pull has this room below the cells, colour bar included: they stay where they are.
  const bool last_stages = scene_.stage() == Stage::concat || scene_.stage() == Stage::output;
  if (last_stages && has_head_parts(scene_.trace())) {
    frame.notes = content.cut_bottom(style.px(26), style.px(4));
    frame.parts =
        content.cut_bottom(height_of_head_parts(context_, scene_.trace(), content.width()), style.px(8));
  } else {
    if (shows_layers())
      frame.legend_height = layer_legend_height(context_, content.width(), scene_.input().config.mask);
    frame.notes = content.cut_bottom(
        std::max(style.px(kNotesHeight), style.px(kBarHeight + 20) + frame.legend_height), style.px(4));
  }
  frame.sequences = scene_.score_like() && scene_.input().source.has_value();
  if (frame.sequences) {
    content.cut_top(style.px(kAxisTitle));
    content.cut_left(style.px(kAxisTitle));
  }
  const bool transposed = scene_.transposed();
  const bool sums_beside = scene_.over_queries() == transposed;
  frame.row_sums = scene_.shares() && sums_beside;
  frame.column_sums = scene_.shares() && !sums_beside;
  const std::size_t down = transposed ? shape.columns : shape.rows;
  const std::size_t across = transposed ? shape.rows : shape.columns;
  // Slanted names and the names of the rows leave the cells about this much.
  cell_estimate_ = std::min(content.width() * 0.6f / static_cast<float>(std::max<std::size_t>(across, 1)),
                            content.height() * 0.56f / static_cast<float>(std::max<std::size_t>(down, 1)));
  AxisLabels rows = left_labels();
  AxisLabels columns = top_labels();
  if (large()) {
    // Measured as if each stood out: hovering must not move a map whose cells are smaller than a pixel.
    rows.look = [&](std::size_t) { return label_look(true, true, down, scene_.row_colour()); };
    columns.look = [&](std::size_t) { return label_look(true, true, across, scene_.column_colour()); };
  }
  const float gap = style.px(10);
  frame.label_width = std::min(widest_label(context_, rows, down), content.width() * 0.24f);
  // After dropout a sum is rarely 1: "Σ = 1.224".
  const float sum_width = scene_.stage() == Stage::dropped ? style.px(104) : style.px(72);
  const float right = frame.row_sums ? sum_width : style.px(6);
  const float below = frame.column_sums || has_blocks() ? style.px(34) : 0.0f;
  const float width = content.width() - frame.label_width - gap - right;
  const float widest = widest_label(context_, columns, across);
  const auto n_rows = static_cast<float>(std::max<std::size_t>(down, 1));
  const auto n_columns = static_cast<float>(std::max<std::size_t>(across, 1));
  // Names above the cells need room that depends on the cells' width, which depends on that room: the
  // width alone decides first.
  float cell_x = std::min(width / n_columns, style.px(118));
  frame.columns =
      plan_column_labels(context_, widest, style.text(TextSize::label), cell_x, content.height() * 0.28f);
  float usable = width - std::max(0.0f, frame.columns.overhang - right);
  const float height = content.height() - frame.columns.height - below - style.px(4);
  float cell_y = std::min(height / n_rows, style.px(104));
  cell_x = std::min(usable / n_columns, style.px(118));
  if (scene_.score_like()) {
    cell_x = std::min(cell_x, cell_y * 1.35f);
    cell_y = std::min(cell_y, cell_x * 1.1f);
  } else {
    cell_y = std::min(cell_y, std::max(cell_x * 1.2f, style.px(30)));
  }
  if (cell_x > 4) cell_x = std::floor(cell_x);
  if (cell_y > 4) cell_y = std::floor(cell_y);
  const ImVec2 size{cell_x * n_columns, cell_y * n_rows};
  const float left = content.min.x + frame.label_width + gap;
  const float spare = content.width() - frame.label_width - gap - right - size.x;
  const float x =
      left +
      std::max(0.0f,
               std::min(spare, frame.columns.overhang > 0 ? spare - frame.columns.overhang : spare) * 0.5f);
  const float y = content.min.y + frame.columns.height + style.px(4);
  const Rect clip{{x, y}, {x + size.x, y + size.y}};
  frame.grid = grid_in(clip, {cell_x, cell_y});
  const float bar_y = y + size.y + below + style.px(12);
  frame.bar = {{x, bar_y}, {std::max(x + size.x, x + style.px(120)), bar_y + style.px(kBarHeight)}};
  if (large() && frame.parts.empty()) {
    // Beside a shorter bar stands what its squares show.
    const float edge = std::max(frame.bar.max.x, content.max.x);
    frame.hint = {{frame.bar.max.x - frame.bar.width() * 0.4f, bar_y - style.px(6)},
                  {edge, bar_y + style.px(24)}};
    frame.bar.max.x = frame.hint.min.x - style.px(16);
  }
  if (frame.parts.empty()) frame.notes.min.y = y + size.y + below + style.px(6);
  return frame;
}

void MapView::follow_selection(double n_rows, double n_columns) {
  const CellRef& selected = scene_.view().selection;
  if (memory_.selected == selected) return;
  memory_.selected = selected;
  if (memory_.press || selected.stage != scene_.stage()) return;
  const auto into = [&](double pan, std::size_t at, double count) {
    const auto first = static_cast<double>(at);
    const double seen = count / memory_.zoom;
    return first >= pan && first + 1.0 <= pan + seen ? pan : first + 0.5 - seen * 0.5;
  };
  const bool transposed = scene_.transposed();
  memory_.pan = {into(memory_.pan.x, transposed ? selected.row : selected.column, n_columns),
                 into(memory_.pan.y, transposed ? selected.column : selected.row, n_rows)};
}

/// What is zoomed shows through the same window.
CellGrid MapView::grid_in(const Rect& clip, ImVec2 cell) {
  const StageShape& shape = scene_.shape();
  const bool transposed = scene_.transposed();
  const auto n_rows = static_cast<double>(std::max<std::size_t>(transposed ? shape.columns : shape.rows, 1));
  const auto n_columns =
      static_cast<double>(std::max<std::size_t>(transposed ? shape.rows : shape.columns, 1));
  if (const auto zoom = std::exchange(context_.memory.get<WantedZoom>().zoom, std::nullopt)) {
    memory_.zoom = std::max(1.0, *zoom);
    memory_.selected = {};
    memory_.pan = {-1.0, -1.0};  // nothing is in sight: the selection comes to the middle
  }
  follow_selection(n_rows, n_columns);
  memory_.pan = {std::clamp(memory_.pan.x, 0.0, n_columns - n_columns / memory_.zoom),
                 std::clamp(memory_.pan.y, 0.0, n_rows - n_rows / memory_.zoom)};
  const ImVec2 zoomed = ui::scale(cell, static_cast<float>(memory_.zoom));
  const FarPoint origin{static_cast<double>(clip.min.x) - memory_.pan.x * static_cast<double>(zoomed.x),
                        static_cast<double>(clip.min.y) - memory_.pan.y * static_cast<double>(zoomed.y)};
  return {clip, origin, zoomed, shape.rows, shape.columns, transposed};
}

// ---- cells ----

void MapView::draw_matrix(const Frame& frame, const CellNumbers& numbers) {
  const CellGrid& grid = frame.grid;
  const StageCells& cells = scene_.cells();
  const Style& style = context_.style;
  ImTextureID texture = {};
  if (uses_texture(grid) && !large()) {
    constexpr std::size_t kLargestTexture = 4096;
    texture = memory_.texture.get(context_.textures, cells.key(context_.colours(), kLargestTexture),
                                  [&] { return cells.paint(context_.colours(), kLargestTexture); });
  }
  CellsLook look;
  look.numbers = numbers;
  look.gap = grid.cell.x > style.px(40)   ? style.px(4)
             : grid.cell.x > style.px(14) ? style.px(2)
             : grid.cell.x > style.px(6)  ? 1.0f
                                          : 0.0f;
  look.rounding = grid.cell.x > style.px(20) ? style.px(4) : 0.0f;
  if (shows_layers()) look.layers = scene_.view().mask_layers;
  if (large()) look.picture = tiles(grid);
  draw_cells(context_, grid, cells, look, texture);
  if (look.picture) {
    if (memory_.tiles.end(0)) context_.animating = true;
    draw_making(grid);
  }
  if (!scene_.subject().current) {
    context_.list->AddRectFilled(grid.clip.min, grid.clip.max, with_alpha(context_.colours().panel, 0.45f));
  }
  // The bars of the padding, while masks are painted, stand between the keys' names and the cells.
  const float bars = memory_.painting.on && can_paint_mask(scene_) ? style.px(6) : 0.0f;
  const float left = grid.clip.min.x - style.px(10) - (grid.transposed ? bars : 0.0f);
  const float top = grid.clip.min.y - style.px(4) - (grid.transposed ? 0.0f : bars);
  draw_row_labels(context_, grid, left_labels(), left, frame.label_width);
  draw_column_labels(context_, grid, top_labels(), frame.columns, top);
  offer_names(frame, left, top);
  if (frame.sequences) draw_sequences(frame);
  const CellRef focus = scene_.focus();
  const auto sums = [&](bool of_rows, float at) {
    draw_sums(context_, grid, cells, of_rows, at, of_rows ? focus.row : focus.column);
  };
  if (frame.row_sums) sums(!grid.transposed, grid.clip.max.x + style.px(10));
  if (frame.column_sums) sums(grid.transposed, grid.clip.max.y + style.px(4));
  draw_marks(grid, look.rounding);
}

/// "source answers" over the columns' names, "target asks" beside the rows'; the other way round where
/// queries are columns.
void MapView::draw_sequences(const Frame& frame) const {
  const Style& style = context_.style;
  const Rect& cells = frame.grid.clip;
  const bool turned = frame.grid.transposed;
  const float height = style.px(kAxisTitle);
  const float top = cells.min.y - style.px(4) - frame.columns.height - height;
  context_.text.draw_in(*context_.list, {{cells.min.x, top}, {cells.max.x, top + height}},
                        context_.look(TextSize::body, turned ? context_.colours().q : context_.colours().k),
                        turned ? context_.tr("target asks →") : context_.tr("source answers →"));
  const TextLook asks = context_.look(TextSize::body, turned ? context_.colours().k : context_.colours().q);
  const std::string_view words = turned ? context_.tr("← source answers") : context_.tr("← target asks");
  const float length = context_.text.measure(asks, words).x;
  const float right = cells.min.x - style.px(10) - frame.label_width - style.px(4);
  // Beside few rows it goes up along the columns' names: below the cells stands what is said of them.
  const float bottom = std::min(cells.max.y, std::max(cells.min.y + length, cells.centre().y + length / 2));
  draw_turned(*context_.list, context_.text, {right, bottom}, -std::numbers::pi_v<float> / 2, asks, words);
}

void MapView::draw_marks(const CellGrid& grid, float rounding) const {
  ImDrawList& list = *context_.list;
  const Style& style = context_.style;
  const float frame = style.px(4);
  list.PushClipRect({grid.clip.min.x - frame, grid.clip.min.y - frame},
                    {grid.clip.max.x + frame, grid.clip.max.y + frame}, true);
  const auto& hovered = context_.hover.cell;
  const bool same =
      hovered && (hovered->stage == scene_.stage() || (scene_.score_like() && is_score_like(hovered->stage)));
  if (same && hovered->row < grid.rows && hovered->column < grid.columns) {
    draw_hover_frame(list, style, at_least(grid.rect(hovered->row, hovered->column), style.px(9)), rounding);
  } else if (context_.hover.query && scene_.score_like() && !scene_.features() && !hovered) {
    draw_hover_frame(list, style, grid.row_rect(*context_.hover.query), rounding);
  }
  const CellRef& selected = scene_.view().selection;
  if (selected.stage == scene_.stage() && selected.row < grid.rows && selected.column < grid.columns) {
    draw_selection_frame(list, style, at_least(grid.rect(selected.row, selected.column), style.px(9)),
                         rounding);
  }
  list.PopClipRect();
}

// ---- below the cells ----

bool MapView::shows_layers() const {
  return scene_.stage() == Stage::masked && may_hide(scene_.input(), Stage::masked);
}

bool MapView::has_blocks() const {
  return scene_.stage() == Stage::concat && has_head_parts(scene_.trace()) &&
         scene_.input().config.combine == Combine::concat;
}

/// Concat's columns by head, and what each head adds to the output that is in focus.
void MapView::draw_head_blocks(const Frame& frame) {
  if (frame.parts.empty()) return;
  const std::size_t shown = std::min(scene_.view().head, scene_.trace().dimensions().n_heads - 1);
  const Rect all = frame.grid.bounds();
  const float top = frame.grid.clip.max.y + context_.style.px(4);
  if (has_blocks()) {
    draw_head_strips(context_, scene_.trace(), shown,
                     {{all.min.x, top}, {all.max.x, top + context_.style.px(30)}}, frame.grid.clip);
  }
  const StageShape output = scene_.trace().shape(Stage::output);
  const CellRef at = scene_.focus();
  const CellRef cell{Stage::output, 0, std::min(at.row, output.rows - 1),
                     std::min(at.column, output.columns - 1)};
  if (scene_.subject().playhead.computed(cell)) {
    draw_head_parts(context_, PanelId::heatmap, scene_.trace(), cell.row, cell.column, shown, frame.parts,
                    memory_.parts);
  }
}

void MapView::draw_notes(const Frame& frame, const CellNumbers& numbers) {
  if (const session::PullReport* const report = scene_.pull()) {
    draw_pull_reason(context_, frame.notes, pull_words(context_, scene_.input(), *report));
    return;
  }
  if (!frame.hint.empty()) draw_squares_choice(frame.grid, frame.hint);
  if (frame.parts.empty() && !scene_.subject().playhead.veil().hides_some(scene_.stage()))
    draw_colour_bar(context_, frame.bar, scene_.cells().scale);
  if (shows_layers()) {
    Rect legend = frame.notes;
    draw_layer_legend(context_, legend.cut_bottom(frame.legend_height), scene_.input().config.mask,
                      scene_.view().mask_layers);
    return;
  }
  std::string note;
  const auto add_note = [&](std::string_view part) {
    if (!note.empty()) note += " · ";
    note += part;
  };
  if (large()) add_note(scale_words(frame.grid));
  if (numbers.shown && numbers.style.percent) add_note(context_.tr("numbers in %"));
  if (may_hide(scene_.input(), scene_.stage()))
    add_note(context_.tr("hidden cells hatched: −∞ before softmax"));
  Rect area = frame.notes;
  Rect line = area.cut_bottom(context_.style.px(26));
  if (note.empty() && !large() && scene_.can_pull(scene_.focus().row) && !scene_.cells().incomplete())
    note = context_.tr("drag a cell up or down: the words follow");
  context_.text.draw_in(*context_.list, line, context_.look(TextSize::body, context_.colours().ink_muted),
                        note);
}

}  // namespace attn::ui
