#include "app/panels/heads_tab.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/panels/scenario_column.h"
#include "app/widgets/controls.h"
#include "app/widgets/head_words.h"

namespace attn::ui {
namespace {

using session::Key;

// In design pixels.
constexpr float kLeastMap = 52.0f;
constexpr float kGap = 12.0f;
constexpr float kCaption = 26.0f;
constexpr std::size_t kMostColumns = 4;

/// How the small maps stand beside and below each other.
struct Grid {
  std::size_t columns = 1;
  ImVec2 map;  ///< of one map
  float caption = 0.0f;
};

class HeadsTab {
 public:
  HeadsTab(const session::Subject& subject, PanelContext& context, HeadsMemory& memory)
      : subject_(subject), context_(context), memory_(memory), trace_(*memory.survey.trace()) {}

  void draw(Rect content) {
    draw_order(content);
    arrange();
    const Grid grid = fit(content);
    draw_scenario_column(subject_, context_, "heads", content,
                         [&](ScenarioColumn& column) { draw_maps(column, grid); });
  }

 private:
  const Style& style() const { return context_.style; }
  const Input& input() const { return trace_.input(); }
  std::optional<HeadMeasure> order() const {
    const auto& wanted = subject_.view.head_order;
    return wanted && has_measure(*wanted, input()) ? wanted : std::nullopt;
  }
  /// Several query heads read one key/value head.
  bool grouped() const { return trace_.dimensions().n_kv_heads < trace_.dimensions().n_heads; }
  bool in_sections() const { return grouped() && !order(); }

  // ---- what they are sorted by ----

  void draw_order(Rect& content) {
    std::vector<std::optional<HeadMeasure>> choices = {std::nullopt};
    for (const HeadMeasure measure : kHeadMeasures)
      if (has_measure(measure, input())) choices.emplace_back(measure);
    const auto label_of = [&](std::size_t i) {
      return choices[i] ? measure_name(context_, *choices[i]) : context_.tr("number");
    };
    const float gap = style().px(6);
    float widest = 0.0f;
    for (std::size_t i = 0; i < choices.size(); ++i)
      widest = std::max(widest, context_.text.measure(context_.look(TextSize::body), label_of(i)).x);
    const bool three = 3 * (widest + style().px(9)) + 2 * gap <= content.width();
    const std::size_t in_a_line = three ? 3 : 2;
    const auto n = static_cast<float>(in_a_line);
    for (std::size_t first = 0; first < choices.size(); first += in_a_line) {
      Rect line = content.cut_top(style().control_height(), style().px(6));
      const float width = (line.width() - gap * (n - 1)) / n;
      for (std::size_t i = first; i < std::min(first + in_a_line, choices.size()); ++i) {
        if (button(context_, WidgetId{PanelId::scenario, "head_order"}.at(i), line.cut_left(width, gap),
                   label_of(i), {.chosen = choices[i] == order()}))
          context_.post(session::SetHeadOrder{choices[i]});
      }
    }
    std::string words(context_.tr("a small map of every head; click one"));
    if (const auto by = order()) {
      const std::string definition = measure_definition(context_, *by, input());
      words = least_first(*by) ? context_.say("{definition}, least first", fmt::arg("definition", definition))
                               : context_.say("{definition}, most first", fmt::arg("definition", definition));
    }
    if (const std::size_t step = HeadSurvey::row_step(trace_); step > 1)
      words += " · " + context_.say("from one of {step} rows", fmt::arg("step", step));
    const float height = context_.text.draw_paragraph(
        *context_.list, content.min, context_.look(TextSize::body, context_.colours().ink_muted), words,
        content.width());
    content.cut_top(height, style().px(8));
  }

  /// During a drag the maps change, but none jumps to another place.
  void arrange() {
    std::vector<HeadMeasures> measures;
    for (std::size_t h = 0; h < memory_.survey.heads(); ++h) measures.push_back(memory_.survey.measures(h));
    const bool kept = context_.session.pressed().has_value() && memory_.ordered_by == order() &&
                      memory_.order.size() == measures.size();
    if (kept) return;
    memory_.order = order_of_heads(measures, order());
    memory_.ordered_by = order();
  }

  // ---- maps ----

  /// The largest maps with which every head is in sight; where that is too small, as many columns as maps of
  /// the least size and their captions allow.
  Grid fit(const Rect& content) const {
    const float least = std::max(style().px(kLeastMap), caption_width());
    const float gap = style().px(kGap);
    Grid best;
    Grid last;
    for (std::size_t count = 1; count <= kMostColumns; ++count) {
      const auto n = static_cast<float>(count);
      const float widest = std::floor((content.width() - gap * (n - 1)) / n);
      if (count > 1 && widest < least) break;
      last = {count, map_of(widest), style().px(kCaption)};
      const auto fits = [&](const Grid& grid) { return height_of(grid) <= content.height(); };
      float side = widest;
      Grid grid = last;
      while (!fits(grid) && side > style().px(kLeastMap)) {
        side -= 2.0f;
        grid.map = map_of(side);
      }
      if (fits(grid) && grid.map.x > best.map.x) best = grid;
    }
    return best.map.x > 0.0f ? best : last;
  }
  /// What number and value need below a map.
  float caption_width() const {
    if (!order()) return 0.0f;
    const float number = context_.text.measure(context_.look(TextSize::body, Face::sans_bold), "16").x;
    return number + context_.text.measure(context_.look(TextSize::body), "0.00").x + style().px(6);
  }
  /// Square cells, but no map so flat or thin that nothing is seen.
  ImVec2 map_of(float side) const {
    const StageShape shape = trace_.shape(Stage::weights);
    const auto rows = static_cast<float>(std::max<std::size_t>(shape.rows, 1));
    const auto columns = static_cast<float>(std::max<std::size_t>(shape.columns, 1));
    return {std::floor(std::clamp(side * columns / rows, side * 0.35f, side)),
            std::floor(std::clamp(side * rows / columns, side * 0.35f, side))};
  }
  float line_height(const Grid& grid) const { return grid.map.y + grid.caption + style().px(6); }
  float height_of(const Grid& grid) const {
    const std::size_t heads = memory_.survey.heads();
    const std::size_t groups = in_sections() ? trace_.dimensions().n_kv_heads : 1;
    const std::size_t lines = groups * ((heads / groups + grid.columns - 1) / grid.columns);
    const float titles = in_sections() ? static_cast<float>(groups) * style().px(30) : 0.0f;
    return static_cast<float>(lines) * line_height(grid) + titles;
  }

  void draw_maps(ScenarioColumn& column, const Grid& grid) {
    const std::size_t groups = in_sections() ? trace_.dimensions().n_kv_heads : 1;
    const std::size_t group = std::max<std::size_t>(memory_.order.size() / groups, 1);
    for (std::size_t first = 0; first < memory_.order.size(); first += group) {
      if (in_sections()) draw_section(column, first / group);
      for (std::size_t i = first; i < first + group; i += grid.columns) {
        const Rect line = column.take(line_height(grid), 0.0f);
        for (std::size_t c = 0; c < grid.columns && i + c < first + group; ++c) {
          const float cell = (line.width() + style().px(kGap)) / static_cast<float>(grid.columns);
          draw_head(column.context, grid, i + c, {line.min.x + cell * static_cast<float>(c), line.min.y},
                    cell);
        }
      }
    }
    column.y += style().px(6);
  }

  void draw_section(ScenarioColumn& column, std::size_t kv_head) const {
    PanelContext& context = column.context;
    context.text.draw_in(*context.list, column.take(style().px(26), style().px(4)),
                         context.look(TextSize::body, context.colours().k, Face::sans_bold),
                         context.say("read key/value head {head}", fmt::arg("head", kv_head + 1)));
  }

  void draw_head(PanelContext& context, const Grid& grid, std::size_t place, ImVec2 at, float cell) {
    const std::size_t head = memory_.order[place];
    const Rect map{at, add(at, grid.map)};
    const Rect all{at,
                   {std::max(map.max.x, at.x + std::min(caption_width(), cell - style().px(4))),
                    map.max.y + grid.caption}};
    const WidgetId id = WidgetId{PanelId::scenario, "head_map"}.of_head(head);
    const Interaction use = interact(context, id, all);
    const std::size_t chosen = std::min(subject_.view.head, trace_.dimensions().n_heads - 1);
    if (use.hovered && head != chosen) {
      context.list->AddRectFilled(subtract(all.min, {style().px(4), style().px(4)}),
                                  add(all.max, {style().px(4), 0}), context.colours().box_hover,
                                  style().small_rounding());
    }
    draw_map(context, map, head);
    draw_caption(context, {{at.x, map.max.y}, all.max}, head);
    if (head == chosen) {
      draw_selection_frame(*context.list, style(), map.inset(-style().px(2)), style().px(4));
    }
    focus_ring(context, id, all.inset(-style().px(3)), style().small_rounding());
    if (use.hovered) tooltip(context, summary(head));
    if (use.clicked) context.post(session::SelectHead{head});
    take_arrows(context, id, place, grid.columns);
  }

  void draw_map(PanelContext& context, const Rect& map, std::size_t head) const {
    const StageShape shape = trace_.shape(Stage::weights);
    const CellGrid cells{map,
                         map.min,
                         {map.width() / static_cast<float>(std::max<std::size_t>(shape.columns, 1)),
                          map.height() / static_cast<float>(std::max<std::size_t>(shape.rows, 1))},
                         shape.rows,
                         shape.columns};
    ImDrawList& list = *context.list;
    if (may_hide(input(), Stage::weights)) {
      list.AddRectFilled(map.min, map.max, context.colours().hatch_background);
      draw_hatching(list, style(), map);
    }
    constexpr std::size_t kOneByOne = 150;
    if (shape.rows * shape.columns > kOneByOne) {
      if (ImTextureID picture = memory_.survey.picture(head)) list.AddImage(picture, map.min, map.max);
      return;
    }
    const StageCells stage{trace_, subject_.playhead, Stage::weights, head,
                           colour_scale(subject_, Stage::weights, context.colours().kind)};
    CellsLook look;
    look.gap = cells.cell.x > style().px(8) ? style().px(2) : 1.0f;
    look.rounding = style().px(2);
    draw_cells(context, cells, stage, look, {});
  }

  void draw_caption(PanelContext& context, const Rect& line, std::size_t head) const {
    const TextLook bold = context.look(TextSize::body, Face::sans_bold);
    const std::string number = fmt::format("{}", head + 1);
    context.text.draw_in(*context.list, line, bold, number);
    float left = line.min.x + context.text.measure(bold, number).x + style().px(6);
    if (grouped() && !in_sections()) {
      const TextLook key = context.look(TextSize::body, context.colours().k);
      const std::string tag = fmt::format("K{}", trace_.dimensions().kv_head(head) + 1);
      const float width = context.text.measure(key, tag).x;
      context.text.draw_in(*context.list, {{left, line.min.y}, line.max}, key, tag);
      left += width + style().px(4);
    }
    const auto by = order();
    if (!by) return;
    const TextLook look = context.look(TextSize::body, context.colours().ink_muted);
    const bool known = subject_.playhead.complete(Stage::weights);
    std::string value = known ? measure_text(context, *by, memory_.survey.measures(head), true) : "?";
    if (known && context.text.measure(look, value).x > line.max.x - left)
      value = measure_text(context, *by, memory_.survey.measures(head), false);
    context.text.draw_in(*context.list, {{left, line.min.y}, line.max}, look, value, Align::right);
  }

  /// Everything that is measured of a head, a line each.
  std::string summary(std::size_t head) const {
    std::string text = context_.say("head {head}", fmt::arg("head", head + 1));
    if (!subject_.playhead.complete(Stage::weights)) return text;
    for (const HeadMeasure measure : kHeadMeasures) {
      if (!has_measure(measure, input())) continue;
      text += fmt::format(" · {} {}", measure_name(context_, measure),
                          measure_text(context_, measure, memory_.survey.measures(head), true));
    }
    return text;
  }

  /// Arrows pick the head beside, above or below.
  void take_arrows(PanelContext& context, const WidgetId& id, std::size_t place, std::size_t columns) const {
    const auto go = [&](Key key, std::ptrdiff_t by) {
      if (!context.widgets.take(id, key)) return;
      const auto to = static_cast<std::ptrdiff_t>(place) + by;
      if (to < 0 || to >= static_cast<std::ptrdiff_t>(memory_.order.size())) return;
      const std::size_t head = memory_.order[static_cast<std::size_t>(to)];
      context.post(session::SelectHead{head});
      context.widgets.focus(WidgetId{PanelId::scenario, "head_map"}.of_head(head), true);
    };
    go(Key::left, -1);
    go(Key::right, 1);
    go(Key::up, -static_cast<std::ptrdiff_t>(columns));
    go(Key::down, static_cast<std::ptrdiff_t>(columns));
  }

  const session::Subject& subject_;
  PanelContext& context_;
  HeadsMemory& memory_;
  const Trace& trace_;
};

}  // namespace

std::vector<std::size_t> order_of_heads(const std::vector<HeadMeasures>& measures,
                                        std::optional<HeadMeasure> by) {
  std::vector<std::size_t> order(measures.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!by) return order;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    const auto& first = measures[a][*by];
    const auto& second = measures[b][*by];
    if (!first || !second) return first.has_value() && !second.has_value();
    return least_first(*by) ? *first < *second : *first > *second;
  });
  return order;
}

void draw_heads_tab(const session::Subject& subject, PanelContext& context, const Rect& content) {
  HeadsMemory& memory = context.memory.get<HeadsMemory>();
  const std::shared_ptr<const Trace>& trace = context.session.trace();
  if (!trace) return;
  const ColourScale scale = colour_scale(*trace, Stage::weights, context.colours().kind, true);
  if (!memory.survey.advance(trace, subject.playhead, scale, context.colours(), context.textures))
    context.animating = true;
  if (memory.survey.trace()) HeadsTab(subject, context, memory).draw(content);
}

}  // namespace attn::ui
