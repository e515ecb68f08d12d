#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/panel.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/heatmap_axes.h"
#include "app/widgets/heatmap_pull.h"
#include "app/widgets/pipeline.h"
#include "core/io/scenario.h"

namespace attn::ui {
namespace {

using session::Key;

/// A press on a weight: a click until the mouse has moved up or down, then a pull.
struct Press {
  CellRef cell;
  ImVec2 at;
  double start = 0.0;
  bool pulling = false;
};

struct HeatmapMemory {
  StageScales scales;
  HeatmapTexture texture;
  float zoom = 1.0f;
  ImVec2 pan{0, 0};  ///< of the top left corner, in cells
  CellRef shown;     ///< stage and head that zoom and pan belong to
  std::optional<Press> press;
  bool panning = false;
};

/// From 0 to 1 is this far to drag, in design pixels.
constexpr float kPullLength = 220.0f;
constexpr float kPullFrom = 4.0f;
constexpr double kKeyboardPull = 0.05;

/// Everything around and in the heatmap, measured once a frame.
struct Frame {
  Rect sentence;
  CellGrid grid;
  Rect bar;
  Rect notes;
  float label_width = 0.0f;
  ColumnLabelPlan columns;
  bool row_sums = false;
  bool column_sums = false;
};

class HeatmapPanel {
 public:
  HeatmapPanel(const session::Subject& subject, PanelContext& context)
      : subject_(subject),
        context_(context),
        memory_(context.memory.get<HeatmapMemory>()),
        trace_(*subject.trace),
        input_(trace_.input()),
        stage_(trace_.has(subject.view.stage) ? subject.view.stage : Stage::weights),
        head_(shown_head(subject, stage_)),
        shape_(trace_.shape(stage_)) {}

  void draw() {
    if (memory_.shown.stage != stage_ || memory_.shown.head != head_) {
      memory_.shown = {stage_, head_, 0, 0};
      memory_.zoom = 1.0f;
      memory_.pan = {0, 0};
    }
    Rect content = draw_heading();
    const StageCells cells{
        trace_, subject_.playhead, stage_, head_,
        memory_.scales.scale(trace_, stage_, context_.colours().kind, subject_.view.shared_score_range)};
    Frame frame = measure(content);
    draw_sentence(frame.sentence, cells);
    const CellNumbers numbers = fit_numbers(context_, frame.grid, cells, context_.session.settings().decimals,
                                            context_.style.text(TextSize::number), context_.style.px(14),
                                            shows_shares(input_, stage_));
    draw_matrix(frame, cells, numbers);
    use_mouse_and_keys(frame, cells);
    draw_colour_bar(context_, frame.bar, cells.scale);
    draw_notes(frame, cells, numbers);
  }

 private:
  bool score_like() const { return is_score_like(stage_); }
  bool features() const { return input_.config.attend_over == AttendOver::features; }
  bool over_queries() const { return input_.config.softmax_axis == SoftmaxAxis::queries; }
  bool can_pull() const {
    return stage_ == Stage::weights && shows_shares(input_, stage_) && subject_.current;
  }

  // ---- heading and sentence ----

  Rect draw_heading() {
    std::string sub;
    if (has_heads(stage_)) {
      sub = context_.say("head {head} of {heads}", fmt::arg("head", head_ + 1),
                         fmt::arg("heads", shape_.heads));
    }
    Rect content = draw_card(context_, stage_heading(context_, input_, stage_), sub);
    const std::size_t heads = trace_.dimensions().n_heads;
    if (heads > 1 && has_heads(stage_)) draw_head_choice(content, heads);
    return content;
  }

  void draw_head_choice(Rect& content, std::size_t heads) {
    const Style& style = context_.style;
    Rect line = content.cut_top(style.px(32), style.px(6));
    const std::size_t chosen = std::min(subject_.view.head, heads - 1);
    constexpr std::size_t kSideBySide = 8;
    if (heads <= kSideBySide) {
      std::vector<std::string> names;
      std::vector<std::string_view> labels;
      for (std::size_t h = 0; h < heads; ++h) names.push_back(fmt::format("{}", h + 1));
      labels.assign(names.begin(), names.end());
      line.max.x = std::min(line.max.x, line.min.x + style.px(42) * static_cast<float>(heads));
      if (const auto head = segmented(context_, {PanelId::heatmap, "head"}, line, labels, chosen)) {
        context_.post(session::SelectHead{*head});
      }
      return;
    }
    ButtonOptions before;
    before.enabled = chosen > 0;
    ButtonOptions after;
    after.enabled = chosen + 1 < heads;
    if (icon_button(context_, {PanelId::heatmap, "previous_head"}, line.cut_left(style.px(36), style.px(6)),
                    Icon::step_back, before)) {
      context_.post(session::SelectHead{chosen - 1});
    }
    if (icon_button(context_, {PanelId::heatmap, "next_head"}, line.cut_left(style.px(36), style.px(6)),
                    Icon::step_forward, after)) {
      context_.post(session::SelectHead{chosen + 1});
    }
  }

  /// "row x1 asks → columns x1 x2 x3 answer"; of many columns the one in focus, and in a narrow panel only
  /// the two words and the number.
  void draw_sentence(const Rect& area, const StageCells& cells) const {
    for (const float size : {1.0f, 0.92f}) {
      for (const bool all : {true, false}) {
        const Runs runs = sentence(cells, all, size);
        if (!runs.empty() && context_.text.measure(runs).x <= area.width()) {
          context_.text.draw_in(*context_.list, area, runs);
          return;
        }
      }
    }
    context_.text.draw_in(*context_.list, area, short_sentence(cells));
  }

  Run word_run(std::string_view word, Colour colour, float size) const {
    TextLook look = context_.look(TextSize::body, colour, Face::sans_bold);
    look.px *= size;
    return {std::string(word), look, 0.0f};
  }
  Run value_run(const StageCells& cells, float size) const {
    const CellRef at = focus();
    return word_run(cell_text(cells, at.row, at.column, {std::min(2, context_.session.settings().decimals)}),
                    context_.colours().ink, size);
  }

  Runs sentence(const StageCells& cells, bool all_columns, float size) const {
    TextLook base = context_.look(TextSize::body);
    base.px *= size;
    const Theme& theme = context_.colours();
    if (!score_like())
      return {{std::string(context_.tr("each row is a word, each column a feature")), base, 0.0f}};
    if (features()) {
      return {{std::string(context_.tr("here features ask, and features answer")), base, 0.0f}};
    }
    const CellRef at = focus();
    const Run row = word_run(row_word(input_, stage_, at.row), theme.q, size);
    constexpr std::size_t kAllNamed = 4;
    if (all_columns) {
      if (shape_.columns > kAllNamed) return {};
      Runs keys;
      for (std::size_t j = 0; j < shape_.columns; ++j) {
        const std::string space = j > 0 ? " " : "";
        keys.push_back(word_run(space + std::string(column_word(input_, stage_, j)), theme.k, size));
      }
      return format_runs(context_.tr("row {query} asks → columns {keys} answer"), base,
                         {{"query", {row}}, {"keys", keys}});
    }
    return format_runs(context_.tr("row {query} asks → column {key} answers with {value}"), base,
                       {{"query", {row}},
                        {"key", {word_run(column_word(input_, stage_, at.column), theme.k, size)}},
                        {"value", {value_run(cells, size)}}});
  }

  Runs short_sentence(const StageCells& cells) const {
    if (!score_like() || features()) return sentence(cells, false, 0.92f);
    const CellRef at = focus();
    const Theme& theme = context_.colours();
    return format_runs(context_.tr("{query} asks → {key} answers {value}"), context_.look(TextSize::body),
                       {{"query", {word_run(row_word(input_, stage_, at.row), theme.q, 1.0f)}},
                        {"key", {word_run(column_word(input_, stage_, at.column), theme.k, 1.0f)}},
                        {"value", {value_run(cells, 1.0f)}}});
  }

  /// The cell that the sentence speaks of: what is hovered here, else what is selected.
  CellRef focus() const {
    const auto inside = [&](const CellRef& c) { return c.row < shape_.rows && c.column < shape_.columns; };
    const auto& hovered = context_.hover.cell;
    if (hovered && is_score_like(hovered->stage) == score_like() && inside(*hovered)) return *hovered;
    const CellRef& selected = subject_.view.selection;
    return inside(selected) && selected.stage == stage_ ? selected : CellRef{stage_, head_, 0, 0};
  }

  // ---- layout ----

  AxisLabels row_labels() const {
    return {[this](std::size_t i) { return name_of(row_word(input_, stage_, i), i, features()); },
            [this](std::size_t i) {
              return label_look(i == focus().row, context_.hover.query == i, shape_.rows,
                                score_like() && !features() ? context_.colours().q : context_.colours().ink);
            }};
  }
  AxisLabels column_labels() const {
    return {[this](std::size_t j) { return name_of(column_word(input_, stage_, j), j, true); },
            [this](std::size_t j) {
              return label_look(
                  j == focus().column, context_.hover.key == j, shape_.columns,
                  score_like() && !features() ? context_.colours().k : context_.colours().ink_muted);
            }};
  }
  /// A word, else the name of a feature, else its number.
  std::string_view name_of(std::string_view word, std::size_t i, bool feature) const {
    if (!word.empty()) return word;
    const auto& names = subject_.document.scenario().feature_names;
    const bool of_x = stage_ == Stage::x || stage_ == Stage::x_position || (features() && score_like());
    if (feature && of_x && names && i < names->size()) return (*names)[i];
    number_ = fmt::format("{}", i + 1);
    return number_;
  }
  /// Names give way a little before every second one is left out.
  TextLook smaller(TextLook look) const {
    look.px =
        std::clamp(cell_estimate_ * 0.86f, std::min(context_.style.text(TextSize::small), look.px), look.px);
    return look;
  }
  TextLook label_look(bool selected, bool hovered, std::size_t count, Colour colour) const {
    constexpr std::size_t kAllColoured = 6;
    const bool strong = selected || hovered;
    const TextSize size = count <= kAllColoured ? TextSize::label : TextSize::body;
    if (count <= kAllColoured) return context_.look(size, colour, Face::sans_bold);
    return smaller(
        context_.look(size, strong ? colour : context_.colours().ink, strong ? Face::sans_bold : Face::sans));
  }

  Frame measure(Rect content) {
    const Style& style = context_.style;
    Frame frame;
    frame.sentence = content.cut_top(style.px(28), style.px(6));
    frame.notes = content.cut_bottom(style.px(26), style.px(6));
    const Rect bar_row = content.cut_bottom(style.px(36), style.px(10));
    frame.row_sums = shows_shares(input_, stage_) && !over_queries();
    frame.column_sums = shows_shares(input_, stage_) && over_queries();
    // Slanted names and the names of the rows leave the cells about this much.
    cell_estimate_ =
        std::min(content.width() * 0.6f / static_cast<float>(std::max<std::size_t>(shape_.columns, 1)),
                 content.height() * 0.56f / static_cast<float>(std::max<std::size_t>(shape_.rows, 1)));
    const AxisLabels rows = row_labels();
    const AxisLabels columns = column_labels();
    const float gap = style.px(10);
    frame.label_width = std::min(widest_label(context_, rows, shape_.rows), content.width() * 0.24f);
    const float right = frame.row_sums ? style.px(72) : style.px(6);
    const float below = frame.column_sums ? style.px(28) : 0.0f;
    const float width = content.width() - frame.label_width - gap - right;
    const float widest = widest_label(context_, columns, shape_.columns);
    const auto n_rows = static_cast<float>(std::max<std::size_t>(shape_.rows, 1));
    const auto n_columns = static_cast<float>(std::max<std::size_t>(shape_.columns, 1));
    // Names above the cells need room that depends on the cells' width, which depends on that room: the
    // width alone decides first.
    float cell_x = std::min(width / n_columns, style.px(118));
    frame.columns =
        plan_column_labels(context_, widest, style.text(TextSize::label), cell_x, content.height() * 0.28f);
    float usable = width - std::max(0.0f, frame.columns.overhang - right);
    const float height = content.height() - frame.columns.height - below - style.px(4);
    float cell_y = std::min(height / n_rows, style.px(104));
    cell_x = std::min(usable / n_columns, style.px(118));
    if (score_like()) {
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
    // What is zoomed shows through the same window.
    const ImVec2 cell{cell_x * memory_.zoom, cell_y * memory_.zoom};
    const float most_x = n_columns - n_columns / memory_.zoom;
    const float most_y = n_rows - n_rows / memory_.zoom;
    memory_.pan = {std::clamp(memory_.pan.x, 0.0f, most_x), std::clamp(memory_.pan.y, 0.0f, most_y)};
    frame.grid = {clip,
                  {clip.min.x - memory_.pan.x * cell.x, clip.min.y - memory_.pan.y * cell.y},
                  cell,
                  shape_.rows,
                  shape_.columns};
    const float bar_y = y + size.y + below + style.px(12);
    frame.bar = {{x, bar_y}, {std::max(x + size.x, x + style.px(120)), bar_y + bar_row.height()}};
    return frame;
  }

  // ---- cells ----

  void draw_matrix(const Frame& frame, const StageCells& cells, const CellNumbers& numbers) {
    const CellGrid& grid = frame.grid;
    const Style& style = context_.style;
    ImTextureID texture = {};
    if (uses_texture(grid)) {
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
    draw_cells(context_, grid, cells, look, texture);
    if (!subject_.current) {
      context_.list->AddRectFilled(grid.clip.min, grid.clip.max, with_alpha(context_.colours().panel, 0.45f));
    }
    draw_row_labels(context_, grid, row_labels(), grid.clip.min.x - style.px(10), frame.label_width);
    draw_column_labels(context_, grid, column_labels(), frame.columns, grid.clip.min.y - style.px(4));
    if (frame.row_sums) draw_sums(context_, grid, cells, true, grid.clip.max.x + style.px(10));
    if (frame.column_sums) draw_sums(context_, grid, cells, false, grid.clip.max.y + style.px(4));
    draw_marks(grid, look.rounding);
  }

  void draw_marks(const CellGrid& grid, float rounding) const {
    ImDrawList& list = *context_.list;
    const Style& style = context_.style;
    const float frame = style.px(4);
    list.PushClipRect({grid.clip.min.x - frame, grid.clip.min.y - frame},
                      {grid.clip.max.x + frame, grid.clip.max.y + frame}, true);
    const auto& hovered = context_.hover.cell;
    const bool same =
        hovered && (hovered->stage == stage_ || (score_like() && is_score_like(hovered->stage)));
    if (same && hovered->row < grid.rows && hovered->column < grid.columns) {
      draw_hover_frame(list, style, at_least(grid.rect(hovered->row, hovered->column)), rounding);
    } else if (context_.hover.query && score_like() && !features() && !hovered) {
      draw_hover_frame(list, style, row_rect(grid, *context_.hover.query), rounding);
    }
    const CellRef& selected = subject_.view.selection;
    if (selected.stage == stage_ && selected.row < grid.rows && selected.column < grid.columns) {
      draw_selection_frame(list, style, at_least(grid.rect(selected.row, selected.column)), rounding);
    }
    list.PopClipRect();
  }
  Rect row_rect(const CellGrid& grid, std::size_t row) const {
    const Rect first = grid.rect(row, 0);
    return {{grid.bounds().min.x, first.min.y}, {grid.bounds().max.x, first.max.y}};
  }
  /// Cells of a pixel get a frame that can be seen.
  Rect at_least(Rect cell) const {
    const float least = context_.style.px(9);
    const ImVec2 grow{std::max(0.0f, (least - cell.width()) / 2),
                      std::max(0.0f, (least - cell.height()) / 2)};
    return {subtract(cell.min, grow), add(cell.max, grow)};
  }

  // ---- mouse and keys ----

  void use_mouse_and_keys(const Frame& frame, const StageCells& cells) {
    const CellGrid& grid = frame.grid;
    const WidgetId id(PanelId::heatmap, "cells");
    const Interaction use = interact(context_, id, grid.clip, true, context_.style.small_rounding());
    register_cells(grid);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const auto at = use.hovered || use.pressed ? grid.at(mouse) : std::nullopt;
    if (at && use.hovered) {
      const CellRef cell{stage_, head_, at->row, at->column};
      context_.hover_next = hover_of(input_, cell);
      if (!memory_.press) tooltip(context_, tooltip_text(cells, cell));
    }
    pan_and_zoom(grid, use, id);
    if (use.pressed && at && !memory_.panning) begin_press({stage_, head_, at->row, at->column}, mouse);
    if (memory_.press) continue_press(use, mouse);
    keys(id);
    if (memory_.press && memory_.press->pulling) draw_handle(grid);
  }

  std::string tooltip_text(const StageCells& cells, const CellRef& cell) const {
    std::string text = cell_symbol_text(cell) + " = " + cell_text(cells, cell.row, cell.column, {8});
    const std::string_view row = row_word(input_, stage_, cell.row);
    const std::string_view column = column_word(input_, stage_, cell.column);
    if (!row.empty() && !column.empty()) text += "   " + std::string(row) + " → " + std::string(column);
    return text;
  }

  void register_cells(const CellGrid& grid) const {
    const CellGrid::Range rows = grid.visible_rows();
    const CellGrid::Range columns = grid.visible_columns();
    const WidgetId id(PanelId::heatmap, "cell");
    const auto add_cell = [&](std::size_t i, std::size_t j) {
      context_.widgets.add(id.at(CellRef{stage_, head_, i, j}), grid.rect(i, j).intersection(grid.clip),
                           Focusable::no);
    };
    if (rows.size() * columns.size() <= kCellsDrawnOneByOne) {
      for (std::size_t i = rows.first; i < rows.last; ++i) {
        for (std::size_t j = columns.first; j < columns.last; ++j) add_cell(i, j);
      }
    } else if (subject_.view.selection.stage == stage_) {
      add_cell(subject_.view.selection.row, subject_.view.selection.column);
    }
  }

  void pan_and_zoom(const CellGrid& grid, const Interaction& use, const WidgetId& id) {
    const ImGuiIO& io = ImGui::GetIO();
    memory_.panning = use.held && key_held(Key::space);
    const bool drags =
        memory_.panning || (use.hovered && ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 0.0f));
    if (drags)
      memory_.pan = {memory_.pan.x - io.MouseDelta.x / grid.cell.x,
                     memory_.pan.y - io.MouseDelta.y / grid.cell.y};
    if (use.hovered && io.MouseWheel != 0.0f) {
      if (io.KeyShift) {
        memory_.pan.x -= io.MouseWheel * 40.0f / grid.cell.x;
      } else {
        zoom_by(std::pow(1.2f, io.MouseWheel), grid, io.MousePos);
      }
    }
    if (use.hovered && io.MouseWheelH != 0.0f) memory_.pan.x -= io.MouseWheelH * 40.0f / grid.cell.x;
    WidgetRegistry& widgets = context_.widgets;
    if (widgets.take(id, Key::plus)) zoom_by(1.25f, grid, grid.clip.centre());
    if (widgets.take(id, Key::minus)) zoom_by(0.8f, grid, grid.clip.centre());
    if (widgets.take(id, Key::digit_0)) zoom_by(1.0f / memory_.zoom, grid, grid.clip.centre());
  }

  /// What is under `fixed` stays there.
  void zoom_by(float factor, const CellGrid& grid, ImVec2 fixed) {
    const float base = grid.cell.y / memory_.zoom;
    const float most = std::max(1.0f, context_.style.px(110) / base);
    const float zoom = std::clamp(memory_.zoom * factor, 1.0f, most);
    const ImVec2 cells{(fixed.x - grid.origin.x) / grid.cell.x, (fixed.y - grid.origin.y) / grid.cell.y};
    const float by = zoom / memory_.zoom;
    memory_.pan = {cells.x - (fixed.x - grid.clip.min.x) / (grid.cell.x * by),
                   cells.y - (fixed.y - grid.clip.min.y) / (grid.cell.y * by)};
    memory_.zoom = zoom;
    context_.animating = true;
  }

  void begin_press(const CellRef& cell, ImVec2 mouse) {
    const Read read = trace_.read_cell(cell);
    memory_.press = Press{cell, mouse, read.ready() ? static_cast<double>(read.values(0, 0)) : 0.0, false};
  }

  void continue_press(const Interaction& use, ImVec2 mouse) {
    Press& press = *memory_.press;
    const float up = press.at.y - mouse.y;
    if (use.held) {
      if (!press.pulling && can_pull() && std::abs(up) > context_.style.px(kPullFrom) &&
          subject_.playhead.computed(press.cell)) {
        press.pulling = true;
        context_.post(session::Select{press.cell});
        context_.post(
            session::BeginPull{session::PullTarget::weight(head_, press.cell.row, press.cell.column)});
        context_.post(session::MovePull{{goal(press, mouse)}});
      } else if (press.pulling && ImGui::GetIO().MouseDelta.y != 0.0f && context_.session.pulling()) {
        context_.post(session::MovePull{{goal(press, mouse)}});
      } else if (press.pulling && !context_.session.pulling()) {
        memory_.press.reset();  // Esc took it back
      }
      return;
    }
    if (press.pulling) {
      context_.post(session::EndPull{});
    } else if (use.clicked) {
      context_.post(session::Select{press.cell});
    }
    memory_.press.reset();
  }

  double goal(const Press& press, ImVec2 mouse) const {
    const float up = (press.at.y - mouse.y) / context_.style.px(kPullLength);
    return std::clamp(press.start + static_cast<double>(up), 0.0, 1.0);
  }

  void keys(const WidgetId& id) {
    WidgetRegistry& widgets = context_.widgets;
    const auto move = [&](Key key, int rows, int columns) {
      if (!widgets.take(id, key)) return;
      // The first arrow brings the selection into this stage, the next ones move it.
      if (subject_.view.selection.stage == stage_) {
        context_.post(session::MoveSelection{rows, columns});
      } else {
        context_.post(session::ShowStage{stage_});
      }
    };
    move(Key::left, 0, -1);
    move(Key::right, 0, 1);
    move(Key::up, -1, 0);
    move(Key::down, 1, 0);
    if (!can_pull() || subject_.view.selection.stage != stage_) return;
    const auto pull = [&](Key key, double by) {
      if (!widgets.take(id, key)) return;
      const CellRef& cell = subject_.view.selection;
      const Read read = trace_.read_cell(cell);
      if (!read.ready()) return;
      const double value = std::clamp(static_cast<double>(read.values(0, 0)) + by, 0.0, 1.0);
      context_.post(session::BeginPull{session::PullTarget::weight(head_, cell.row, cell.column)});
      context_.post(session::MovePull{{value}});
      context_.post(session::EndPull{});
    };
    pull(Key::page_up, kKeyboardPull);
    pull(Key::page_down, -kKeyboardPull);
  }

  // ---- pull ----

  const std::optional<session::PullReport>& report() const { return context_.session.pull(); }
  bool shows_pull() const {
    return report() && report()->target.stage == Stage::weights && stage_ == Stage::weights;
  }

  /// A bar from 0 to 1 at the mouse: where the weight is, where it is pulled to, and how far that is.
  void draw_handle(const CellGrid& grid) const {
    const Press& press = *memory_.press;
    const Theme& theme = context_.colours();
    const Style& style = context_.style;
    ImDrawList& list = *ImGui::GetForegroundDrawList();
    const float length = style.px(kPullLength);
    const float x = grid.rect(press.cell.row, press.cell.column).max.x - style.px(2);  // beside the number
    const float zero = press.at.y + static_cast<float>(press.start) * length;
    const auto y_of = [&](double value) { return zero - static_cast<float>(value) * length; };
    const double goal_now = goal(press, ImGui::GetIO().MousePos);
    const double reached = shows_pull() ? report()->reached.at(0) : press.start;
    list.AddLine({x, y_of(0.0)}, {x, y_of(1.0)}, theme.panel, style.px(7));
    list.AddLine({x, y_of(0.0)}, {x, y_of(1.0)}, theme.track, style.px(4));
    list.AddLine({x, y_of(0.0)}, {x, y_of(reached)}, theme.accent, style.px(4));
    const float from = y_of(reached);
    const float to = y_of(goal_now);
    const float step = style.px(7) * (to > from ? 1.0f : -1.0f);
    for (float y = from; std::abs(y - to) > style.px(8) && (to - y) * step > 0; y += 2 * step) {
      list.AddLine({x, y}, {x, y + step}, theme.accent, style.px(2.5f));
    }
    list.AddCircleFilled({x, from}, style.px(5), theme.accent);
    list.AddCircleFilled({x, to}, style.px(10), theme.panel);
    list.AddCircleFilled({x, to}, style.px(8), theme.accent);
  }

  // ---- notes ----

  void draw_notes(const Frame& frame, const StageCells& cells, const CellNumbers& numbers) {
    Rect area = frame.notes;
    if (shows_pull()) {
      // Cells must not move under the hand: what is said about a pull lies over the colour bar instead.
      const PullWords words = pull_words(context_, input_, *report());
      area.min.y = area.max.y - height_of_pull_words(context_, area.width(), words);
      context_.list->AddRectFilled({area.min.x, area.min.y}, area.max, context_.colours().panel);
      draw_pull_words(context_, area, words);
      return;
    }
    std::string note;
    const auto add_note = [&](std::string_view part) {
      if (!note.empty()) note += " · ";
      note += part;
    };
    if (numbers.shown && numbers.style.percent) add_note(context_.tr("numbers in %"));
    if (may_hide(input_, stage_)) add_note(context_.tr("hidden cells hatched: −∞ before softmax"));
    if (note.empty() && can_pull() && !cells.incomplete())
      note = context_.tr("drag a cell up or down: the words follow");
    context_.text.draw_in(*context_.list, area, context_.look(TextSize::body, context_.colours().ink_muted),
                          note);
  }

  const session::Subject& subject_;
  PanelContext& context_;
  HeatmapMemory& memory_;
  const Trace& trace_;
  const Input& input_;
  Stage stage_;
  std::size_t head_;
  StageShape shape_;
  float cell_estimate_ = 0.0f;  ///< side of a cell, before labels have their room
  mutable std::string number_;  ///< what name_of() made last
};

}  // namespace

void draw_heatmap_panel(const session::Subject& subject, PanelContext& context) {
  if (subject.trace == nullptr) {
    draw_card(context, context.tr("Attention weights α"));
    return;
  }
  HeatmapPanel(subject, context).draw();
}

}  // namespace attn::ui
